/**
 * The hub's own program in Python beside ours: both download from the tests'
 * server, which so is no mirror of our own beliefs, and each uses what the other
 * has fetched.
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { TINY_FILES, tinyModel } from "../support/hub/hub_repositories.ts";
import { type HubPlace, withHub } from "../support/hub/with_hub.ts";
import { pythonPart, runPython } from "../support/python.ts";
import { registerTest } from "../support/require.ts";

const NAME = "hf:someone/tiny";
const TOKEN = "hf_aSecret";
const tiny = await tinyModel();
const part = await pythonPart("huggingface_hub");

/** Runs a program that uses `huggingface_hub` with this hub. */
async function python(
  { server, folder }: HubPlace,
  program: string,
  env: Record<string, string> = {},
): Promise<string> {
  const { code, stdout, stderr } = await runPython(program, [], {
    cwd: folder,
    env: {
      HF_ENDPOINT: server.url,
      HF_HOME: join(folder, "home"),
      HF_HUB_DISABLE_PROGRESS_BARS: "1",
      HF_HUB_DISABLE_TELEMETRY: "1",
      HF_TOKEN: "",
      // Python takes an empty one for the working directory.
      HF_HUB_CACHE: join(folder, "home/hub"),
      ...env,
    },
  });
  assertEquals(code, 0, stderr);
  return stdout.split("\n").at(-1)!;
}

/** What Python makes of a download that is refused. */
const REFUSED = `
from huggingface_hub import snapshot_download
try:
    snapshot_download("someone/tiny", revision=REVISION)
    print("no error")
except Exception as error:
    print(type(error).__name__)
`;

registerTest({
  ...part,
  name: "huggingface_hub downloads from the tests' hub what we publish there",
  fn: () =>
    withHub([{ ...tiny, formerly: ["tiny"] }], async (place) => {
      for (const id of ["someone/tiny", "tiny"]) {
        const directory = await python(
          place,
          `from huggingface_hub import snapshot_download\n` +
            `print(snapshot_download("${id}"))`,
        );
        for (const [name, content] of Object.entries(tiny.files)) {
          const bytes = await Deno.readFile(join(directory, name));
          const expected = typeof content === "string"
            ? new TextEncoder().encode(content)
            : content;
          assertEquals(bytes, new Uint8Array(expected), name);
        }
      }
    }),
});

registerTest({
  ...part,
  name:
    "what huggingface_hub has fetched is used by our tasks without a request",
  fn: () =>
    withHub([tiny], async (place) => {
      await python(
        place,
        `from huggingface_hub import snapshot_download\n` +
          `snapshot_download("someone/tiny")`,
      );
      place.server.requests.length = 0;
      const { code, events, stderr } = await place.run("predict", [
        ...["--model", NAME, "--premise", "a man sleeps", "--hypothesis", "he"],
        ...["--device", "cpu", "--blas", "none"],
      ]);
      assertEquals(code, 0, stderr);
      assertEquals(events.some(({ event }) => event === "prediction"), true);
      const offline = { HF_HUB_OFFLINE: "1" };
      const found = await place.run("download", ["--model", NAME], offline);
      assertStringIncludes(
        `${found.events.at(-1)!.files}`,
        join(place.folder, "home/hub/models--someone--tiny/snapshots"),
      );
      assertEquals(place.server.requests, []);
    }),
});

registerTest({
  ...part,
  name: "huggingface_hub finds in our cache what we have fetched",
  fn: () =>
    withHub([tiny], async (place) => {
      const { code, stderr } = await place.run("download", ["--model", NAME]);
      assertEquals(code, 0, stderr);
      for (const name of TINY_FILES) {
        const path = await python(
          place,
          `from huggingface_hub import hf_hub_download\n` +
            `print(hf_hub_download("someone/tiny", "${name}", ` +
            `cache_dir=".premise/cache/hub", local_files_only=True))`,
        );
        assertStringIncludes(
          path,
          join(place.snapshot(tiny.id), name),
        );
      }
    }),
});

/** Why the hub refuses, by what Python calls it, and our code. */
const REFUSALS: Record<
  string,
  {
    facts?: object;
    revision?: string;
    env?: object;
    error: string;
    code: string;
  }
> = {
  "a gated repository": {
    facts: { gated: true },
    error: "GatedRepoError",
    code: "no-access",
  },
  "a private repository": {
    facts: { private: true },
    error: "RepositoryNotFoundError",
    code: "not-on-hub",
  },
  "a missing revision": {
    revision: "v9",
    error: "RevisionNotFoundError",
    code: "not-on-hub",
  },
};

for (
  const [what, { facts, revision, error, code }] of Object.entries(REFUSALS)
) {
  registerTest({
    ...part,
    name:
      `huggingface_hub and we understand alike that the hub refuses ${what}`,
    fn: () =>
      withHub([{ ...tiny, ...facts }], async (place) => {
        const asked = revision === undefined ? "None" : `"${revision}"`;
        assertEquals(
          await python(place, REFUSED.replace("REVISION", asked)),
          error,
        );
        const name = revision === undefined ? NAME : `${NAME}@${revision}`;
        const { events } = await place.run("download", ["--model", name]);
        assertEquals(events.at(-1)!.code, code);
      }, { token: TOKEN }),
  });
}

registerTest({
  ...part,
  name: "the token that huggingface_hub's login has written lets us in too",
  fn: () =>
    withHub([{ ...tiny, private: true }], async (place) => {
      await python(
        place,
        `from huggingface_hub import login\nlogin(token="${TOKEN}")`,
      );
      const { code, stderr } = await place.run("download", ["--model", NAME]);
      assertEquals(code, 0, stderr);
    }, { token: TOKEN }),
});
