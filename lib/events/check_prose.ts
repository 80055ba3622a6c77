import type { CheckEvent } from "./check_events.ts";

const MARKS = { works: "ok", missing: "--", broken: "!!" };

const UNITS: Record<string, string> = {
  gigaflops: "GFLOP/s",
  gigabytesPerSecond: "GB/s",
};

/** A check on one line, and on the next what to do about it. */
export function describeCheck(
  { name, outcome, found, hint, timing }: CheckEvent,
): string {
  const rates = Object.entries(timing)
    .map(([unit, rate]) => `${rate.toPrecision(3)} ${UNITS[unit] ?? unit}`);
  const told = rates.join(", ") || found;
  const line = `${MARKS[outcome]}  ${name.padEnd(26)}  ${told}`;
  return hint === "" ? line : `${line}\n      ${hint}`;
}
