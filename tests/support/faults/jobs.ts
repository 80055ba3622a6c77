/** Tasks to disturb, so small that each takes moments. */
import { join, resolve } from "@std/path";
import { makeZip } from "../hub/make_zip.ts";
import { fillGoldenPlace, GOLDEN } from "../tasks/golden_place.ts";
import type { Job } from "./campaign.ts";

const MODEL = resolve("fixtures/golden/mxnet");

/** A run, which is gone on with if it has begun. */
export const freshRun: Job = {
  prepare: (_, folder) => fillGoldenPlace(folder),
  places: ["run"],
  start: { task: "finetune", args: GOLDEN },
  again: async (folder) =>
    await isThere(join(folder, "run")) ? [...GOLDEN, "--resume"] : GOLDEN,
};

/** A run in the place of another. */
export const overwritingRun: Job = {
  async prepare(driver, folder) {
    await fillGoldenPlace(folder);
    await driver.finish([...GOLDEN, "--seed=7"]);
  },
  places: ["run"],
  start: { task: "finetune", args: [...GOLDEN, "--overwrite"] },
};

/** A run that goes on after it was killed half-way. */
export const resumedRun: Job = {
  async prepare(driver, folder) {
    await fillGoldenPlace(folder);
    const { calls } = await driver.run({ args: GOLDEN });
    await Deno.remove(join(folder, "run"), { recursive: true });
    const fault = { at: calls.length >> 1, kind: "kill" } as const;
    await driver.run({ args: GOLDEN, fault });
  },
  places: ["run"],
  start: { task: "finetune", args: [...GOLDEN, "--resume"] },
};

/** An evaluation that keeps what it finds. */
export const evaluation: Job = {
  async prepare(driver, folder) {
    await fillGoldenPlace(folder);
    await driver.finish(GOLDEN);
  },
  places: ["said.jsonl", "run"],
  start: {
    task: "eval",
    args: [
      ...["--model=run", "--data=data", "--predictions=said.jsonl"],
      ...["--device=cpu", "--threads=1", "--blas=none", "--bootstrap=0"],
    ],
  },
};

/** Flags that encode pairs, one of them bad, for a model in an archive. */
const ENCODING = [
  ...["--model=model.zip", "--heads=4", "--cache=cache", "--out=table"],
  ...["--data=train=train.jsonl", "--data=test=test.jsonl"],
  ...["--on-bad-row=skip", "--workers=1"],
];

async function fillEncodingPlace(folder: string): Promise<void> {
  await fillGoldenPlace(folder);
  await Deno.writeFile(join(folder, "model.zip"), await zipModel());
  const train = join(folder, "train.jsonl");
  await Deno.writeTextFile(train, "{}\n", { append: true });
}

/** An archive of a small model, with a word on its version. */
export async function zipModel(readme = "the first"): Promise<Uint8Array> {
  const read = async (name: string) => ({
    name: `model/${name}`,
    content: await Deno.readFile(join(MODEL, name)),
  });
  return await makeZip([
    await read("vocab.json"),
    await read("pretrained.params"),
    { name: "model/README", content: readme },
  ]);
}

/** Tables, and the cache that the model is unpacked into. */
export const freshTables: Job = {
  prepare: (_, folder) => fillEncodingPlace(folder),
  places: ["table", "cache"],
  start: { task: "preprocess", args: ENCODING },
};

/** Tables in the place of others. */
export const otherTables: Job = {
  async prepare(driver, folder) {
    await fillEncodingPlace(folder);
    await driver.run({
      task: "preprocess",
      args: [...ENCODING, "--max-len=20"],
    });
  },
  places: ["table", "cache"],
  start: { task: "preprocess", args: ENCODING },
};

/** A model and data out of archives on this machine. */
export const localDownload: Job = {
  prepare: async (_, folder) => await fillHub(folder, await zipModel()),
  places: ["cache"],
  start: {
    task: "download",
    args: [
      ...["--catalogue=catalogue.json", "--hub=hub", "--cache=cache"],
      "--model=small",
    ],
  },
};

/**
 * A model out of a server's archive, in the place of another version.
 *
 * @param url The server's address.
 * @param archive What it serves.
 */
export function servedDownload(url: string, archive: Uint8Array): Job {
  const args = [
    ...["--catalogue=catalogue.json", "--cache=cache", "--model=small"],
  ];
  return {
    async prepare(driver, folder) {
      await fillHub(folder, await zipModel("another"));
      await driver.run({ task: "download", args: [...args, "--hub=hub"] });
      await fillHub(folder, archive);
    },
    places: ["cache"],
    start: { task: "download", args: [...args, `--hub=${url}`] },
  };
}

/** Makes archives, and a catalogue that knows them. */
export async function fillHub(
  folder: string,
  model: Uint8Array,
): Promise<void> {
  const hub = join(folder, "hub");
  await Deno.mkdir(hub, { recursive: true });
  const pairs = await makeZip([{ name: "pairs.jsonl", content: "{}" }]);
  const entries = [
    await addEntry(hub, { name: "small", kind: "model" }, model),
    await addEntry(hub, { name: "pairs", kind: "dataset" }, pairs),
  ];
  const catalogue = JSON.stringify({ entries });
  await Deno.writeTextFile(join(folder, "catalogue.json"), catalogue);
}

async function addEntry(
  hub: string,
  { name, kind }: { name: string; kind: string },
  bytes: Uint8Array,
): Promise<Record<string, string>> {
  await Deno.writeFile(join(hub, `${name}.zip`), bytes);
  const digest = await crypto.subtle.digest("SHA-256", new Uint8Array(bytes));
  return {
    name,
    kind,
    url: `https://example.com/${name}.zip`,
    sha256: new Uint8Array(digest).toHex(),
    licence: "MIT",
    format: kind === "model" ? "d2l-mxnet" : "snli",
  };
}

async function isThere(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}
