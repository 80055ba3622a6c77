import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { loadEpoch } from "../../../lib/run/checkpoint.ts";
import { writeSafetensors } from "../../../lib/weights/formats/safetensors.ts";
import { GOLDEN, makeGoldenPlace } from "../../support/tasks/golden_place.ts";
import { poison } from "../../support/tasks/poison.ts";
import {
  type Ended,
  type Line,
  runTask,
  taskWords,
  timeless,
} from "../../support/tasks/run_task.ts";
import { digestOf, snapshot } from "../../support/tasks/workplace.ts";

let cwd: string;
/** A run of four epochs, of which one is chosen by the dev split. */
let chosen: Ended;

Deno.test.beforeAll(async () => {
  cwd = await makeGoldenPlace();
  chosen = await finetune("chosen", "--epochs=4", "--best-by=macroF1");
});

Deno.test.afterAll(() => Deno.remove(cwd, { recursive: true }));

function finetune(out: string, ...args: string[]): Promise<Ended> {
  const data = args.some((arg) => arg.startsWith("--data"));
  const golden = GOLDEN.filter((flag) => !data || !flag.startsWith("--data"));
  return runTask("finetune", [...golden, `--out=${out}`, ...args], { cwd });
}

function told({ events }: Ended, kind: string): Line[] {
  return timeless(events, [kind]);
}

function doneOf(ended: Ended): Line {
  assertEquals(ended.code, 0, ended.stderr);
  return ended.events.at(-1)!;
}

Deno.test("the epoch with the best score on the dev split is chosen", () => {
  const scores = told(chosen, "metrics").filter(({ split }) => split === "dev")
    .map(({ macroF1 }) => Number(macroF1));
  assertEquals(scores.length, 4);
  const best = scores.indexOf(Math.max(...scores)) + 1;
  assertEquals(doneOf(chosen).chosenEpoch, best);
});

Deno.test("the run directory is the chosen epoch's model", async () => {
  const epoch = Number(doneOf(chosen).chosenEpoch);
  const parameters = await loadEpoch(join(cwd, "chosen"), epoch);
  const parts = writeSafetensors(parameters);
  const bytes = await new Blob([...parts]).bytes();
  assertEquals(
    await Deno.readFile(join(cwd, "chosen/model.safetensors")),
    bytes,
  );
});

Deno.test("the test split is measured once, on the chosen model", async () => {
  const tested = told(chosen, "metrics").filter(({ split }) =>
    split === "test"
  );
  // The same batches give the same bits.
  const flags = ["--model=chosen", "--data=data", "--batch-size=8"];
  const cpu = ["--device=cpu", "--threads=1", "--blas=none"];
  const measured = await runTask("eval", [...flags, ...cpu], { cwd });
  assertEquals(tested.length, 1);
  const [again] = told(measured, "metrics");
  assertEquals(
    [tested[0].loss, tested[0].confusion],
    [again.loss, again.confusion],
  );
  const { accuracy, testWatched } = doneOf(chosen);
  assertEquals([accuracy, testWatched], [tested[0].accuracy, false]);
});

Deno.test("an epoch tells the accuracy on the dev split", () => {
  for (const { devAccuracy, testAccuracy } of told(chosen, "epoch")) {
    assert(typeof devAccuracy === "number" && testAccuracy === undefined);
  }
});

Deno.test("--follow-book watches the test split and keeps the last model", async () => {
  const book = await finetune("book", "--follow-book");
  const epochs = told(book, "epoch");
  const { testWatched, chosenEpoch, accuracy } = doneOf(book);
  assertEquals(
    [testWatched, chosenEpoch, accuracy],
    [true, 2, epochs[1].testAccuracy],
  );
  assertEquals(
    told(book, "metrics").map(({ split }) => split),
    ["test", "test"],
  );
});

