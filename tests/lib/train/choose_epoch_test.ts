import { assertEquals } from "@std/assert";
import {
  chooseEpoch,
  type ChooseEpochOptions,
} from "../../../lib/train/choose_epoch.ts";

const UNSET: ChooseEpochOptions = {
  bestBy: undefined,
  patience: undefined,
  minGain: undefined,
};

/** Accuracies in percent, so that differences are exact. */
function choose(
  accuracies: number[],
  options: Partial<ChooseEpochOptions> = {},
) {
  const scores = accuracies.map((accuracy) => ({ accuracy }));
  return chooseEpoch(scores, { ...UNSET, ...options });
}

/** The epoch after which training stops; 0 if it goes on after the last. */
function stopOf(
  accuracies: number[],
  options: Partial<ChooseEpochOptions>,
): number {
  const stops = accuracies.map((_, i) =>
    choose(accuracies.slice(0, i + 1), options).stop
  );
  return stops.indexOf(true) + 1;
}

Deno.test("without an epoch there is no best one", () => {
  assertEquals(choose([], { patience: 1 }), { epoch: 0, stop: false });
});

Deno.test("the best epoch is the most accurate, if nothing else is said", () => {
  assertEquals(choose([50, 70, 60]).epoch, 2);
});

Deno.test("of equally good epochs the first is the best", () => {
  assertEquals(choose([50, 70, 70]).epoch, 2);
});

for (const bestBy of ["loss", "expectedCalibrationError"]) {
  Deno.test(`the best epoch by ${bestBy} has the least`, () => {
    const scores = [0.9, 0.4, 0.6].map((value) => ({ [bestBy]: value }));
    assertEquals(chooseEpoch(scores, { ...UNSET, bestBy }).epoch, 2);
  });
}

for (const bestBy of ["macroF1", "weightedF1", "matthews"]) {
  Deno.test(`the best epoch by ${bestBy} has the most`, () => {
    const scores = [0.1, 0.4, 0.3].map((value) => ({ [bestBy]: value }));
    assertEquals(chooseEpoch(scores, { ...UNSET, bestBy }).epoch, 2);
  });
}

Deno.test("an epoch without a number is never the best", () => {
  assertEquals(choose([NaN, 10, NaN]).epoch, 2);
});

Deno.test("without patience training never stops early", () => {
  assertEquals(stopOf([50, 40, 30, 20, 10], {}), 0);
});

Deno.test("training stops when patience has seen so many epochs gain nothing", () => {
  assertEquals(stopOf([50, 60, 60, 59, 60], { patience: 3 }), 5);
});

Deno.test("a gain begins patience anew", () => {
  assertEquals(stopOf([50, 49, 51, 50, 49], { patience: 2 }), 5);
});

Deno.test("less than the minimum is no gain, and the best epoch all the same", () => {
  const options = { patience: 2, minGain: 2 };
  assertEquals(choose([50, 51, 52], options), { epoch: 3, stop: true });
});

Deno.test("small steps together are a gain", () => {
  assertEquals(stopOf([50, 51, 53, 54, 55], { patience: 2, minGain: 2 }), 5);
});
