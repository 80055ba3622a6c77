/**
 * A server that speaks as the Hugging Face hub does, and a second one on
 * another port that has the large files, as the hub's CDN does. What it answers
 * follows the source of `huggingface_hub`, which can download from it.
 */
import { createHash } from "node:crypto";

/** A repository that is served. */
export interface HubRepository {
  /** `OWNER/NAME`. */
  id: string;
  kind: "model" | "dataset";
  /** By path. */
  files: Record<string, Uint8Array | string>;
  /** Other revisions by their branch, apart from `main`. */
  branches?: Record<string, Record<string, Uint8Array | string>>;
  /** Names that it had before, from which the hub redirects. */
  formerly?: string[];
  /** Its terms, as its card has them. */
  licence?: string | string[];
  /** Whether only who has accepted its terms may read files. */
  gated?: boolean;
  /** Whether nobody else may know of it. */
  private?: boolean;
}

/** A request that came. */
export interface SeenRequest {
  /** Which of the two servers it came to. */
  host: "hub" | "cdn";
  method: string;
  /** With the query. */
  path: string;
  authorization: string | null;
  range: string | null;
}

/** How the hub behaves. */
export interface HubServerOptions {
  /** The token that may read everything. */
  token?: string;
  /** Tokens that are known, but may read nothing special. */
  otherTokens?: string[];
  /** Answers in place of a server; undefined leaves it to that. */
  intercept?: (
    seen: SeenRequest,
    before: readonly SeenRequest[],
  ) => Response | undefined | Promise<Response | undefined>;
  /** Leaves digests and sizes out of listings, as a plain mirror does. */
  plainListings?: boolean;
}

/** The two servers. */
export interface HubServer extends AsyncDisposable {
  /** The hub's address, without a slash at its end. */
  url: string;
  /** The other's. */
  cdn: string;
  /** All requests so far. */
  requests: SeenRequest[];
  /** The commit of a branch. */
  commitOf(id: string, branch?: string): string;
}

/** A file as it is served. */
interface Served {
  bytes: Uint8Array<ArrayBuffer>;
  /** Git's SHA-1. */
  blob: string;
  /** The SHA-256 of large ones; null of small ones. */
  sha256: string | null;
}

/** A repository as it is served. */
interface Published {
  repository: HubRepository;
  branches: Map<string, string>;
  commits: Map<string, Map<string, Served>>;
}

const LARGE = /\.(?:safetensors|bin|parquet|h5|msgpack|onnx)$/;

/** Serves repositories for the length of a test. */
export function serveHub(
  repositories: readonly HubRepository[],
  options: HubServerOptions = {},
): HubServer {
  const published = repositories.map(publish);
  const requests: SeenRequest[] = [];
  const blobs = new Map<string, Served>();
  for (const { commits } of published) {
    for (const files of commits.values()) {
      for (const file of files.values()) {
        if (file.sha256 !== null) blobs.set(file.sha256, file);
      }
    }
  }
  const listen = (
    host: SeenRequest["host"],
    answer: (request: Request, seen: SeenRequest) => Response,
  ) =>
    Deno.serve(
      { port: 0, hostname: "127.0.0.1", onListen() {} },
      async (request) => {
        const { pathname, search } = new URL(request.url);
        const seen: SeenRequest = {
          host,
          method: request.method,
          path: pathname + search,
          authorization: request.headers.get("authorization"),
          range: request.headers.get("range"),
        };
        const before = [...requests];
        requests.push(seen);
        return await options.intercept?.(seen, before) ??
          answer(request, seen);
      },
    );
  const cdn = listen("cdn", (request, { path }) => {
    const file = blobs.get(path.slice(1, 65));
    if (file === undefined || !path.includes("?signature=")) {
      return new Response("", { status: 403 });
    }
    return send(request, file.bytes, { etag: `"of-the-cdn"` });
  });
  const cdnUrl = `http://127.0.0.1:${cdn.addr.port}`;
  const hub = listen(
    "hub",
    (request) => answerHub(request, published, cdnUrl, options),
  );
  return {
    url: `http://127.0.0.1:${hub.addr.port}`,
    cdn: cdnUrl,
    requests,
    commitOf: (id, branch = "main") =>
      published.find(({ repository }) => repository.id === id)!.branches
        .get(branch)!,
    async [Symbol.asyncDispose]() {
      await Promise.all([hub.shutdown(), cdn.shutdown()]);
    },
  };
}

