import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import type { MetricsEvent } from "../../../lib/events/events.ts";
import {
  keepMetrics,
  readRunMetrics,
  removeRunMetrics,
  writeRunMetrics,
} from "../../../lib/run/run_metrics.ts";

const DEV: MetricsEvent = {
  event: "metrics",
  split: "dev",
  examples: 4,
  loss: 0.5,
  accuracy: 0.25,
  macroF1: 0.5,
  labels: [],
  weightedF1: 0,
  matthews: 0,
  expectedCalibrationError: 0,
  perClass: {},
  confusion: [],
};
const KEPT = keepMetrics(DEV, { epoch: 3, data: "f00d" });

async function withFolder(test: (run: string) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("metrics are kept by split with their epoch and data", () =>
  withFolder(async (run) => {
    await writeRunMetrics(run, KEPT);
    const { dev } = await readRunMetrics(run);
    assertEquals([dev.epoch, dev.data, dev.accuracy], [3, "f00d", 0.25]);
  }));

Deno.test("metrics take the place of those of another model", () =>
  withFolder(async (run) => {
    await writeRunMetrics(run, KEPT);
    await writeRunMetrics(run, { test: KEPT.dev });
    assertEquals(Object.keys(await readRunMetrics(run)), ["test"]);
  }));

Deno.test("a run without metrics has none", () =>
  withFolder(async (run) => {
    assertEquals(await readRunMetrics(run), {});
  }));

Deno.test("metrics that are removed are gone, and may be gone already", () =>
  withFolder(async (run) => {
    await writeRunMetrics(run, KEPT);
    await removeRunMetrics(run);
    await removeRunMetrics(run);
    assertEquals(await readRunMetrics(run), {});
  }));

Deno.test("metrics of an earlier version are of nobody knows which model", async () => {
  const run = "fixtures/kept/runs/hf-finished";
  const text = await Deno.readTextFile(join(run, "metrics.json"));
  assertEquals(Object.keys(JSON.parse(text)), ["dev", "test"]);
  assertEquals(await readRunMetrics(run), {});
});
