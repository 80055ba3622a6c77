import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { UserError } from "../../../../lib/base/errors.ts";
import {
  fetchFile,
  type FetchOptions,
} from "../../../../lib/hub/transfer/fetch_file.ts";
import {
  brokenOff,
  type FileServer,
  serve,
  withRanges,
} from "../../../support/hub/file_server.ts";

const bytes = Uint8Array.from({ length: 200_000 }, (_, i) => i * i % 251);
const soon: FetchOptions = { retryDelay: 1 };

async function withFolder(
  test: (file: string, folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(join(folder, "f.part"), folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function list(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}

/** Downloads from a server whose answers must fail it; nothing may be left. */
async function failure(
  server: FileServer,
  options: FetchOptions = soon,
): Promise<UserError> {
  let error: UserError | undefined;
  await withFolder(async (file, folder) => {
    error = await assertRejects(
      () => fetchFile(`${server.url}/f.zip`, file, options),
      UserError,
    );
    assertEquals(list(folder), []);
  });
  assertEquals(error?.code, "download-failed");
  assertEquals(error?.exitCode, 1);
  return error!;
}

Deno.test("fetchFile writes what the server sends, and nothing beside it", async () => {
  await using server = serve((request) => withRanges(request, bytes, '"1"'));
  await withFolder(async (file, folder) => {
    const seen: [number, number | null][] = [];
    await fetchFile(`${server.url}/f.zip`, file, {
      onBytes: (done, total) => seen.push([done, total]),
    });
    assertEquals(await Deno.readFile(file), bytes);
    assertEquals(list(folder), ["f.part"]);
    assertEquals(seen.at(-1), [bytes.length, bytes.length]);
  });
});

Deno.test("fetchFile goes on where a connection broke off", async () => {
  await using server = serve((request, before) =>
    before === 0
      ? brokenOff(bytes, 70_000, { etag: '"1"' })
      : withRanges(request, bytes, '"1"')
  );
  await withFolder(async (file) => {
    await fetchFile(`${server.url}/f.zip`, file, soon);
    assertEquals(await Deno.readFile(file), bytes);
    assertEquals(server.ranges, [null, "bytes=70000-"]);
  });
});

Deno.test("fetchFile goes on where an earlier process stopped", async () => {
  await using server = serve((request, before) =>
    before === 0
      ? brokenOff(bytes, 70_000, { etag: '"1"' })
      : withRanges(request, bytes, '"1"')
  );
  await withFolder(async (file) => {
    const url = `${server.url}/f.zip`;
    await assertRejects(() => fetchFile(url, file, { tries: 1 }), UserError);
    await fetchFile(url, file);
    assertEquals(await Deno.readFile(file), bytes);
    assertEquals(server.ranges[1], "bytes=70000-");
  });
});

Deno.test("fetchFile starts over if the file has changed meanwhile", async () => {
  await using server = serve((request, before) =>
    before === 0
      ? brokenOff(new Uint8Array(300_000), 70_000, { etag: '"old"' })
      : withRanges(request, bytes, '"new"')
  );
  await withFolder(async (file) => {
    await fetchFile(`${server.url}/f.zip`, file, soon);
    assertEquals(await Deno.readFile(file), bytes);
  });
});

Deno.test("fetchFile starts over if the server sends another range", async () => {
  await using server = serve((request, before) => {
    if (before === 0) return brokenOff(bytes, 70_000, { etag: '"1"' });
    if (before > 1) return withRanges(request, bytes, '"1"');
    return new Response(bytes.slice(5), {
      status: 206,
      headers: { "content-range": `bytes 5-${bytes.length - 1}/*` },
    });
  });
  await withFolder(async (file) => {
    await fetchFile(`${server.url}/f.zip`, file, soon);
    assertEquals(await Deno.readFile(file), bytes);
  });
});

Deno.test("fetchFile does not go on by a weak ETag", async () => {
  await using server = serve((_, before) =>
    before === 0
      ? brokenOff(bytes, 70_000, { etag: 'W/"1"' })
      : new Response(bytes)
  );
  await withFolder(async (file) => {
    await fetchFile(`${server.url}/f.zip`, file, soon);
    assertEquals(server.ranges[1], null);
  });
});

Deno.test("fetchFile tries again when the server is overloaded", async () => {
  await using server = serve((_, before) =>
    before < 3
      ? new Response("later", { status: [503, 429, 500][before] })
      : new Response(bytes)
  );
  await withFolder(async (file) => {
    await fetchFile(`${server.url}/f.zip`, file, soon);
    assertEquals(await Deno.readFile(file), bytes);
    assertEquals(server.ranges.length, 4);
  });
});

Deno.test("fetchFile waits as long as Retry-After asks, not its own time", async () => {
  await using server = serve((_, before) =>
    before === 0
      ? new Response("", { status: 503, headers: { "retry-after": "0" } })
      : new Response(bytes)
  );
  await withFolder(async (file) => {
    // Its own time would be more than the test runner waits.
    await fetchFile(`${server.url}/f.zip`, file, { retryDelay: 2 ** 31 - 1 });
    assertEquals(server.ranges.length, 2);
  });
});

Deno.test("fetchFile gives up after its tries, and says the last reason", async () => {
  await using server = serve(() => new Response("", { status: 502 }));
  const error = await failure(server, { retryDelay: 1, tries: 3 });
  assertStringIncludes(error.message, "502 Bad Gateway (3 tries)");
  assertEquals(server.ranges.length, 3);
});

Deno.test("fetchFile does not ask again for what is not there", async () => {
  await using server = serve(() => new Response("", { status: 404 }));
  const error = await failure(server);
  assertStringIncludes(error.message, "404 Not Found");
  assertEquals(server.ranges.length, 1);
});

Deno.test("fetchFile fails on a body that keeps breaking off", async () => {
  await using server = serve(() => brokenOff(bytes, 100));
  await failure(server, { retryDelay: 1, tries: 2 });
  assertEquals(server.ranges.length, 2);
});

Deno.test("fetchFile fails on a web page", async () => {
  await using server = serve(() =>
    new Response("<html>", { headers: { "content-type": "text/html" } })
  );
  assertStringIncludes((await failure(server)).message, "a web page");
});

/** A body that begins with some bytes and never ends. */
function neverEnding(start: Uint8Array, rest?: Uint8Array): Response {
  let timer: ReturnType<typeof setInterval>;
  return new Response(
    new ReadableStream({
      start(controller) {
        controller.enqueue(start);
        if (rest) timer = setInterval(() => controller.enqueue(rest), 5);
      },
      cancel: () => clearInterval(timer),
    }),
  );
}

Deno.test("fetchFile gives up on a server that falls silent", async () => {
  await using server = serve(() => neverEnding(bytes.slice(0, 2000)));
  const error = await failure(server, { tries: 1, stallTimeout: 100 });
  assertStringIncludes(error.message, "nothing came for 0.1 seconds");
});

Deno.test("fetchFile gives up on a server that trickles", async () => {
  const drop = new Uint8Array(1);
  await using server = serve(() => neverEnding(bytes.slice(0, 2000), drop));
  const error = await failure(server, { tries: 1, stallTimeout: 100 });
  assertStringIncludes(error.message, "bytes came in 0.1 seconds");
});

Deno.test("fetchFile gives up on a body that goes on after its end", async () => {
  await using server = serve(() => neverEnding(bytes, bytes));
  const error = await failure(server, { bytes: 300_000 });
  assertStringIncludes(error.message, "goes on after 300000 bytes");
});

Deno.test("fetchFile does not begin with a file of another size", async () => {
  await using server = serve((request) => withRanges(request, bytes, '"1"'));
  const error = await failure(server, { ...soon, bytes: 5, tries: 1 });
  assertStringIncludes(error.message, "offers 200000 bytes, expected 5");
});

Deno.test("fetchFile goes on when the server ends a range early", async () => {
  await using server = serve((request, before) => {
    if (before === 0) return brokenOff(bytes, 70_000, { etag: '"1"' });
    if (before > 1) return withRanges(request, bytes, '"1"');
    const range = `bytes 70000-79999/${bytes.length}`;
    const headers = { "content-range": range, etag: '"1"' };
    const body = bytes.slice(70_000, 80_000);
    return new Response(body, { status: 206, headers });
  });
  await withFolder(async (file) => {
    await fetchFile(`${server.url}/f.zip`, file, soon);
    assertEquals(await Deno.readFile(file), bytes);
    assertEquals(server.ranges[2], "bytes=80000-");
  });
});

Deno.test("fetchFile sees that nothing is missing of a part", async () => {
  await using server = serve((request, before) => {
    if (before === 0) return brokenOff(bytes, 70_000, { etag: '"1"' });
    assertEquals(request.headers.get("if-range"), '"1"');
    const headers = { "content-range": `bytes */${bytes.length}` };
    return new Response(null, { status: 416, headers });
  });
  await withFolder(async (file, folder) => {
    const url = `${server.url}/f.zip`;
    await assertRejects(() => fetchFile(url, file, { tries: 1 }), UserError);
    await Deno.writeFile(file, bytes); // as if killed after its last byte
    assertEquals(await fetchFile(url, file, { tries: 1 }), true);
    assertEquals(list(folder), ["f.part"]);
  });
});

Deno.test("fetchFile keeps a part when a web page comes instead", async () => {
  await using server = serve((request, before) => {
    if (before === 0) return brokenOff(bytes, 70_000, { etag: '"1"' });
    if (before > 1) return withRanges(request, bytes, '"1"');
    const headers = { "content-type": "text/html" };
    return new Response("<html>log in</html>", { headers });
  });
  await withFolder(async (file) => {
    const url = `${server.url}/f.zip`;
    await assertRejects(() => fetchFile(url, file, soon), UserError);
    await fetchFile(url, file, soon);
    assertEquals(await Deno.readFile(file), bytes);
    assertEquals(server.ranges[2], "bytes=70000-");
  });
});

Deno.test("fetchFile fails where nobody listens", async () => {
  const server = serve(() => new Response());
  await server[Symbol.asyncDispose]();
  await failure(server, { retryDelay: 1, tries: 2 });
});

Deno.test("fetchFile follows redirects", async () => {
  await using server = serve((request) =>
    request.url.endsWith("/f.zip")
      ? new Response(null, { status: 302, headers: { location: "/other" } })
      : new Response(bytes)
  );
  await withFolder(async (file) => {
    await fetchFile(`${server.url}/f.zip`, file);
    assertEquals(await Deno.readFile(file), bytes);
  });
});

Deno.test("fetchFile does not follow a redirect to a file", async () => {
  await using server = serve(() =>
    new Response(null, {
      status: 302,
      headers: { location: "file:///etc/passwd" },
    })
  );
  assertStringIncludes((await failure(server)).message, "less safe");
});

Deno.test("fetchFile does not follow redirects in a circle", async () => {
  await using server = serve(() =>
    new Response(null, { status: 302, headers: { location: "/f.zip" } })
  );
  assertStringIncludes((await failure(server)).message, "20 redirects");
});

Deno.test("fetchFile stops at a signal, and keeps what can be continued", async () => {
  const stop = new AbortController();
  await using server = serve((request) => withRanges(request, bytes, '"1"'));
  await withFolder(async (file, folder) => {
    const reason = new Error("enough");
    const error = await assertRejects(() =>
      fetchFile(`${server.url}/f.zip`, file, {
        signal: stop.signal,
        onBytes: () => stop.abort(reason),
      })
    );
    assertEquals(error, reason);
    assertEquals(list(folder), ["f.part", "f.part.json"]);
  });
});
