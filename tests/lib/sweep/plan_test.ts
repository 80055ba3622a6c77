import { assert, assertEquals, assertThrows } from "@std/assert";
import { UserError } from "../../../lib/base/errors.ts";
import { type Config, taskSchemas } from "../../../lib/settings/config.ts";
import { combinationsOf, planRuns } from "../../../lib/sweep/plan.ts";

/** The settings of a sweep, defaults filled in. */
function sweep(given: Record<string, unknown>): Config<"sweep"> {
  return taskSchemas.sweep.parse(given);
}

const grid = { lr: [1e-3, 1e-4], dropout: [0, 0.1, 0.2] };

Deno.test("a grid has every combination, the last setting changing first", () => {
  assertEquals(combinationsOf(sweep({ vary: grid })), [
    { lr: 1e-3, dropout: 0 },
    { lr: 1e-3, dropout: 0.1 },
    { lr: 1e-3, dropout: 0.2 },
    { lr: 1e-4, dropout: 0 },
    { lr: 1e-4, dropout: 0.1 },
    { lr: 1e-4, dropout: 0.2 },
  ]);
});

Deno.test("nothing to vary is one combination", () => {
  assertEquals(combinationsOf(sweep({})), [{}]);
});

Deno.test("draws of a grid are different ones", () => {
  const drawn = combinationsOf(sweep({ vary: grid, trials: 6 }));
  assertEquals(new Set(drawn.map((one) => JSON.stringify(one))).size, 6);
});

Deno.test("more draws begin with those of fewer", () => {
  const ranges = { batchSize: { min: 8, max: 64 } };
  const draw = (trials: number) =>
    combinationsOf(sweep({ vary: grid, ranges, trials, seed: 3 }));
  assertEquals(draw(5).slice(0, 3), draw(3));
});

Deno.test("another seed draws other combinations", () => {
  const ranges = { lr: { min: 1e-5, max: 1e-3, scale: "log" } };
  const draw = (seed: number) =>
    JSON.stringify(combinationsOf(sweep({ ranges, trials: 4, seed })));
  assert(draw(0) !== draw(1));
});

Deno.test("values are drawn from their range, whole numbers for whole ones", () => {
  const drawn = combinationsOf(sweep({
    ranges: { dropout: { min: 0.1, max: 0.4 }, epochs: { min: 1, max: 3 } },
    trials: 200,
  })) as { dropout: number; epochs: number }[];
  assert(drawn.every(({ dropout }) => dropout >= 0.1 && dropout <= 0.4));
  const epochs = new Set(drawn.map(({ epochs }) => epochs));
  assertEquals([...epochs].sort(), [1, 2, 3]);
});

Deno.test("on a log scale each order of magnitude is as likely", () => {
  const drawn = combinationsOf(sweep({
    ranges: { lr: { min: 1e-5, max: 1e-3, scale: "log" } },
    trials: 1000,
  })) as { lr: number }[];
  const low = drawn.filter(({ lr }) => lr < 1e-4).length;
  assert(Math.abs(low - 500) < 60, `${low} of 1000 are below the middle`);
});

Deno.test("more draws than combinations are refused", () => {
  assertThrows(
    () => combinationsOf(sweep({ vary: grid, trials: 7 })),
    UserError,
    "--trials is 7, but vary has 6 combinations",
  );
});

function plan(combinations: Record<string, unknown>[], seeds = [0]) {
  return planRuns({ shared: { epochs: 2 }, combinations, seeds, out: "sw" });
}

Deno.test("every combination is run with every seed", () => {
  const runs = plan([{ lr: 1e-3 }, { lr: 1e-4 }], [0, 7]);
  assertEquals(runs.map(({ name }) => name), [
    "lr=0.001,seed=0",
    "lr=0.001,seed=7",
    "lr=0.0001,seed=0",
    "lr=0.0001,seed=7",
  ]);
  const { lr, seed, epochs, out, batchSize } = runs[3].config;
  assertEquals(
    { lr, seed, epochs, out, batchSize },
    {
      lr: 1e-4,
      seed: 7,
      epochs: 2,
      out: "sw/runs/lr=0.0001,seed=7",
      batchSize: 512,
    },
  );
});

Deno.test("a sweep varies class weights between balanced and numbers", () => {
  const { vary } = sweep({ vary: { classWeights: ["balanced", [1, 1, 2]] } });
  const runs = plan(combinationsOf(sweep({ vary })));
  assertEquals(runs.map(({ config }) => config.classWeights), [
    "balanced",
    [1, 1, 2],
  ]);
  assertEquals(new Set(runs.map(({ name }) => name)).size, 2);
});

Deno.test("combinations that are the same are run once", () => {
  assertEquals(plan([{ lr: 1e-3 }, { lr: 1e-3 }]).length, 1);
});

Deno.test("a folder's name has no slash, and tells values apart all the same", () => {
  const names = plan([{ data: "a/b" }, { data: "a_b" }])
    .map(({ name }) => name);
  assert(names.every((name) => !name.includes("/")));
  assertEquals(new Set(names).size, 2);
});

Deno.test("settings that finetune refuses are told, all at once", () => {
  const error = assertThrows(
    () => plan([{ lr: 0 }, { epochs: 0 }]),
    UserError,
  );
  assert(error.message.includes("--lr is 0, expected more than 0"));
  assert(error.message.includes("--epochs is 0, expected at least 1"));
});
