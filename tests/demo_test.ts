import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { slowTest } from "./support/slow.ts";
import { type LinkOutput, runChain } from "./support/tasks/chain.ts";

let folder: string;
let outputs: Map<string, LinkOutput>;

Deno.test.beforeAll(async () => {
  folder = await Deno.makeTempDir();
  outputs = await runChain("demo", {
    folder,
    add: {
      preprocess: ["--limit", "400"],
      finetune: ["--limit", "128", "--epochs", "2", "--device", "cpu"],
      predict: ["--device", "cpu"],
      eval: ["--limit", "64", "--device", "cpu"],
    },
  });
});

Deno.test.afterAll(() => Deno.remove(folder, { recursive: true }));

Deno.test("every task of the demo begins with start and ends with done", () => {
  for (const [task, { lines }] of outputs) {
    assertEquals([lines[0].event, lines[0].task], ["start", task]);
    assertEquals([lines.at(-1)!.event, lines.at(-1)!.task], ["done", task]);
  }
});

Deno.test("only the demo's last task says anything on stderr", () => {
  for (const [task, { stderr }] of outputs) {
    if (task !== "demo") assertEquals(stderr, "", task);
  }
});

Deno.test("the demo ends with the book's two lines and the run's path", () => {
  const [figures, rate, path, ...rest] = outputs.get("demo")!.stderr
    .split("\n");
  assertMatch(
    figures,
    /^loss \d\.\d{3}, train acc \d\.\d{3}, test acc \d\.\d{3}$/,
  );
  assertMatch(rate, /^\d+\.\d examples\/sec on cpu \(.+\)$/);
  assertEquals(path, ".premise/runs/bert.tiny");
  assertEquals(rest, [""]);
});

Deno.test("the demo's last event has the test accuracy of the run", () => {
  const trained = outputs.get("finetune")!.lines.at(-1)!;
  assertEquals(outputs.get("demo")!.lines.at(-1)!.accuracy, trained.accuracy);
  assert(typeof trained.accuracy === "number");
});

Deno.test("the demo classifies three pairs", () => {
  const labels = outputs.get("predict")!.lines
    .filter(({ event }) => event === "prediction")
    .map(({ label }) => String(label));
  assertEquals(labels.length, 3);
  for (const label of labels) {
    assertMatch(label, /^(entailment|contradiction|neutral)$/);
  }
});

Deno.test("the demo's model knows the words that it is asked about", () => {
  const codes = outputs.get("predict")!.lines.map(({ code }) => code);
  assertEquals(codes.filter((code) => code !== undefined), []);
});

Deno.test("the demo's run has the curves and the metrics", async () => {
  const run = join(folder, ".premise/runs/bert.tiny");
  assertMatch(await Deno.readTextFile(join(run, "curves.svg")), /^<svg/);
  const metrics = JSON.parse(
    await Deno.readTextFile(join(run, "metrics.json")),
  );
  assertEquals(metrics.test.examples, 128);
});

slowTest("the demo can be run again over its last run", async () => {
  await runChain("demo", {
    folder,
    add: {
      preprocess: ["--limit", "400"],
      finetune: ["--limit", "64", "--epochs", "1", "--device", "cpu"],
      predict: ["--device", "cpu"],
      eval: ["--limit", "64", "--device", "cpu"],
    },
  });
});
