import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { makeZip } from "../support/hub/make_zip.ts";
import { largestDifference } from "../support/model/golden.ts";
import { type Ended, runTask } from "../support/tasks/run_task.ts";
import {
  DIRECTORIES,
  makeFiles,
  modelIn,
  placed,
  readLogits,
} from "../support/weights/directories.ts";
import { withFolder } from "../support/with_folder.ts";

const PAIR = [
  "--premise=A man is outside.",
  "--hypothesis=Nobody is in the house.",
  "--device=cpu",
];
const expected = (await readLogits()).slice(0, 3);

function predict(cwd: string, model: string): Promise<Ended> {
  return runTask("predict", [`--model=${model}`, ...PAIR], { cwd });
}

/** What a task warned of, and how far its logits are from transformers'. */
function said({ events, code, stderr }: Ended): [number, unknown[], boolean] {
  assertEquals(code, 0, stderr);
  const warnings = events.filter(({ event }) => event === "warning");
  const prediction = events.find(({ event }) => event === "prediction");
  const logits = prediction?.logits as number[];
  const near = largestDifference(logits, expected) < 1e-5;
  return [code, warnings.map(({ code }) => code), near];
}

Deno.test("predict takes a repository's folder of Hugging Face's cache", () =>
  withFolder(async (cwd) => {
    await makeFiles(cwd, {
      ...placed("models--me--tiny", {
        "blobs/1": "model/model.safetensors",
        "refs/main": { text: "abc" },
        ...modelIn("snapshots/abc", {
          "model.safetensors": { link: "../../blobs/1" },
        }),
      }),
    });
    const ended = await predict(cwd, "models--me--tiny");
    assertEquals(said(ended), [0, [], true]);
  }));

Deno.test("predict takes the newest checkpoint of Trainer's output, and says so", () =>
  withFolder(async (cwd) => {
    await makeFiles(cwd, {
      ...modelIn("out/checkpoint-90"),
      ...modelIn("out/checkpoint-100"),
      "out/checkpoint-100/optimizer.pt": "weights/other_optimizer.pt",
    });
    const ended = await predict(cwd, "out");
    assertEquals(said(ended), [0, ["newest-checkpoint"], true]);
  }));

Deno.test("predict takes a file of weights in its directory's place", () =>
  withFolder(async (cwd) => {
    const weights = { "last.ckpt": "weights/lightning.ckpt" };
    await makeFiles(cwd, modelIn("mine", weights));
    const ended = await predict(cwd, "mine/last.ckpt");
    assertEquals(said(ended), [0, [], true]);
  }));

Deno.test("predict takes the one model in a zip archive's folders", () =>
  withFolder(async (cwd) => {
    const names = ["config.json", "vocab.txt", "model.safetensors"];
    const files = await Promise.all(names.map(async (name) => ({
      name: `home/me/model/${name}`,
      content: await Deno.readFile(join(DIRECTORIES, "model", name)),
    })));
    const note = { name: "home/note.txt", content: "x" };
    await Deno.writeFile(
      join(cwd, "mine.zip"),
      await makeZip([...files, note]),
    );
    const ended = await predict(cwd, "mine.zip");
    assertEquals(said(ended), [0, ["model-within"], true]);
  }));

Deno.test("predict refuses an adapter with how to merge it", () =>
  withFolder(async (cwd) => {
    await makeFiles(cwd, {
      "lora/adapter_config.json": { text: "{}" },
      "lora/adapter_model.safetensors": "model/model.safetensors",
    });
    const { code, events } = await predict(cwd, "lora");
    assertEquals([code, events.at(-1)?.code], [2, "bad-model"]);
    assertStringIncludes(events.at(-1)?.hint as string, "merge_and_unload()");
  }));

/** Flags of a run that takes moments. */
const QUICK = [
  "--data=train.jsonl",
  "--out=run",
  "--max-len=32",
  "--epochs=1",
  "--batch-size=8",
  "--device=cpu",
  "--blas=none",
  "--threads=1",
];
const ROWS = Array.from({ length: 24 }, (_, i) =>
  JSON.stringify({
    premise: `A man sleeps ${i}`,
    hypothesis: "A dog eats",
    label: ["entailment", "contradiction", "neutral"][i % 3],
  })).join("\n");

/** Trains on text, and gives how often a warning was told, with the run's model. */
async function trainOn(
  cwd: string,
  model: string,
  warning: string,
): Promise<[number, string]> {
  const { code, events, stderr } = await runTask(
    "finetune",
    [`--model=${model}`, ...QUICK],
    { cwd },
  );
  assertEquals(code, 0, stderr);
  const record = await Deno.readTextFile(join(cwd, "run/run.json"));
  return [
    events.filter(({ code }) => code === warning).length,
    JSON.parse(record).config.model,
  ];
}

Deno.test("finetune says once that a sentence encoder's pooling is left out", () =>
  withFolder(async (cwd) => {
    const module = "sentence_transformers.models.";
    const modules = [
      { path: "", type: `${module}Transformer` },
      { path: "1_Pooling", type: `${module}Pooling` },
    ];
    await makeFiles(cwd, {
      ...modelIn("encoder"),
      "encoder/config.json": { config: { architectures: ["BertModel"] } },
      "encoder/modules.json": { text: JSON.stringify(modules) },
      "train.jsonl": { text: ROWS },
    });
    const found = await trainOn(cwd, "encoder", "sentence-encoder");
    assertEquals(found, [1, "encoder"]);
  }));

Deno.test("finetune says once which checkpoint it takes, and records that one", () =>
  withFolder(async (cwd) => {
    await makeFiles(cwd, {
      ...modelIn("out/checkpoint-90"),
      ...modelIn("out/checkpoint-100"),
      "train.jsonl": { text: ROWS },
    });
    const found = await trainOn(cwd, "out", "newest-checkpoint");
    assertEquals(found, [1, join("out", "checkpoint-100")]);
  }));
