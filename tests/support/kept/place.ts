/** A folder in which tasks find what was kept, by the names it was made by. */
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { copyTree } from "../faults/trees.ts";
import { type Line, parseLines } from "../tasks/run_task.ts";
import { assertKept } from "./rounding.ts";

/** Where the kept files are, from the repository's root and in the folder. */
export const KEPT = "fixtures/kept";

/** Whose models there are runs of: the book's, and Hugging Face's. */
export const FAMILIES = ["d2l", "hf"] as const;

/** The flags by which a task was asked for what was kept. */
export async function settings(name: string): Promise<string[]> {
  const text = await Deno.readTextFile(`${KEPT}/settings/${name}.txt`);
  return text.trimEnd().split("\n");
}

/** A copy of the kept files, and of the models that they were made from. */
export class Place implements AsyncDisposable {
  /** @param path The folder. */
  private constructor(readonly path: string) {}

  /** Makes the folder. */
  static async make(): Promise<Place> {
    const path = await Deno.makeTempDir();
    for (const golden of ["mxnet", "torch"]) {
      const folder = `fixtures/golden/${golden}`;
      await copyTree(folder, join(path, folder));
    }
    await copyTree(KEPT, join(path, KEPT));
    return new Place(path);
  }

  /** The path of the copy of a kept file or folder. */
  of(name: string): string {
    return join(this.path, KEPT, name);
  }

  /** Removes the folder. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.path, { recursive: true });
  }
}

/** The events of a kept file, as `events/hf-eval`. */
export async function keptEvents(name: string): Promise<Line[]> {
  return parseLines(await Deno.readTextFile(`${KEPT}/${name}.jsonl`));
}

/** The events that tell of training alone. */
export function trainingEvents(events: readonly Line[]): Line[] {
  return events.filter(({ event }) =>
    ["step", "epoch", "metrics"].includes(`${event}`)
  );
}

/**
 * Asserts that events are the kept ones, less what depends on the clock: the
 * time, `timing`, and reports on work that was under way. Versions may be
 * others, and there may be settings, facts, warnings and kinds of events that
 * the program didn't have then.
 */
export function assertKeptEvents(
  actual: readonly Line[],
  kept: readonly Line[],
): void {
  const [events, expected] = [actual, kept].map((lines) =>
    lines.filter(({ event, done, total, code }) =>
      event === "progress"
        ? done === total
        : kept.some((line) =>
          line.event === event && (event !== "warning" || line.code === code)
        )
    ).map(({ ts: _, timing: __, ...facts }) => facts)
  );
  const names = (lines: Line[]) => lines.map(({ event }) => event);
  assertEquals(names(events), names(expected));
  for (const [i, event] of expected.entries()) {
    const where = `event ${i + 1}, ${event.event}`;
    assertKept(comparable(events[i], event), comparable(event, event), where);
  }
}

/** A value less the fields, at any depth, that a kept one does not have. */
export function inCommon(value: unknown, kept: unknown): unknown {
  if (
    typeof value !== "object" || value === null || Array.isArray(value) ||
    typeof kept !== "object" || kept === null
  ) return value;
  return Object.fromEntries(
    Object.entries(kept).map(([name, old]) => [
      name,
      inCommon((value as Record<string, unknown>)[name], old),
    ]),
  );
}

/** What an event has in common with a kept one if nothing has changed. */
function comparable(event: Line, kept: Line): Line {
  if (kept.event === "done") return inCommon(event, kept) as Line;
  if (kept.event !== "start") return event;
  const { config, versions, ...facts } = event;
  const known = Object.keys(kept.config as Line);
  return {
    ...facts,
    config: Object.fromEntries(
      known.map((key) => [key, (config as Line)?.[key]]),
    ),
    versions: Object.keys(versions as Line),
  };
}
