/**
 * Exports in the programs that they are for: ONNX Runtime, transformers, and the
 * book's own classes, each beside what this program computes.
 */
import { assertEquals } from "@std/assert";
import { join, resolve } from "@std/path";
import { familiesIn } from "../support/model/families.ts";
import {
  BOOK_WHEEL,
  MXNET_PYTHON,
  pythonPart,
  runPython,
} from "../support/python.ts";
import { type PartTest, registerTest } from "../support/require.ts";
import { runTask } from "../support/tasks/run_task.ts";
import { withFolder } from "../support/with_folder.ts";

/** How far logits may lie apart. */
const TOLERANCE = 1e-5;

const PAIRS = [
  ["A man is outside.", "Nobody is in the house."],
  ["Ein Café in Zürich — naïve, 東京!", "THE DOG   sleeps\u00a0(not)."],
  ["x", "y"],
  ["a dog and " + "a very big cat ".repeat(25), "Animals " + "run ".repeat(40)],
];

/** Pairs that no model has to cut. */
const SHORT_PAIRS = [
  ["A man is outdoors .", "the dog is sleeping"],
  ["people sitting at a diner , not eating food .", "A WOMAN sits"],
  ["x", "horse"],
];

const MODELS = familiesIn("fixtures/golden/families").map((path) =>
  resolve(path)
);
const [BOOK_TORCH, BOOK_MXNET] = ["torch", "mxnet"].map((name) => [
  `--model=${resolve("fixtures/golden", name)}`,
  ...["--weights=classifier.params", "--heads=4"],
]);
/** Of these models: hidden, feed-forward, heads, blocks, positions. */
const SIZES = ["32", "48", "4", "2", "64"];

const program = (name: string) =>
  Deno.readTextFile(`tests/interop/python/${name}.py`);

/** Exports a model, and gives the logits that it has here. */
async function exportModel(
  folder: string,
  { model, format, out, pairs }: {
    model: string[];
    format: string;
    out: string;
    pairs: string[][];
  },
): Promise<number[][]> {
  const options = {
    cwd: folder,
    input: pairs.map(([premise, hypothesis]) =>
      JSON.stringify({ premise, hypothesis }) + "\n"
    ).join(""),
  };
  const exported = await runTask(
    "export",
    [...model, `--format=${format}`, `--out=${out}`],
    options,
  );
  assertEquals(exported.code, 0, exported.stderr);
  const predicted = await runTask("predict", [
    ...model,
    ...["--device=cpu", "--threads=1", "--max-len=64"],
  ], options);
  assertEquals(predicted.code, 0, predicted.stderr);
  return predicted.events.filter(({ event }) => event === "prediction")
    .map(({ logits }) => Object.values(logits as object));
}

/** Runs a program in Python, whose lines are JSON. */
async function ask(
  name: string,
  args: string[],
  folder: string,
  python?: string,
  // deno-lint-ignore no-explicit-any
): Promise<any[]> {
  const { code, stdout, stderr } = await runPython(
    await program(name),
    args,
    {
      cwd: folder,
      env: {
        PYTHONPATH: resolve("tests/interop/python"),
        HF_HUB_OFFLINE: "1",
        OMP_NUM_THREADS: "1",
      },
      ...(python === undefined ? {} : { python }),
    },
  );
  assertEquals(code, 0, stderr);
  return stdout.split("\n").map((line) => JSON.parse(line));
}

function assertNear(actual: number[][], expected: number[][], what: string) {
  assertEquals(actual.length, expected.length, what);
  const apart = Math.max(
    ...actual.flatMap((row, i) =>
      row.map((value, j) => Math.abs(value - expected[i][j]))
    ),
  );
  if (!(apart <= TOLERANCE)) throw new Error(`${what}: ${apart} apart`);
}

