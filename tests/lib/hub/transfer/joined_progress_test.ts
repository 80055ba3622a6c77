import { assertEquals } from "@std/assert";
import type { Progress } from "../../../../lib/base/progress.ts";
import { joinProgress } from "../../../../lib/hub/transfer/joined_progress.ts";

/** What is shown of some reports: phase, bytes done, bytes in all. */
function shown(...reports: Progress[]): Progress[] {
  const told: Progress[] = [];
  const tell = joinProgress((report) => told.push(report));
  reports.forEach(tell);
  return told;
}

function report(phase: string, done: number, total: number | null): Progress {
  return { phase, done, total, unit: "bytes" };
}

Deno.test("joinProgress passes the reports of a single download through", () => {
  const reports = [report("download a", 1, 2), report("download a", 2, 2)];
  assertEquals(shown(...reports), reports);
});

Deno.test("joinProgress adds up, and names each one's share", () => {
  const last = shown(
    report("download a", 10, 40),
    report("download b", 30, 60),
  ).at(-1);
  assertEquals(last, {
    ...report("download a, b", 40, 100),
    facts: { a: "25 %", b: "50 %" },
  });
});

Deno.test("joinProgress knows no total while one is unknown", () => {
  const last = shown(
    report("download a", 10, 40),
    report("download b", 30, null),
  ).at(-1);
  assertEquals(last?.total, null);
  assertEquals(last?.facts, { a: "25 %", b: "?" });
});

Deno.test("joinProgress shows no extraction while another download runs", () => {
  const phases = shown(
    report("download a", 1, 1),
    report("download b", 1, 2),
    report("extract a", 1, 2),
    report("download b", 2, 2),
    report("extract a", 2, 2),
    report("extract b", 1, 1),
  ).map(({ phase }) => phase);
  assertEquals(phases, [
    "download a",
    "download a, b",
    "download a, b",
    "extract a",
    "extract a, b",
  ]);
});
