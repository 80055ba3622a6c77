/**
 * Which file imports which, as Deno resolves it: types and dynamic imports
 * count as others do.
 *
 * @module
 */
import { fromFileUrl, join, relative, resolve, toFileUrl } from "@std/path";

/** The files that each file imports, by their paths from the checkout. */
export type Imports = ReadonlyMap<string, readonly string[]>;

/** What `deno info --json` says of a module. */
interface ModuleInfo {
  specifier: string;
  dependencies?: Partial<Record<"code" | "type", { specifier?: string }>>[];
}

/**
 * Reads what the TypeScript files of some folders import of each other.
 *
 * @param folders Folders of the checkout, as `lib`.
 */
export async function readImports(
  folders: readonly string[],
): Promise<Imports> {
  const files = (await Promise.all(folders.map(filesBelow))).flat()
    .filter((file) => /(?<!\.as|\.d)\.ts$/.test(file));
  const entry = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    await Deno.writeTextFile(
      entry,
      files.map((file) => `import "${toFileUrl(resolve(file))}";`).join("\n"),
    );
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["info", "--json", "--config", "deno.json", entry],
      stderr: "null",
    }).output();
    const info = JSON.parse(new TextDecoder().decode(stdout));
    const known = new Set(files);
    return new Map(
      (info.modules as ModuleInfo[])
        .map((module) => [pathOf(module.specifier), importsOf(module)] as const)
        .filter(([file]) => known.has(file)),
    );
  } finally {
    await Deno.remove(entry);
  }
}

function importsOf({ dependencies = [] }: ModuleInfo): string[] {
  return dependencies.flatMap(({ code, type }) => code ?? type ?? [])
    .map(({ specifier = "" }) => pathOf(specifier));
}

/** A file's path from the checkout; of a package what Deno calls it. */
function pathOf(specifier: string): string {
  if (!specifier.startsWith("file:")) return specifier;
  return relative(Deno.cwd(), fromFileUrl(specifier)).replaceAll("\\", "/");
}

/** All files below a folder, by their paths from the checkout. */
export async function filesBelow(folder: string): Promise<string[]> {
  const files: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = join(folder, name).replaceAll("\\", "/");
    files.push(...(isDirectory ? await filesBelow(path) : [path]));
  }
  return files.sort();
}

/**
 * Finds files that import each other in a circle (Tarjan, "Depth-first search
 * and linear graph algorithms", 1972).
 *
 * @return The files of each circle, sorted.
 */
export function circlesOf(imports: Imports): string[][] {
  const circles: string[][] = [];
  const found = new Map<string, { order: number; least: number }>();
  const open: string[] = [];
  const visit = (file: string): number => {
    const own = { order: found.size, least: found.size };
    found.set(file, own);
    open.push(file);
    for (const other of imports.get(file) ?? []) {
      if (!imports.has(other)) continue;
      if (!found.has(other)) own.least = Math.min(own.least, visit(other));
      else if (open.includes(other)) {
        own.least = Math.min(own.least, found.get(other)!.order);
      }
    }
    if (own.least === own.order) {
      const circle = open.splice(open.indexOf(file));
      if (circle.length > 1) circles.push(circle.sort());
    }
    return own.least;
  };
  for (const file of imports.keys()) if (!found.has(file)) visit(file);
  return circles;
}
