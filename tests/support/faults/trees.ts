/** Folders as they are before and after a fault. */
import { basename, join } from "@std/path";
import { parseLines, timeless } from "../tasks/run_task.ts";
import { namesIn } from "../tasks/workplace.ts";

/** Every file and folder below a folder, by its path there. */
export type Tree = Record<string, string>;

/** Settings of a run that say how it was started. */
const HOW_STARTED = ["resume", "overwrite", "override"];

/**
 * What lies below a folder: digests of files, less what depends on the clock or
 * on how often a run was started.
 */
export async function treeOf(folder: string): Promise<Tree> {
  const tree: Tree = {};
  for (const name of await namesIn(folder)) {
    const path = join(folder, name);
    if ((await Deno.stat(path)).isDirectory) {
      tree[name] = "a folder";
      for (const [inner, what] of Object.entries(await treeOf(path))) {
        tree[join(name, inner)] = what;
      }
    } else tree[name] = await contentOf(path);
  }
  return tree;
}

/** Files of JSON whose texts depend on the clock, by what counts of them. */
const MASKED: Record<string, (text: string) => unknown> = {
  "events.jsonl": (text) =>
    timeless(parseLines(text), ["step", "epoch", "metrics", "done"]),
  "run.json": (text) => {
    const { config, ...facts } = JSON.parse(text);
    for (const flag of HOW_STARTED) delete config[flag];
    return { ...facts, config };
  },
  "state.json": (text) => {
    const drop = (key: string, value: unknown) =>
      key === "timing" || key === "eventBytes" ? undefined : value;
    return JSON.parse(text, drop);
  },
  SHA256SUMS: (text) =>
    text.split("\n").filter((line) => !(line.split("  ")[1] in MASKED)),
};

const encoder = new TextEncoder();

/** Where two trees differ, in words. */
export function differencesOf(found: Tree, expected: Tree): string[] {
  const paths = Object.keys({ ...found, ...expected }).sort();
  return paths.filter((path) => found[path] !== expected[path]).map((path) =>
    !(path in expected)
      ? `${path} is left over`
      : !(path in found)
      ? `${path} is missing`
      : `${path} has other bytes`
  );
}

async function contentOf(path: string): Promise<string> {
  const mask = MASKED[basename(path)];
  const bytes = mask
    ? encoder.encode(JSON.stringify(mask(await Deno.readTextFile(path))))
    : await Deno.readFile(path);
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return new Uint8Array(digest).toHex();
}

/** Copies all that lies in a folder into another, which is emptied first. */
export async function copyTree(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for (const name of await namesIn(to)) {
    await Deno.remove(join(to, name), { recursive: true });
  }
  for (const name of await namesIn(from)) {
    const [source, target] = [join(from, name), join(to, name)];
    if ((await Deno.stat(source)).isDirectory) await copyTree(source, target);
    else await Deno.copyFile(source, target);
  }
}
