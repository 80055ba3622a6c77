/**
 * A disk that fails at a call of choice, under the functions of Deno: every
 * call that changes files is counted, and one of them can end the program as a
 * SIGKILL does, or fail as a disk does.
 *
 * @module
 */
import { join } from "@std/path";
import { AsyncLocalStorage } from "node:async_hooks";
import { type Code, full, systemError } from "./system_errors.ts";

/** What goes wrong at a call. */
export interface Fault {
  /** The call, counted from 0. */
  at: number;
  /**
   * `kill` ends the program before the call; `tear` does so when half of it
   * is done; else the call fails, and with ENOSPC all later ones that need
   * space.
   */
  kind: "kill" | "tear" | Code;
}

/** A call that changes files. */
export interface Call {
  /** The function, as `rename`. */
  name: string;
  /** The file or folder; the one that is made, for two. */
  path: string;
  /** Whether half of it can be done. */
  tears: boolean;
}

/** How a piece of work ended. */
export interface Lived {
  /** What it did, the call at which it ended included. */
  calls: Call[];
  /** The exit code that it returned; absent if it was killed. */
  code?: number;
}

type AnyFunction = (...args: unknown[]) => unknown;

/** Functions of Deno that change files, by which argument names what is made. */
const BY_PATH: Record<string, number> = {
  copyFile: 1,
  makeTempDir: 0,
  makeTempFile: 0,
  mkdir: 0,
  remove: 0,
  rename: 1,
  truncate: 0,
  writeFile: 0,
  writeTextFile: 0,
};

/** What changes an open file. */
const OF_FILES = ["sync", "syncData", "truncate", "write"];

/** A program that runs on the disk. */
class Life {
  readonly calls: Call[] = [];
  readonly died = Promise.withResolvers<undefined>();
  readonly files = new Map<Deno.FsFile, string>();
  readonly workers: Worker[] = [];
  isDead = false;
  isFull = false;

  constructor(readonly fault?: Fault, readonly kill?: () => void) {}

  /** Ends the program: its workers, its files, and with them its locks. */
  die(): never {
    this.kill?.();
    this.isDead = true;
    for (const worker of this.workers) worker.terminate();
    for (const file of this.files.keys()) {
      try {
        file.close();
      } catch {
        // It was closed before.
      }
    }
    this.died.resolve(undefined);
    throw new DiskDied();
  }
}

/** Thrown out of calls that cannot wait for ever. */
class DiskDied extends Error {}

const lives = new AsyncLocalStorage<Life>();
let processLife: Life | undefined;

/** The program that makes a call; none if its calls are not counted. */
function caller(): Life | undefined {
  return lives.getStore() ?? processLife;
}

/**
 * Does some work whose files are counted, and may fail.
 *
 * What is still running when it is killed never touches a file again.
 *
 * @param work What to do.
 * @param fault What goes wrong, if anything.
 */
export async function live(
  work: () => Promise<number>,
  fault?: Fault,
): Promise<Lived> {
  const life = new Life(fault);
  const result = await Promise.race([
    life.died.promise,
    lives.run(life, work).catch((error) => {
      if (life.isDead) return undefined;
      throw error;
    }),
  ]);
  const { calls, isDead } = life;
  return isDead ? { calls } : { calls, code: result as number };
}

/**
 * Lets something go wrong in all that this process does.
 *
 * @param fault What goes wrong, and at which call.
 * @param kill Ends the process.
 */
export function failProcess(fault: Fault, kill: () => void): void {
  processLife = new Life(fault, kill);
}

/** One call, as it is counted and done. */
interface Doing extends Omit<Call, "tears"> {
  whole: () => unknown;
  half?: (() => unknown) | undefined;
  needsSpace: boolean;
}

/** Does a call, or lets it fail; a program that is dead never gets further. */
function perform(life: Life, doing: Doing): unknown {
  const { name, path, whole, half } = doing;
  if (life.isDead) throw new DiskDied();
  const tears = half !== undefined;
  const at = life.calls.push({ name, path: masked(path), tears }) - 1;
  const { fault } = life;
  if (at === fault?.at) {
    if (fault.kind === "kill") life.die();
    if (fault.kind === "tear") {
      const torn = half?.();
      const die = () => life.die();
      if (torn instanceof Promise) return torn.then(die, die);
      life.die();
    }
    life.isFull = fault.kind === full;
    throw systemError(fault.kind as Code, doing);
  }
  if (life.isFull && doing.needsSpace) throw systemError(full, doing);
  return whole();
}