function publish(repository: HubRepository): Published {
  const all = { main: repository.files, ...repository.branches };
  const branches = new Map<string, string>();
  const commits = new Map<string, Map<string, Served>>();
  for (const [branch, files] of Object.entries(all)) {
    const served = new Map(
      Object.entries(files).map((
        [path, content],
      ) => [path, serveFile(path, content)]),
    );
    const text = JSON.stringify(
      [...served].map(([path, { blob }]) => [path, blob]),
    );
    const commit = createHash("sha1").update(repository.id + text).digest(
      "hex",
    );
    branches.set(branch, commit);
    commits.set(commit, served);
  }
  return { repository, branches, commits };
}

function serveFile(path: string, content: Uint8Array | string): Served {
  const bytes = typeof content === "string"
    ? new TextEncoder().encode(content)
    : new Uint8Array(content);
  return {
    bytes,
    blob: createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes)
      .digest("hex"),
    sha256: LARGE.test(path)
      ? createHash("sha256").update(bytes).digest("hex")
      : null,
  };
}

function answerHub(
  request: Request,
  published: readonly Published[],
  cdn: string,
  options: HubServerOptions,
): Response {
  const { pathname } = new URL(request.url);
  const token = request.headers.get("authorization")?.replace("Bearer ", "");
  const known = [options.token, ...options.otherTokens ?? []];
  // Without tokens of its own, it passes over that of who runs the tests.
  const isUnknown = options.token !== undefined && !known.includes(token);
  if (token !== undefined && isUnknown) {
    return refuse(401, null, "Invalid credentials in Authorization header");
  }
  if (pathname === "/api/whoami-v2" && token !== undefined) {
    const accessToken = { displayName: "tests", role: "read" };
    const auth = { type: "access_token", accessToken };
    return Response.json({ type: "user", id: "0", name: "someone", auth });
  }
  const mayReadAll = token !== undefined && token === options.token;
  const api =
    /^\/api\/(model|dataset)s\/((?:[^/]+\/)?[^/]+)\/(revision|tree)\/([^/]+)$/
      .exec(pathname);
  const file = /^\/(datasets\/)?((?:[^/]+\/)?[^/]+)\/resolve\/([^/]+)\/(.+)$/
    .exec(pathname);
  const cached =
    /^\/api\/resolve-cache\/(model|dataset)s\/((?:[^/]+\/)?[^/]+)\/([^/]+)\/(.+)$/
      .exec(pathname);
  const kind = api?.[1] ?? cached?.[1] ?? (file?.[1] ? "dataset" : "model");
  const id = api?.[2] ?? cached?.[2] ?? file?.[2];
  if (id === undefined) {
    return refuse(404, null, "Sorry, we can't find the page");
  }
  const moved = published.find(({ repository: { kind: its, formerly } }) =>
    its === kind && formerly?.includes(id)
  );
  if (moved) {
    const location = request.url.slice(new URL(request.url).origin.length)
      .replace(`/${id}/`, `/${moved.repository.id}/`);
    return new Response(null, { status: 307, headers: { location } });
  }
  const found = published.find(({ repository }) =>
    repository.kind === kind && repository.id === id
  );
  if (!found || found.repository.private && !mayReadAll) {
    return token === undefined
      ? refuse(401, "RepoNotFound", "Invalid username or password.")
      : refuse(404, "RepoNotFound", "Repository not found");
  }
  const revision = decodeURIComponent(api?.[4] ?? cached?.[3] ?? file![3]);
  const commit = found.commits.has(revision)
    ? revision
    : found.branches.get(revision);
  if (commit === undefined) {
    return refuse(404, "RevisionNotFound", `Invalid rev id: ${revision}`);
  }
  const files = found.commits.get(commit)!;
  if (api) {
    return Response.json(
      api[3] === "tree"
        ? treeOf(files)
        : infoOf(found.repository, commit, files, {
          blobs: new URL(request.url).searchParams.has("blobs") &&
            !options.plainListings,
        }),
    );
  }
  if (found.repository.gated && !mayReadAll) {
    return refuse(
      token === undefined ? 401 : 403,
      "GatedRepo",
      `Access to ${kind} ${id} is restricted.`,
    );
  }
  const path = decodeURIComponent(cached?.[4] ?? file![4]);
  const served = files.get(path);
  if (served === undefined) {
    return refuse(404, "EntryNotFound", "Entry not found", commit);
  }
  const headers = { "x-repo-commit": commit };
  if (cached) {
    return send(request, served.bytes, {
      ...headers,
      etag: `W/"${served.blob}"`,
    });
  }
  const tag = served.sha256 ?? served.blob;
  return new Response(null, {
    status: served.sha256 === null ? 307 : 302,
    headers: {
      ...headers,
      "x-linked-size": `${served.bytes.length}`,
      "x-linked-etag": `"${tag}"`,
      location: served.sha256 === null
        ? `/api/resolve-cache/${kind}s/${id}/${commit}/${file![4]}`
        : `${cdn}/${served.sha256}?signature=secret`,
    },
  });
}

