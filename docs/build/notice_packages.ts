/**
 * The npm packages that this project uses, as its lock files have them.
 *
 * @module
 */
import manifest from "../../deno.json" with { type: "json" };

/** One package at one version. */
export interface NpmPackage {
  /** Its name, as `@zip.js/zip.js`. */
  name: string;
  /** Its version, as `2.24.0`. */
  version: string;
  /** Whether the program uses it, or else only tests or builds. */
  shipped: boolean;
}

/** The name and version of a package, in the key that a lock has it by. */
const PACKAGE = /^(@?[^@]+)@([^_]+)/;

/** The name and the version that a key of a lock begins with. */
export function nameAndVersion(key: string): [string, string] {
  const [, name, version] = PACKAGE.exec(key)!;
  return [name, version];
}

/** What is read here of a lock file of version 5. */
export interface Lock {
  npm: Record<string, {
    integrity: string;
    dependencies?: string[];
    optionalPeers?: string[];
  }>;
  specifiers: Record<string, string>;
}

/** The lock file of all that runs or tests the program. */
export const LOCK = "deno.lock";

/** That of the compiler of the CPU's kernels, which only builders fetch. */
export const COMPILER_LOCK = "lib/device/cpu/kernels/kernels.lock";

/** Where the program's own sources are; the rest tests, measures or builds it. */
const PROGRAM = ["lib", "tasks"];

/** Lists the packages of both lock files, by name and version. */
export async function listAllPackages(): Promise<NpmPackage[]> {
  const [lock, compilerLock] = await Promise.all(
    [LOCK, COMPILER_LOCK].map((path) => Deno.readTextFile(path)),
  );
  const compiler: Lock = JSON.parse(compilerLock);
  const all = await listPackages(lock);
  for (const key of Object.keys(compiler.npm)) {
    const [, name, version] = PACKAGE.exec(key)!;
    if (all.some((one) => one.name === name && one.version === version)) {
      continue;
    }
    all.push({ name, version, shipped: false });
  }
  return all;
}

/**
 * Lists the packages of a lock file, by name and version.
 *
 * A package counts as shipped if a module of the program imports it, or one
 * that is shipped depends on it. Those that hold types alone are erased.
 *
 * @param lockText The content of deno.lock.
 */
export async function listPackages(lockText: string): Promise<NpmPackage[]> {
  const lock: Lock = JSON.parse(lockText);
  const shipped = new Set<string>();
  const pending = await programRoots(lock);
  for (let key; (key = pending.pop()) !== undefined;) {
    if (shipped.has(key)) continue;
    shipped.add(key);
    for (const dependency of lock.npm[key].dependencies ?? []) {
      pending.push(keyOf(dependency, lock));
    }
  }
  const packages = new Map<string, NpmPackage>();
  for (const key of Object.keys(lock.npm)) {
    const [, name, version] = PACKAGE.exec(key)!;
    const isShipped = shipped.has(key) && !holdsTypes(name);
    packages.set(`${name}@${version}`, { name, version, shipped: isShipped });
  }
  return [...packages.values()];
}

function holdsTypes(name: string): boolean {
  return name.startsWith("@types/") || name === "@webgpu/types";
}

/** A dependency has its version only where the lock has several. */
function keyOf(dependency: string, lock: Lock): string {
  const key = Object.keys(lock.npm).find((key) =>
    key === dependency || key.startsWith(`${dependency}@`) ||
    key.startsWith(`${dependency}_`)
  );
  if (key === undefined) throw new Error(`deno.lock lacks "${dependency}"`);
  return key;
}

/** The lock's keys of what the program's modules import. */
async function programRoots(lock: Lock): Promise<string[]> {
  const sources = [await Deno.readTextFile("mod.ts")];
  for (const folder of PROGRAM) {
    for await (const text of readSources(folder)) sources.push(text);
  }
  const roots = new Set<string>();
  for (const [alias, target] of Object.entries(manifest.imports)) {
    if (!target.startsWith("npm:")) continue;
    const imported = `from "${alias}${alias.endsWith("/") ? "" : '"'}`;
    if (!sources.some((source) => source.includes(imported))) continue;
    const named = target.replace(/^npm:\/?/, "").replace(/\/$/, "");
    roots.add(keyOf(named, lock));
  }
  return [...roots];
}

async function* readSources(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) yield* readSources(path);
    else if (/(?<!\.bundle)\.[jt]s$/.test(name)) {
      yield await Deno.readTextFile(path);
    }
  }
}