Deno.test("patience stops a run early", async () => {
  const ended = await finetune(
    ...["patient", "--epochs=9", "--patience=2", "--min-gain=1"] as const,
  );
  const { epochs, stoppedEarly } = doneOf(ended);
  assertEquals([epochs, stoppedEarly], [3, true]);
});

Deno.test("a model cannot be chosen without a dev split", async () => {
  const table = join(cwd, "plain");
  await Deno.mkdir(table);
  const text = await Deno.readTextFile(join(cwd, "data/table.json"));
  const manifest = JSON.parse(text);
  delete manifest.splits.dev;
  delete manifest.digest;
  await Deno.writeTextFile(join(table, "table.json"), JSON.stringify(manifest));
  for (const split of ["train", "test"]) {
    const file = `${split}.arrow`;
    await Deno.copyFile(join(cwd, "data", file), join(table, file));
  }
  const ended = await finetune("x", "--data=plain", "--patience=1");
  const { code, message, hint } = ended.events.at(-1)!;
  assertEquals([ended.code, code], [2, "bad-usage"]);
  assertStringIncludes(String(message), "there is no dev split");
  assertStringIncludes(String(hint), "--dev-fraction");
});

Deno.test("--keep says how many checkpoints stay", async () => {
  doneOf(await finetune("kept", "--keep=3", "--follow-book"));
  const files = Object.keys(await snapshot(join(cwd, "kept/checkpoints")));
  assertEquals(new Set(files.map((file) => file.split("/")[0])).size, 3);
});

Deno.test("--override goes on with other settings", async () => {
  doneOf(await finetune("changed", "--epochs=1"));
  const flags = ["--epochs=2", "--lr=1e-3", "--resume"];
  assertEquals((await finetune("changed", ...flags)).code, 2);
  const ended = await finetune("changed", ...flags, "--override");
  const rates = told(ended, "step").map(({ learningRate }) => learningRate);
  assertEquals([doneOf(ended).epochs, rates], [2, [1e-3, 1e-3]]);
});

Deno.test("a run that goes on from a damaged checkpoint says so", async () => {
  doneOf(await finetune("damaged"));
  const whole = await digestOf(join(cwd, "damaged/model.safetensors"));
  const last = "damaged/checkpoints/epoch-00003-step-00000000";
  await Deno.truncate(join(cwd, last, "optimizer.safetensors"), 100);
  const ended = await finetune("damaged", "--resume");
  const [warning] = told(ended, "warning");
  assertEquals(warning.code, "damaged-checkpoint");
  assertStringIncludes(String(warning.message), `"${last}": optimizer`);
  assertEquals(doneOf(ended).epochs, 2);
  assertEquals(await digestOf(join(cwd, "damaged/model.safetensors")), whole);
});

Deno.test("a loss that isn't finite ends the run with the rows, and 1", async () => {
  await finetune("spoilt", "--epochs=1");
  await poison(join(cwd, "spoilt"), "<cls>");
  // Of flags given twice the last one counts.
  const model = ["--model=spoilt", "--weights=spoilt/model.safetensors"];
  const ended = await finetune("lost", ...model);
  const { code, rows, message } = ended.events.at(-1)!;
  assertEquals([ended.code, code], [1, "not-finite"]);
  assertEquals((rows as number[]).length, 8);
  assertStringIncludes(
    String(message),
    `on rows ${(rows as number[]).join(", ")}`,
  );
});

Deno.test("a run whose stdout nobody reads comes to its end", async () => {
  const [program, ...words] = taskWords("finetune");
  const child = new Deno.Command(program, {
    args: [...words, ...GOLDEN, "--out=unread"],
    cwd,
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  await child.stdout.cancel();
  const stderr = await new Response(child.stderr).text();
  assertEquals((await child.status).code, 0);
  assertStringIncludes(stderr, "nobody reads it any more");
  const lines = await Deno.readTextFile(join(cwd, "unread/events.jsonl"));
  assertStringIncludes(lines.trimEnd().split("\n").at(-1)!, '"event":"done"');
});
