import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join, resolve } from "@std/path";
import { readSums, sha256 } from "../../../lib/base/files/summed_files.ts";
import { openModelDir } from "../../../lib/weights/model_dir.ts";
import { readOnnx } from "../../support/export/onnx_reader.ts";
import { filesBelow } from "../../support/imports.ts";
import { slowTest } from "../../support/slow.ts";
import { GOLDEN, makeGoldenPlace } from "../../support/tasks/golden_place.ts";
import { type Ended, runTask } from "../../support/tasks/run_task.ts";
import { namesIn } from "../../support/tasks/workplace.ts";

const FAMILIES = resolve("fixtures/golden/families");
const PAIRS = ["a man sleeping", "the dog is not on the horse , people"]
  .map((premise) => JSON.stringify({ premise, hypothesis: "a cat runs ." }))
  .join("\n") + "\n";

let place: string;

Deno.test.beforeAll(async () => {
  place = await makeGoldenPlace();
  await runTask("finetune", GOLDEN, { cwd: place });
});

Deno.test.afterAll(() => Deno.remove(place, { recursive: true }));

function exportRun(...flags: string[]): Promise<Ended> {
  return runTask("export", flags, { cwd: place });
}

/** The logits that a model has for the pairs. */
async function logitsOf(...flags: string[]): Promise<unknown[]> {
  const { code, events, stderr } = await runTask(
    "predict",
    [...flags, "--device=cpu", "--threads=1", "--blas=none"],
    { cwd: place, input: PAIRS },
  );
  assertEquals(code, 0, stderr);
  return events.filter(({ event }) => event === "prediction")
    .map(({ logits }) => logits);
}

/** Holds the files of an export against its digests and its last event. */
async function checkFiles(out: string, { code, events, stderr }: Ended) {
  assertEquals(code, 0, stderr);
  const folder = join(place, out);
  const names = (await filesBelow(folder))
    .map((path) => path.slice(folder.length + 1));
  assertEquals(
    (events.at(-1)!.files as string[]).toSorted(),
    names.map((name) => join(out, name)).toSorted(),
  );
  const sums = (await readSums(folder))!;
  assertEquals(
    [...sums.keys()].toSorted(),
    names.filter((name) => name !== "SHA256SUMS").toSorted(),
  );
  for (const [name, digests] of sums) {
    assertEquals([sha256([await Deno.readFile(join(folder, name))])], digests);
  }
}

for (const format of ["d2l-torch", "d2l-mxnet"]) {
  Deno.test(`a run that is exported as ${format} opens again, with the same logits`, async () => {
    const ended = await exportRun(
      ...["--model=run", `--format=${format}`, `--out=${format}`],
    );
    await checkFiles(format, ended);
    assertEquals(
      await logitsOf(`--model=${format}`, "--heads=4", "--max-len=32"),
      await logitsOf("--model=run"),
    );
  });
}

for (
  const [name, declare] of [
    ["bert_cased", Deno.test],
    ["distilbert", slowTest],
    ["electra", slowTest],
  ] as const
) {
  declare(
    `a model (${name}) that is exported as hf opens again, with the same logits`,
    async () => {
      const model = `--model=${join(FAMILIES, name)}`;
      const out = `${name}-hf`;
      const ended = await exportRun(model, "--format=hf", `--out=${out}`);
      await checkFiles(out, ended);
      assertEquals(await logitsOf(`--model=${out}`), await logitsOf(model));
    },
  );
}

Deno.test("a run that is exported as hf reads and cuts text as it was trained to, and opens for the same again", async () => {
  const rows = Array.from(
    { length: 6 },
    (_, i) => `A man sleeps,He is ${"very ".repeat(i)}awake,${i % 2}`,
  );
  await Deno.writeTextFile(
    join(place, "mine.csv"),
    ["premise,hypothesis,label", ...rows].join("\n"),
  );
  const trained = await runTask("finetune", [
    `--model=${join(FAMILIES, "electra")}`,
    ...["--data=mine.csv", "--out=electra", "--labels=0,1", "--new-head"],
    ...["--hypothesis-only", "--truncation=ratio", "--max-len=9"],
    ...["--epochs=1", "--device=cpu", "--threads=1", "--blas=none"],
  ], { cwd: place });
  assertEquals(trained.code, 0, trained.stderr);
  const ended = await exportRun(
    ...["--model=electra", "--format=hf", "--out=electra-run"],
  );
  await checkFiles("electra-run", ended);
  assertEquals(
    await logitsOf("--model=electra-run"),
    await logitsOf("--model=electra"),
  );
  const [run, exported] = await Promise.all(
    ["electra", "electra-run"].map((name) => openModelDir(join(place, name))),
  );
  assertEquals(exported.config, run.config);
  assertEquals(exported.vocabulary.text, run.vocabulary.text);
  const again = await exportRun(
    ...["--model=electra-run", "--format=hf", "--out=electra-again"],
  );
  assertEquals(again.code, 0, again.stderr);
  for (const name of ["config.json", "tokenizer.json", "model.safetensors"]) {
    assertEquals(
      await Deno.readFile(join(place, "electra-again", name)),
      await Deno.readFile(join(place, "electra-run", name)),
    );
  }
});

