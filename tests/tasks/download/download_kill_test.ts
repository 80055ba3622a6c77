import { assert, assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import manifest from "../../../deno.json" with { type: "json" };
import { builtInEntries } from "../../../lib/hub/catalogue/catalogue.ts";
import { verifyCache } from "../../../lib/hub/catalogue/verify.ts";
import { download } from "../../../lib/hub/transfer/download.ts";
import { parseTaskLine } from "../../../lib/package/task_line.ts";
import { serve } from "../../support/hub/file_server.ts";
import { momentsOf } from "../../support/moments.ts";
import { slowTest } from "../../support/slow.ts";

/** Kills of one test. */
const KILLS = 8;
const AT_ONCE = 2;
/** What a download takes from its first request on, in ms, or a bit more. */
const SPAN = 300;

const root = fromFileUrl(new URL("../../..", import.meta.url));
const { flags, script } = parseTaskLine(manifest.tasks.download)!;
const archive = await Deno.readFile(join(root, "fixtures/bert.tiny.zip"));
const tiny = builtInEntries.find(({ name }) => name === "bert.tiny")!;

function spawn(cache: string, hub: string): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--config", join(root, "deno.json"), ...flags],
      ...[join(root, script), "--model", "bert.tiny"],
      ...["--cache", cache, "--hub", hub],
    ],
    stdout: "null",
    stderr: "null",
  }).spawn();
}

/** Sends a file piece by piece, on from where it was broken off. */
function sendSlowly(request: Request): Response {
  const range = request.headers.get("range")?.match(/^bytes=(\d+)-$/);
  const start = range ? Number(range[1]) : 0;
  const body = ReadableStream.from(pieces(start));
  const headers: Record<string, string> = {
    "etag": '"1"',
    "content-length": String(archive.length - start),
  };
  if (range) {
    headers["content-range"] = `bytes ${start}-${
      archive.length - 1
    }/${archive.length}`;
  }
  return new Response(body, { status: range ? 206 : 200, headers });
}

async function* pieces(start: number): AsyncGenerator<Uint8Array> {
  const size = Math.ceil(archive.length / 20);
  for (let at = start; at < archive.length; at += size) {
    yield archive.slice(at, at + size);
    await new Promise((resolve) => setTimeout(resolve, 4));
  }
}

/** All files under a directory, with their bytes' digests. */
async function snapshot(directory: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(directory)) {
    const path = join(directory, name);
    if (isDirectory) {
      found.push(...(await snapshot(path)).map((line) => `${name}/${line}`));
      continue;
    }
    const bytes = await Deno.readFile(path);
    const digest = await crypto.subtle.digest("SHA-256", bytes);
    found.push(`${name} ${new Uint8Array(digest).toHex()}`);
  }
  return found.sort();
}

/** Kills a process at some moment of its download, and downloads again. */
async function killOnce(
  folder: string,
  delay: number,
): Promise<{ result: string[]; wasKilled: boolean; wasContinued: boolean }> {
  const asked = Promise.withResolvers<void>();
  await using server = serve((request) => {
    asked.resolve();
    return sendSlowly(request);
  });
  const victim = spawn(folder, server.url);
  await asked.promise;
  await new Promise((resolve) => setTimeout(resolve, delay));
  try {
    victim.kill("SIGKILL");
  } catch {
    // It has ended by itself.
  }
  const { signal } = await victim.status;
  const before = server.ranges.length;
  await download(tiny, { cache: folder, hub: server.url });
  assertEquals((await verifyCache(folder)).problems, []);
  const wasContinued = server.ranges.slice(before).some((range) => range);
  const result = await snapshot(folder);
  return { result, wasKilled: signal === "SIGKILL", wasContinued };
}

/** Kills the task at some moments, and compares what the next run leaves. */
async function killAll(seed: string): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const undisturbed = join(folder, "undisturbed");
    await download(tiny, { cache: undisturbed });
    const expected = await snapshot(undisturbed);

    const delays = momentsOf(KILLS, seed).map((moment) => moment * SPAN);
    const runs: Awaited<ReturnType<typeof killOnce>>[] = [];
    await Promise.all(Array.from({ length: AT_ONCE }, async () => {
      for (let delay; (delay = delays.pop()) !== undefined;) {
        const cache = join(folder, String(delays.length));
        runs.push(await killOnce(cache, delay));
      }
    }));
    assertEquals(runs.map(({ result }) => result), runs.map(() => expected));
    assert(runs.some(({ wasKilled }) => wasKilled), "none was killed");
    assert(
      runs.some(({ wasContinued }) => wasContinued),
      "none went on where the killed one stopped",
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test(
  "download killed at any moment leaves the same bytes after the next run",
  () => killAll("kills"),
);

for (const campaign of [1, 2, 3, 4, 5, 6]) {
  slowTest(
    `download killed at ${KILLS} moments more (${campaign}) leaves the same bytes after the next run`,
    () => killAll(`kills ${campaign}`),
  );
}
