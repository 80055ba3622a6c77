import { assertEquals } from "@std/assert";
import { renderBar } from "../../../lib/events/bar.ts";

Deno.test("the bar shows phase, share, amounts, facts, rate and time left", () => {
  const bar = renderBar({
    phase: "epoch 2/5",
    done: 250,
    total: 1000,
    unit: "steps",
    facts: { loss: "0.713", acc: "0.680" },
  }, 50);
  assertEquals(
    bar,
    `epoch 2/5  ${"█".repeat(6)}${"░".repeat(18)}  25 %  250/1,000  ` +
      "loss 0.713  acc 0.680  5/s  2:30 left",
  );
});

Deno.test("the bar counts bytes in kB and MB", () => {
  const bar = renderBar(
    { phase: "download", done: 500_000, total: 2_000_000, unit: "bytes" },
    1,
  );
  assertEquals(
    bar,
    `download  ${"█".repeat(6)}${"░".repeat(18)}  25 %  500 kB/2.0 MB  ` +
      "500 kB/s  0:03 left",
  );
});

Deno.test("without a total the bar shows the amount and the rate", () => {
  const progress = { phase: "encode", done: 30, total: null, unit: "rows" };
  assertEquals(
    renderBar({ ...progress, unit: "rows" }, 10),
    "encode  30  3/s",
  );
});

Deno.test("a phase that has only begun shows no rate", () => {
  const bar = renderBar({ phase: "p", done: 0, total: 4, unit: "steps" }, 0);
  assertEquals(bar, `p  ${"░".repeat(24)}  0 %  0/4`);
});

Deno.test("hours that are left are shown as such", () => {
  const bar = renderBar(
    { phase: "p", done: 1, total: 4000, unit: "steps" },
    1,
  );
  assertEquals(bar.split("  ").at(-1), "1:06:39 left");
});

Deno.test("more than the total fills the bar and no more", () => {
  const bar = renderBar({ phase: "p", done: 5, total: 4, unit: "rows" }, 0);
  assertEquals(bar, `p  ${"█".repeat(24)}  100 %  5/4`);
});
