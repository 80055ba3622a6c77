import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join, resolve } from "@std/path";
import { serve } from "../../support/hub/file_server.ts";
import { withFolder } from "../../support/with_folder.ts";

/** Fields of any event. */
type Line = Record<string, unknown>;

/** The task as a process of its own, in an empty folder. */
function command(folder: string, args: readonly string[]): Deno.Command {
  return new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-prompt",
      "--config",
      resolve("deno.json"),
      "--allow-read",
      "--allow-write",
      "--allow-net=127.0.0.1",
      "--allow-env",
      resolve("tasks/download.ts"),
      ...args,
    ],
    cwd: folder,
    stdout: "piped",
    stderr: "piped",
  });
}

async function runDownload(
  folder: string,
  args: readonly string[],
): Promise<{ code: number; events: Line[]; stderr: string }> {
  const { code, stdout, stderr } = await command(folder, args).output();
  const decoder = new TextDecoder();
  return {
    code,
    stderr: decoder.decode(stderr),
    events: decoder.decode(stdout).trimEnd().split("\n").map((line) =>
      JSON.parse(line)
    ),
  };
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

Deno.test("download writes JSON lines alone on stdout, from start to done", async () => {
  await withFolder(async (folder) => {
    const { code, events, stderr } = await runDownload(folder, [
      "--model",
      "bert.tiny",
      "--dataset",
      "snli.sample",
    ]);
    assertEquals(code, 0, stderr);
    assertEquals(events.at(0)?.event, "start");
    assertEquals(events.at(-1)?.event, "done");
    assertEquals(events.at(-1)?.files, [
      ".premise/cache/bert.tiny",
      ".premise/cache/snli.sample",
    ]);
    assert(await exists(join(folder, ".premise/cache/bert.tiny/vocab.json")));
    assertStringIncludes(
      JSON.stringify(events.at(-1)?.licences),
      "CC BY-SA 4.0",
    );
  });
});

Deno.test("download reads a catalogue file and fetches from a hub", async () => {
  const archive = await Deno.readFile("fixtures/bert.tiny.zip");
  const paths: string[] = [];
  await using server = serve((request) => {
    paths.push(new URL(request.url).pathname);
    return new Response(archive);
  });
  await withFolder(async (folder) => {
    const entry = {
      name: "mine",
      kind: "model",
      url: "https://example.invalid/models/mine.zip",
      sha1: "be688f04eb5cc367dbb09f059e9be4c3cf54bd1c",
      licence: "MIT",
      format: "d2l-mxnet",
      facts: { heads: 4 },
    };
    await Deno.writeTextFile(
      join(folder, "catalogue.json"),
      JSON.stringify({ entries: [entry] }),
    );
    const args = "--model mine --catalogue catalogue.json --cache c --hub";
    const { code, stderr } = await runDownload(folder, [
      ...args.split(" "),
      `${server.url}/mirror`,
    ]);
    assertEquals(code, 0, stderr);
    assertEquals(paths, ["/mirror/mine.zip"]);
    assert(await exists(join(folder, "c/mine/pretrained.params")));
  });
});

Deno.test("download exits 1 when the server fails, and keeps nothing", async () => {
  await using server = serve(() => new Response("", { status: 404 }));
  await withFolder(async (folder) => {
    const { code, events } = await runDownload(folder, [
      "--model",
      "bert.small",
      "--hub",
      server.url,
    ]);
    assertEquals(code, 1);
    assertEquals(events.at(-1)?.event, "error");
    assertEquals(events.at(-1)?.code, "download-failed");
    assert(!await exists(join(folder, ".premise/cache/bert.small")));
  });
});

Deno.test("download exits 1 where its permissions end", async () => {
  await withFolder(async (folder) => {
    const { code, events } = await runDownload(folder, [
      "--model",
      "bert.small",
      "--hub",
      "http://example.invalid",
    ]);
    assertEquals(code, 1);
    assertStringIncludes(
      String(events.at(-1)?.message),
      "not allowed to reach example.invalid",
    );
  });
});

Deno.test("download stopped by a signal exits 143 and leaves no entry", async () => {
  const asked = Promise.withResolvers<void>();
  const silence = Promise.withResolvers<Response>();
  await using server = serve(() => {
    asked.resolve();
    return silence.promise;
  });
  await withFolder(async (folder) => {
    const args = ["--model", "bert.small", "--hub", server.url];
    const process = command(folder, args).spawn();
    await asked.promise;
    process.kill("SIGTERM");
    const { code } = await process.output();
    silence.resolve(new Response());
    assertEquals(code, 143);
    assert(!await exists(join(folder, ".premise/cache/bert.small")));
  });
});

Deno.test("download exits 2 for an unknown name, before fetching anything", async () => {
  await withFolder(async (folder) => {
    const { code, events } = await runDownload(folder, [
      "--model",
      "bert.tiny",
      "--dataset",
      "snil",
    ]);
    assertEquals(code, 2);
    assertEquals(events.at(-1)?.code, "unknown-name");
    assert(!await exists(join(folder, ".premise")));
  });
});

Deno.test("download exits 2 when nothing is asked for", async () => {
  await withFolder(async (folder) => {
    const { code, events } = await runDownload(folder, []);
    assertEquals(code, 2);
    assertStringIncludes(String(events.at(-1)?.message), "--model NAME");
  });
});

Deno.test("download works as a single bundled file in an empty folder", async () => {
  await withFolder(async (folder) => {
    const bundle = join(folder, "download.js");
    const made = await new Deno.Command(Deno.execPath(), {
      args: ["bundle", "-o", bundle, resolve("tasks/download.ts")],
      stdout: "null",
      stderr: "piped",
    }).output();
    assertEquals(made.code, 0, new TextDecoder().decode(made.stderr));
    const { code } = await new Deno.Command(Deno.execPath(), {
      args: "run --no-config --no-prompt --cached-only -R -W -E download.js"
        .split(" ").concat("--model", "bert.tiny"),
      cwd: folder,
    }).output();
    assertEquals(code, 0);
    assert(await exists(join(folder, ".premise/cache/bert.tiny/vocab.json")));
  });
});