/** The same for a function that returns a promise. */
async function performLater(life: Life, doing: Doing): Promise<unknown> {
  try {
    const result = await perform(life, doing);
    if (!life.isDead) return result;
    // It was opened while the program died.
    if (result instanceof Deno.FsFile) result.close();
  } catch (error) {
    if (!life.isDead) throw error;
  }
  return await new Promise<never>(() => {});
}

/** Names that are drawn by chance, alike in every program. */
function masked(path: string): string {
  return path.replace(/[0-9a-f]{8}(?=\.tmp$)|(?<=\.partial-)[0-9a-f]+/g, "*");
}

/** Half of a call by path, if it can be done by half. */
function halfOf(name: string, args: unknown[]): (() => unknown) | undefined {
  const [first, second] = args as [string, string | Uint8Array];
  switch (name) {
    case "copyFile":
      return async () => {
        const bytes = await real.readFile(first) as Uint8Array;
        await real.writeFile(second, bytes.subarray(0, bytes.length >> 1));
      };
    case "writeFile":
    case "writeTextFile":
      return () => real[name](first, second.slice(0, second.length >> 1));
    case "remove":
      return (args[1] as Deno.RemoveOptions | undefined)?.recursive
        ? () => removeHalf(first)
        : undefined;
    default:
      return undefined;
  }
}

/** Removes every second file below a folder. */
async function removeHalf(folder: string): Promise<void> {
  let seen = 0;
  const within = async (path: string) => {
    for await (const { name, isDirectory } of Deno.readDir(path)) {
      if (isDirectory) await within(join(path, name));
      else if (seen++ % 2 === 1) await real.remove(join(path, name));
    }
  };
  await within(folder);
}

function pathOf(name: string, args: unknown[]): string {
  if (name.startsWith("makeTemp")) {
    const { dir = "", prefix = "" } = args[0] as Deno.MakeTempOptions;
    return join(dir, prefix);
  }
  return String(args[BY_PATH[name]]);
}

globalThis.Worker = class extends Worker {
  constructor(...given: ConstructorParameters<typeof Worker>) {
    super(...given);
    caller()?.workers.push(this);
  }
};

const api = Deno as unknown as Record<string, AnyFunction>;
const real: Record<string, AnyFunction> = { ...api };

/** Whether a file that is opened may be changed. */
function isForWriting(options: Deno.OpenOptions | undefined): boolean {
  return Boolean(options?.write || options?.append);
}

for (const [suffix, act] of [["", performLater], ["Sync", perform]] as const) {
  for (const plain of Object.keys(BY_PATH)) {
    const name = plain + suffix;
    api[name] = (...args) => {
      const life = caller();
      if (!life) return real[name](...args);
      return act(life, {
        name,
        path: pathOf(plain, args),
        whole: () => real[name](...args),
        half: halfOf(name, args),
        needsSpace: plain !== "remove" && plain !== "rename",
      });
    };
  }
  const open = `open${suffix}`;
  api[open] = (path, options) => {
    const life = caller();
    if (!life) return real[open](path, options);
    const keep = (file: Deno.FsFile) => {
      life.files.set(file, String(path));
      return file;
    };
    const whole = () => {
      const opened = real[open](path, options);
      return opened instanceof Promise
        ? opened.then(keep)
        : keep(opened as Deno.FsFile);
    };
    if (!isForWriting(options as Deno.OpenOptions)) return whole();
    const needsSpace = Boolean((options as Deno.OpenOptions).createNew);
    return act(life, { name: open, path: String(path), whole, needsSpace });
  };
  const methods = Deno.FsFile.prototype as unknown as typeof api;
  for (const plain of OF_FILES) {
    const name = plain + suffix;
    const method = methods[name];
    methods[name] = function (this: Deno.FsFile, ...args) {
      const life = caller();
      const path = life?.files.get(this);
      if (path === undefined) return method.apply(this, args);
      const bytes = args[0] as Uint8Array;
      return act(life!, {
        name,
        path,
        // What a process has written outlives it without waiting for the disk.
        whole: () =>
          plain.startsWith("sync") && !life!.kill
            ? undefined
            : method.apply(this, args),
        half: plain === "write" && bytes.length > 1
          ? () => method.call(this, bytes.subarray(0, bytes.length >> 1))
          : undefined,
        needsSpace: plain === "write" || plain.startsWith("sync"),
      });
    };
  }
}