/** Registers a test with a folder in which the pairs lie. */
function interopTest(
  part: Omit<PartTest, "name" | "fn">,
  name: string,
  pairs: string[][],
  fn: (folder: string) => Promise<void>,
) {
  registerTest({
    ...part,
    name,
    fn: () =>
      withFolder(async (folder) => {
        await Deno.writeTextFile(
          join(folder, "pairs.json"),
          JSON.stringify(pairs),
        );
        await fn(folder);
      }),
  });
}

interopTest(
  await pythonPart("onnxruntime"),
  "ONNX Runtime has the logits that are computed here, for every family, padded or not",
  PAIRS,
  async (folder) => {
    const names: string[] = [];
    const logits: number[][][] = [];
    for (const path of MODELS) {
      const name = path.split(/[/\\]/).at(-1)!;
      const model = [`--model=${path}`];
      const what = { model, format: "onnx", out: name, pairs: PAIRS };
      names.push(name);
      logits.push(await exportModel(folder, what));
    }
    const found = await ask("onnx_logits", ["pairs.json", ...names], folder);
    for (const [i, { padded, alone }] of found.entries()) {
      assertNear(padded, logits[i], `${names[i]}, padded`);
      assertNear(alone, logits[i], `${names[i]}, alone`);
    }
  },
);

interopTest(
  await pythonPart("onnxruntime"),
  "ONNX Runtime has the logits that are computed here for a model of the book's, whose words tokenizers splits",
  SHORT_PAIRS,
  async (folder) => {
    const logits = await exportModel(folder, {
      model: BOOK_TORCH,
      format: "onnx",
      out: "book",
      pairs: SHORT_PAIRS,
    });
    const [{ padded, alone }] = await ask(
      "onnx_logits",
      ["pairs.json", "book"],
      folder,
    );
    assertNear(padded, logits, "padded");
    assertNear(alone, logits, "alone");
  },
);

interopTest(
  await pythonPart("transformers"),
  "transformers opens the export of every family, with the logits that are computed here",
  PAIRS,
  async (folder) => {
    const names: string[] = [];
    const logits: number[][][] = [];
    for (const path of MODELS) {
      const name = path.split(/[/\\]/).at(-1)!;
      const model = [`--model=${path}`];
      const what = { model, format: "hf", out: name, pairs: PAIRS };
      names.push(name);
      logits.push(await exportModel(folder, what));
    }
    const opened = await ask(
      "transformers_logits",
      ["pairs.json", ...names, ...MODELS],
      folder,
    );
    const exported = opened.slice(0, names.length);
    const original = opened.slice(names.length);
    for (const [i, { ids, labels, strays, ...found }] of exported.entries()) {
      assertNear(found.logits, logits[i], names[i]);
      assertEquals(ids, original[i].ids, names[i]);
      assertEquals(labels, original[i].labels, names[i]);
      assertEquals(strays, [], names[i]);
    }
  },
);

const book = {
  part: "book",
  lack: BOOK_WHEEL
    ? undefined
    : "PREMISE_BOOK names no file of the package d2l",
};

for (
  const [framework, model, python] of [
    ["torch", BOOK_TORCH, undefined],
    ["mxnet", BOOK_MXNET, MXNET_PYTHON],
    // What one framework wrote goes to the other.
    ["torch", BOOK_MXNET, undefined],
    ["mxnet", BOOK_TORCH, MXNET_PYTHON],
  ] as const
) {
  const part = book.lack === undefined
    ? await pythonPart(framework, python)
    : book;
  const from = model === BOOK_TORCH ? "PyTorch" : "MXNet";
  interopTest(
    part,
    `the book's classes in ${framework} load the export of a model of ${from}, with the logits that are computed here`,
    SHORT_PAIRS,
    async (folder) => {
      const logits = await exportModel(folder, {
        model,
        format: `d2l-${framework}`,
        out: "book",
        pairs: SHORT_PAIRS,
      });
      const args = [BOOK_WHEEL!, "pairs.json", "book", ...SIZES];
      const [found] = await ask(
        `book_${framework}_logits`,
        args,
        folder,
        python,
      );
      assertNear(found, logits, framework);
    },
  );
}
