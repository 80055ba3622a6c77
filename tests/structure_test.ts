import { assertEquals } from "@std/assert";
import { dirname } from "@std/path";
import { circlesOf, filesBelow, readImports } from "./support/imports.ts";

/** The folders of lib, from the ground up: each imports those before it. */
const FLOORS = [
  ["base"],
  ["events"],
  ["settings"],
  ["hub", "text"],
  ["data"],
  ["weights"],
  ["device"],
  ["ops"],
  ["optim", "model"],
  ["evaluate"],
  ["profile", "report"],
  ["train"],
  ["run"],
  ["task"],
  ["sweep", "doctor", "verify", "export", "package"],
];

/** How many files may lie beside each other. */
const MOST_FILES = 15;

/** Folders of what was found or measured: a file each. */
const RECORDS = [
  "bench/results/",
  "tests/fuzz/corpus/",
  "tests/lib/hub/archives/",
];

const imports = await readImports(["lib", "tasks"]);

/** The floor of a file: that of its folder in lib, or above all of them. */
function floorOf(file: string): number {
  const folder = /^lib\/(\w+)\//.exec(file)?.[1];
  if (folder === undefined) return FLOORS.length;
  const floor = FLOORS.findIndex((folders) => folders.includes(folder));
  if (floor === -1) throw new Error(`lib/${folder} has no floor`);
  return floor;
}

/** The folder of lib that a file is in; nothing if it is above. */
function roomOf(file: string): string | undefined {
  return /^lib\/(\w+)\//.exec(file)?.[1];
}

Deno.test("every folder of lib imports only folders below it", () => {
  const wrong = [...imports].flatMap(([file, others]) =>
    others.filter((other) =>
      imports.has(other) && roomOf(other) !== roomOf(file) &&
      floorOf(other) >= floorOf(file)
    ).map((other) => `${file} imports ${other}`)
  );
  assertEquals(wrong, []);
});

Deno.test("no files import each other in a circle, types included", () => {
  assertEquals(circlesOf(imports), []);
});

Deno.test("a circle of imports is found, whatever it is entered by", () => {
  const graph = new Map([
    ["a", ["b"]],
    ["b", ["c", "d"]],
    ["c", ["b"]],
    ["d", ["d2"]],
    ["d2", []],
  ]);
  assertEquals(circlesOf(graph), [["b", "c"]]);
});

Deno.test("no folder has more files beside each other than a reader can take in", async () => {
  const counts = new Map<string, number>();
  for (const folder of ["lib", "tasks", "tests", "bench", "docs"]) {
    for (const file of await filesBelow(folder)) {
      if (RECORDS.some((records) => file.startsWith(records))) continue;
      counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1);
    }
  }
  const full = [...counts].filter(([, count]) => count > MOST_FILES);
  assertEquals(full, []);
});
