import { assert, assertEquals } from "@std/assert";
import { opFolders } from "./support/ops/op_folders.ts";

const OPS = "lib/ops";
/** What an optimiser's op calls to register its kernels. */
const CALLED = ["update_rule"];

/** What each op's folder has. */
const FILES = ["cpu.ts", "mod.ts", "reference.ts", "webgpu.ts"];
/** What a folder has if the op needs it; a folder holds what one file can't. */
const OPTIONAL = ["cpu", "cpu.as.ts", "wgsl", "wgsl.ts"];
/** What some have besides: masks, targets, and lists of indices. */
const EXTRAS: Record<string, string[]> = {
  cross_entropy: ["targets.ts"],
  dropout: ["mask.ts"],
  embedding: [
    "padding_rows.ts",
    "row_groups.ts",
    "segment_sum.ts",
    "unique_rows.ts",
  ],
};

async function namesIn(folder: string): Promise<string[]> {
  const names = [];
  for await (const { name } of Deno.readDir(folder)) names.push(name);
  return names.sort();
}

const ops = await opFolders();

Deno.test("every op's folder has the same files", async () => {
  for (const op of ops) {
    const allowed = [...OPTIONAL, ...EXTRAS[op] ?? []];
    const names = await namesIn(`${OPS}/${op}`);
    assertEquals(names.filter((name) => !allowed.includes(name)), FILES, op);
  }
});

Deno.test("every op has a test of its own", async () => {
  for (const op of ops) {
    // It is tested by each optimiser's op.
    if (!CALLED.includes(op)) {
      await Deno.stat(`tests/${OPS}/${op}/${op}_test.ts`);
    }
  }
});

Deno.test("an op's WGSL is in one file or one folder", async () => {
  for (const op of ops) {
    const names = await namesIn(`${OPS}/${op}`);
    assert(!(names.includes("wgsl") && names.includes("wgsl.ts")), op);
  }
});

Deno.test("an op's mod.ts imports its reference and the kernels of both devices", async () => {
  for (const op of ops) {
    if (CALLED.includes(op)) continue;
    const own = await ownImports(`${OPS}/${op}/mod.ts`);
    for (const name of ["cpu.ts", "reference.ts", "webgpu.ts"]) {
      assert(own.includes(name), `${op}/mod.ts does not import ${name}`);
    }
  }
});

Deno.test("an op's reference knows no kernel", async () => {
  for (const op of ops) {
    const source = await Deno.readTextFile(`${OPS}/${op}/reference.ts`);
    const kernels = /"[./\w]*\/(mod|cpu|webgpu|wgsl\b.*)\.ts"/.exec(source);
    assertEquals(kernels, null, op);
  }
});

Deno.test("every op's CPU kernels are in the list that is compiled", async () => {
  const list = await Deno.readTextFile(`${OPS}/kernels.as.ts`);
  for (const op of ops) {
    if (!(await namesIn(`${OPS}/${op}`)).includes("cpu.as.ts")) continue;
    assert(list.includes(`"./${op}/cpu.as"`), op);
  }
});

/** The files beside a file that it imports. */
async function ownImports(path: string): Promise<string[]> {
  const source = await Deno.readTextFile(path);
  return [...source.matchAll(/^(?:import|\}) ?.*?"\.\/(.*)";$/gm)]
    .map(([, name]) => name);
}