/** What the API tells of a commit. */
function infoOf(
  { id, licence, gated = false, private: isPrivate = false }: HubRepository,
  sha: string,
  files: ReadonlyMap<string, Served>,
  { blobs }: { blobs: boolean },
): unknown {
  return {
    _id: "0",
    id,
    modelId: id,
    sha,
    gated: gated && "auto",
    private: isPrivate,
    disabled: false,
    downloads: 0,
    likes: 0,
    tags: [],
    ...(licence !== undefined && { cardData: { license: licence } }),
    siblings: [...files].map(([rfilename, { bytes, blob, sha256 }]) => ({
      rfilename,
      ...(blobs && { size: bytes.length, blobId: blob }),
      ...(blobs && sha256 !== null &&
        { lfs: { sha256, size: bytes.length, pointerSize: 134 } }),
    })),
  };
}

/** What the API tells of a commit's files. */
function treeOf(files: ReadonlyMap<string, Served>): unknown[] {
  return [...files].map(([path, { bytes, blob, sha256 }]) => ({
    type: "file",
    path,
    size: bytes.length,
    oid: blob,
    ...(sha256 !== null &&
      { lfs: { oid: sha256, size: bytes.length, pointerSize: 134 } }),
  }));
}

function refuse(
  status: number,
  code: string | null,
  message: string,
  commit?: string,
): Response {
  return Response.json({ error: message }, {
    status,
    headers: {
      "x-error-message": message,
      ...(code !== null && { "x-error-code": code }),
      ...(commit !== undefined && { "x-repo-commit": commit }),
    },
  });
}

/** A file, or what is left of it. */
function send(
  request: Request,
  bytes: Uint8Array<ArrayBuffer>,
  headers: Record<string, string>,
): Response {
  const start = /^bytes=(\d+)-$/.exec(request.headers.get("range") ?? "")?.[1];
  const whole = { ...headers, "accept-ranges": "bytes" };
  if (request.method === "HEAD") {
    const length = { "content-length": `${bytes.length}` };
    return new Response(null, { headers: { ...whole, ...length } });
  }
  if (start === undefined) return new Response(bytes, { headers: whole });
  const range = Number(start) < bytes.length
    ? `bytes ${start}-${bytes.length - 1}/${bytes.length}`
    : `bytes */${bytes.length}`;
  return new Response(bytes.slice(Number(start)), {
    status: Number(start) < bytes.length ? 206 : 416,
    headers: { ...whole, "content-range": range },
  });
}
