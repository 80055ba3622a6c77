import { assert, assertEquals } from "@std/assert";
import type { SweepRow } from "../../../lib/events/events.ts";
import { renderSweep } from "../../../lib/report/sweep_chart.ts";

function row(lr: number, values: number[]): SweepRow {
  const mean = values.length === 0
    ? null
    : values.reduce((sum, value) => sum + value, 0) / values.length;
  const deviation = values.length < 2 ? null : 0.01;
  const seeds = [...values.keys()];
  return { settings: { lr }, seeds, values, mean, deviation, failed: 0 };
}

const about = { metric: "accuracy", split: "dev" };

/** How many marks of a kind are drawn. */
function marks(svg: string, kind: string): number {
  return svg.split(`aria-roledescription="${kind}"`).length - 1;
}

Deno.test("a sweep is drawn as a dot a seed and a tick a mean", async () => {
  const svg = await renderSweep([row(1, [0.5, 0.6]), row(2, [0.4])], about);
  assertEquals([marks(svg, "point"), marks(svg, "tick")], [3, 2]);
});

Deno.test("the best combination is on top", async () => {
  const svg = await renderSweep([row(2, [0.6]), row(1, [0.5])], about);
  const names = [...svg.matchAll(/>(lr=\d)</g)].map(([, name]) => name);
  assertEquals(names, ["lr=2", "lr=1"]);
});

Deno.test("a combination without a value is left out", async () => {
  const svg = await renderSweep([row(1, [0.5]), row(2, [])], about);
  assert(!svg.includes("lr=2"));
});

Deno.test("the axis tells the metric and the split", async () => {
  assert(
    (await renderSweep([row(1, [0.5])], about)).includes("accuracy on dev"),
  );
});

Deno.test("a sweep of which nothing was measured is a picture too", async () => {
  assert((await renderSweep([], about)).startsWith("<svg"));
});
