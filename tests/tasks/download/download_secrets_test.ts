/** What an address has beside its host and path is told nowhere. */
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { serve } from "../../support/hub/file_server.ts";
import { runTask } from "../../support/tasks/run_task.ts";
import { withFolder } from "../../support/with_folder.ts";

/** Neither may be found anywhere. */
const SECRETS = ["pa55word", "t0ken"];

const archive = await Deno.readFile("fixtures/bert.tiny.zip");

/** How a server answers, and how the task ends then. */
const ANSWERS: Record<string, [code: number, answer: () => Response]> = {
  "with the archive": [0, () => new Response(archive)],
  "that it is not there": [1, () => new Response("", { status: 404 })],
  "that it may not": [1, () => new Response("", { status: 403 })],
  "with a web page": [
    1,
    () => new Response("", { headers: { "content-type": "text/html" } }),
  ],
  "with other bytes": [1, () => new Response("pa55word")],
  "with a part": [
    1,
    () =>
      new Response(archive.slice(0, 1000), {
        headers: { etag: '"x"', "content-length": "1000" },
      }),
  ],
  "with a redirect to another scheme": [
    1,
    () =>
      new Response("", {
        status: 302,
        headers: { location: "ftp://me:pa55word@host/a?t0ken" },
      }),
  ],
  "with a redirect to no address": [
    1,
    () =>
      new Response("", {
        status: 302,
        headers: { location: "http://me:pa55word@:x/?t0ken" },
      }),
  ],
  "with a redirect in a circle": [
    1,
    () => new Response("", { status: 302, headers: { location: "?t0ken" } }),
  ],
};

/** All text that a folder holds, names included. */
async function textIn(folder: string): Promise<string> {
  let text = "";
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = join(folder, name);
    text += `${name}\n`;
    text += isDirectory ? await textIn(path) : await Deno.readTextFile(path);
  }
  return text;
}

/** Downloads from an address of the catalogue or a hub, and looks everywhere. */
async function download(
  url: string,
  place: "catalogue" | "hub",
): Promise<number> {
  let exit = -1;
  await withFolder(async (folder) => {
    const entry = {
      name: "secret.model",
      kind: "model",
      url: place === "catalogue" ? url : "https://host.invalid/bert.tiny.zip",
      sha1: await sha1Of(archive),
      sha256: null,
      bytes: null,
      licence: "none",
      format: "d2l-mxnet",
      facts: {},
    };
    const given = join(folder, "given.json");
    await Deno.writeTextFile(given, JSON.stringify({ entries: [entry] }));
    const args = ["--catalogue", given, "--model=secret.model", "--log=log"];
    const hub = place === "hub" ? [`--hub=${url}`] : [];
    const { code, events, stderr } = await runTask(
      "download",
      [...args, "--cache=cache", ...hub],
      { cwd: folder },
    );
    exit = code;
    await Deno.remove(given);
    const all = JSON.stringify(events) + stderr + await textIn(folder);
    for (const secret of SECRETS) {
      assertEquals(all.includes(secret), false, `${secret}: ${stderr}`);
    }
  });
  return exit;
}

async function sha1Of(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-1", bytes)).toHex();
}

for (const [what, [code, answer]] of Object.entries(ANSWERS)) {
  // A hub has no query: its password is all that it may tell.
  const places = code === 0
    ? ["catalogue", "hub"] as const
    : ["catalogue"] as const;
  for (const place of places) {
    Deno.test(`an address of the ${place} keeps its secrets where the server answers ${what}`, async () => {
      await using server = serve(answer);
      const address = server.url.replace("//", "//me:pa55word@");
      const url = place === "catalogue"
        ? `${address}/bert.tiny.zip?t0ken=1#t0ken`
        : address;
      assertEquals(await download(url, place), code);
    });
  }
}