Deno.test("a run is exported as onnx in the folders of transformers.js, with its labels", async () => {
  const ended = await exportRun("--model=run", "--format=onnx", "--out=onnx");
  await checkFiles("onnx", ended);
  const read = async (name: string) =>
    JSON.parse(await Deno.readTextFile(join(place, "onnx", name)));
  const model = readOnnx(
    await Deno.readFile(join(place, "onnx/onnx/model.onnx")),
  );
  assertEquals(model.inputs.map(({ name }) => name), [
    "input_ids",
    "attention_mask",
    "token_type_ids",
  ]);
  assertEquals(model.tensors.get("embeddings.token.weight")?.shape, [43, 32]);
  const config = await read("config.json");
  assertEquals(Object.values(config.id2label), [
    ...["entailment", "contradiction", "neutral"],
  ]);
  assertEquals((await read("tokenizer_config.json")).model_max_length, 32);
  assertEquals(
    (await read("tokenizer.json")).model.vocab.man !== undefined,
    true,
  );
});

Deno.test("an export says that what opens it cuts pairs in another way", async () => {
  const { events } = await exportRun(
    ...["--model=run", "--format=onnx", "--out=cut"],
  );
  const codes = events.filter(({ event }) => event === "warning")
    .map(({ code }) => code);
  assertEquals(codes, ["cut-otherwise"]);
});

Deno.test("the card of a run's export has its settings and its results, and claims no licence or language", async () => {
  await exportRun("--model=run", "--format=d2l-torch", "--out=card");
  const card = await Deno.readTextFile(join(place, "card/README.md"));
  const metrics = JSON.parse(
    await Deno.readTextFile(join(place, "run/metrics.json")),
  );
  for (
    const [split, { accuracy, data }] of Object.entries<
      { accuracy: number; data: string }
    >(metrics)
  ) {
    assertStringIncludes(card, `| ${split} |`);
    assertStringIncludes(card, accuracy.toFixed(4));
    assertStringIncludes(card, data);
  }
  assertStringIncludes(card, "| epochs | 2 |");
  assertStringIncludes(card, 'pipeline_tag: "text-classification"');
  const [, metadata] = card.split("---\n");
  assert(!/^(license|language|base_model|datasets):/m.test(metadata), metadata);
  assert(!card.includes(place), "it tells where the run was made");
});

Deno.test("the card of an export states the licence and the language that are given", async () => {
  await exportRun(
    ...["--model=run", "--format=d2l-torch", "--out=told"],
    ...["--license=apache-2.0", "--language=en"],
  );
  const card = await Deno.readTextFile(join(place, "told/README.md"));
  assertStringIncludes(card, 'license: "apache-2.0"\nlanguage: "en"\n');
});

Deno.test("an export that is there is refused, and replaced only if that is asked for", async () => {
  const flags = ["--model=run", "--out=again"];
  await exportRun(...flags, "--format=d2l-torch");
  const refused = await exportRun(...flags, "--format=onnx");
  assertEquals([refused.code, refused.events.at(-1)!.code], [
    2,
    "export-exists",
  ]);
  await checkFiles(
    "again",
    await exportRun(...flags, "--format=onnx", "--overwrite"),
  );
});

Deno.test("a directory that is no export is never overwritten by one", async () => {
  await Deno.mkdir(join(place, "mine"));
  await Deno.writeTextFile(join(place, "mine/precious.txt"), "kept");
  for (const out of ["mine", "run", "data", "train.jsonl"]) {
    const { code, events } = await exportRun(
      ...["--model=run", "--format=d2l-torch", `--out=${out}`, "--overwrite"],
    );
    assertEquals([code, events.at(-1)!.code], [2, "export-exists"], out);
  }
  assertEquals(
    await Deno.readTextFile(join(place, "mine/precious.txt")),
    "kept",
  );
});

Deno.test("an export is not overwritten by what is made of it", async () => {
  await exportRun("--model=run", "--format=d2l-torch", "--out=self");
  const { code, stderr } = await exportRun(
    ...["--model=self", "--heads=4", "--format=d2l-mxnet", "--out=self"],
    "--overwrite",
  );
  assertEquals(code, 2);
  assertStringIncludes(stderr, '"self" in it is to be exported');
});

for (
  const [what, flags, code] of [
    [
      "a model of the book's as hf",
      ["--model=run", "--format=hf"],
      "not-expressible",
    ],
    [
      "a model of Hugging Face's as the book's",
      [`--model=${join(FAMILIES, "bert_cased")}`, "--format=d2l-mxnet"],
      "not-expressible",
    ],
    [
      "a pretrained model",
      [
        `--model=${resolve("fixtures/golden/mxnet")}`,
        "--heads=4",
        "--format=onnx",
        "--weights=pretrained.params",
      ],
      "not-fine-tuned",
    ],
    [
      "a run that is not there",
      ["--model=./nowhere", "--format=onnx"],
      "missing-input",
    ],
    ["no format", ["--model=run"], "bad-usage"],
    [
      "random weights",
      ["--model=run", "--format=onnx", "--weights=random"],
      "bad-usage",
    ],
  ] as const
) {
  Deno.test(`the export of ${what} is refused, and leaves nothing`, async () => {
    const ended = await exportRun(...flags, "--out=refused");
    assertEquals([ended.code, ended.events.at(-1)!.code], [2, code]);
    const names = await namesIn(place);
    assertEquals(names.filter((name) => name.includes("refused")), []);
  });
}

Deno.test("an export without --out is named after its model and its form", async () => {
  await checkFiles(
    ".premise/exports/run-d2l-mxnet",
    await exportRun("--model=run", "--format=d2l-mxnet"),
  );
});
