/**
 * Chrome's trace event format, which chrome://tracing and Perfetto open: a
 * JSON object whose `traceEvents` are complete events (`"ph": "X"`), times in
 * microseconds.
 *
 * @module
 */

/** Something that took time. */
export interface Span {
  name: string;
  /** The line it is drawn on. */
  track: string;
  /** In milliseconds. */
  begun: number;
  /** In milliseconds. */
  ended: number;
}

/**
 * A trace's text.
 *
 * @param spans In any order; those of a track lie within each other or apart.
 *
 * @example
 * ```ts
 * import { traceText } from "./trace.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const span = { name: "Linear", track: "kernels", begun: 1, ended: 3 };
 * const { traceEvents } = JSON.parse(traceText([span]));
 * assertEquals(traceEvents[0].args, { name: "kernels" });
 * assertEquals(traceEvents[1].dur, 2000);
 * ```
 */
export function traceText(spans: readonly Span[]): string {
  const tracks = [...new Set(spans.map(({ track }) => track))];
  const thread = (track: string) => ({
    pid: 1,
    tid: tracks.indexOf(track) + 1,
  });
  const events = [
    ...tracks.map((track) => ({
      name: "thread_name",
      ph: "M",
      ...thread(track),
      args: { name: track },
    })),
    ...spans.map(({ name, track, begun, ended }) => ({
      name,
      ph: "X",
      ...thread(track),
      ts: microseconds(begun),
      dur: microseconds(ended - begun),
    })),
  ];
  return `{"displayTimeUnit":"ms","traceEvents":[\n${
    events.map((event) => JSON.stringify(event)).join(",\n")
  }\n]}\n`;
}

/** With three decimals: the clock has no more. */
function microseconds(ms: number): number {
  return Math.round(ms * 1e6) / 1e3;
}
