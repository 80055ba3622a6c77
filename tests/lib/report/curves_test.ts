import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { type EpochPoint, renderCurves } from "../../../lib/report/curves.ts";

const history: EpochPoint[] = [
  { epoch: 1, loss: 0.897, trainAccuracy: 0.571, testAccuracy: 0.642 },
  { epoch: 2, loss: 0.743, trainAccuracy: 0.684, testAccuracy: 0.671 },
  { epoch: 3, loss: 0.676, trainAccuracy: 0.719, testAccuracy: 0.688 },
];

/** The texts of an SVG, in order: legend, tick labels, titles. */
function texts(svg: string): string[] {
  return [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) =>
    text
  );
}

/** The plotted lines as corner points, in drawing order. */
function lines(svg: string): [number, number][][] {
  return [...svg.matchAll(/aria-roledescription="line mark"[^>]* d="([^"]*)"/g)]
    .map(([, path]) =>
      path.split(/[ML]/).slice(1).map((corner) => {
        const [x, y] = corner.split(",").map(Number);
        return [x, y] as [number, number];
      })
    );
}

Deno.test("the legend names the curves that the history has", async () => {
  const named = texts(await renderCurves(history));
  assertEquals(
    named.filter((text) => /loss|accuracy/.test(text)),
    ["train loss", "train accuracy", "test accuracy"],
  );
});

Deno.test("a dev split is plotted as such", async () => {
  const svg = await renderCurves(
    history.map(({ testAccuracy, ...rest }) => ({
      ...rest,
      ...(testAccuracy === undefined ? {} : { devAccuracy: testAccuracy }),
    })),
  );
  assert(texts(svg).includes("dev accuracy"));
  assert(!texts(svg).includes("test accuracy"));
});

Deno.test("values lie between 0 at the bottom and 1 at the top", async () => {
  const [loss] = lines(await renderCurves(history));
  assertEquals(
    loss.map(([, y]) => 1 - y / 300).map((value) => +value.toFixed(6)),
    history.map((point) => point.loss),
  );
});

Deno.test("the axis grows to hold a loss above 1", async () => {
  const svg = await renderCurves([
    { epoch: 1, loss: 2.5, trainAccuracy: 0.4 },
    { epoch: 2, loss: 1.5, trainAccuracy: 0.5 },
  ]);
  assertEquals(lines(svg)[0].map(([, y]) => y), [0, 120]);
});

Deno.test("epochs are ticked by whole numbers from 1", async () => {
  const ticks = texts(await renderCurves(history))
    .filter((text) => /^\d+$/.test(text));
  assertEquals(ticks, ["1", "2", "3"]);
});

Deno.test("every curve has a dash pattern of its own", async () => {
  const svg = await renderCurves(history);
  const dashes = [
    ...svg.matchAll(
      /aria-roledescription="line mark"[^>]*stroke-dasharray="([^"]*)"/g,
    ),
  ].map(([, dash]) => dash);
  assertEquals(dashes.length, 3);
  assertEquals(new Set(dashes).size, 3);
});

Deno.test("a loss that is no number is left out of the curve", async () => {
  const svg = await renderCurves([
    history[0],
    { ...history[1], loss: NaN },
    history[2],
  ]);
  assertEquals(lines(svg).map((line) => line.length), [2, 3, 3]);
});

Deno.test("a title is escaped", async () => {
  const svg = await renderCurves(history, { title: "a < b & c" });
  assertStringIncludes(svg, "a &lt; b &amp; c");
});

Deno.test("the same history gives the same picture", async () => {
  assertEquals(await renderCurves(history), await renderCurves(history));
});

Deno.test("a lone epoch has a mark on each curve, away from the edges", async () => {
  const svg = await renderCurves([
    { epoch: 1, loss: 0.9, trainAccuracy: 0.56, testAccuracy: 0.61 },
  ]);
  const marks = svg.match(/translate\(240,[\d.]+\)" d="M6,0A6,6/g);
  assertEquals(marks?.length, 3);
});
