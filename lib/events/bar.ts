import type { Progress } from "../base/progress.ts";
import { visible } from "../base/visible.ts";
import type { Sink } from "./sink.ts";

/** Least time between two drawings, in ms. */
const INTERVAL = 100;
const WIDTH = 24;

/** Drawings and lines that may wait for a terminal. */
const MOST_WAITING = 16;

/** One line on stderr that shows the running phase and is drawn over. */
export class Bar {
  readonly #sink: Sink;
  #drawn = false;
  #last = 0;
  #phase = "";
  #phaseStart = 0;

  /**
   * Begins with nothing drawn.
   *
   * @param sink Where the line is drawn: stderr.
   */
  constructor(sink: Sink) {
    this.#sink = sink;
  }

  /** Draws the line, at most ten times a second. */
  show(progress: Progress): void {
    const now = performance.now();
    if (progress.phase !== this.#phase) {
      this.#phase = progress.phase;
      this.#phaseStart = now;
    } else if (now - this.#last < INTERVAL) return;
    // A terminal that is held, as by Ctrl-S, would get them all at once later.
    if (this.#sink.waiting > MOST_WAITING) return;
    this.#last = now;
    const line = renderBar(progress, (now - this.#phaseStart) / 1000);
    this.#write("\r\x1b[K" + fit(line, columns()));
    this.#drawn = true;
  }

  /** Takes the line away, so that other text can be written. */
  clear(): void {
    if (this.#drawn) this.#write("\r\x1b[K");
    this.#drawn = false;
  }

  #write(text: string): void {
    this.#sink.put(new TextEncoder().encode(text));
  }
}

/**
 * The bar's line: phase, bar, share, rate, time left, facts.
 *
 * @param progress What to show.
 * @param seconds Time since the phase began.
 */
export function renderBar(progress: Progress, seconds: number): string {
  const { phase, done, total, unit, facts = {} } = progress;
  const rate = seconds > 0 ? done / seconds : 0;
  const parts = [phase];
  if (total === null || total === 0) parts.push(amount(done, unit));
  else {
    const share = Math.min(1, done / total);
    const full = Math.round(share * WIDTH);
    parts.push(
      "█".repeat(full) + "░".repeat(WIDTH - full),
      `${Math.floor(share * 100)} %`,
      `${amount(done, unit)}/${amount(total, unit)}`,
    );
  }
  for (const [name, value] of Object.entries(facts)) {
    parts.push(`${name} ${value}`);
  }
  if (rate > 0) {
    parts.push(`${amount(rate, unit)}/s`);
    if (total !== null) {
      parts.push(`${duration(Math.max(0, total - done) / rate)} left`);
    }
  }
  return visible(parts.join("  "));
}

function amount(value: number, unit: Progress["unit"]): string {
  if (unit === "bytes") {
    return value < 1e6
      ? `${(value / 1e3).toFixed(0)} kB`
      : `${(value / 1e6).toFixed(1)} MB`;
  }
  return value >= 100 || Number.isInteger(value)
    ? Math.round(value).toLocaleString("en-US")
    : value.toFixed(1);
}

function duration(seconds: number): string {
  const s = Math.round(seconds);
  const pad = (n: number) => String(n).padStart(2, "0");
  return s >= 3600
    ? `${Math.floor(s / 3600)}:${pad(Math.floor(s / 60) % 60)}:${pad(s % 60)}`
    : `${Math.floor(s / 60)}:${pad(s % 60)}`;
}

function columns(): number {
  try {
    // A terminal that nobody looks at may have 0.
    return Deno.consoleSize().columns || 80;
  } catch {
    return 80;
  }
}

function fit(line: string, width: number): string {
  return line.slice(0, Math.max(0, width - 1));
}
