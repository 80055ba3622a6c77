/** A disk that dies at a moment of choice, under the functions of Deno. */
import { basename } from "@std/path";

/** When the disk dies. */
export interface Fault {
  /** The operation, counted from 0. */
  at: number;
  /** Before it does anything, or after it: a write has done half by then. */
  when: "before" | "after";
}

/** What is done to files by their paths. */
const BY_PATH = ["mkdir", "makeTempDir", "open", "rename", "remove"] as const;

type AnyFunction = (...args: unknown[]) => Promise<unknown>;

/** Stands between a program and its files, in this process. */
export class FaultyDisk {
  #fault: Fault | undefined;
  #operations: string[] | undefined;
  #dead = false;

  constructor() {
    const api = Deno as unknown as Record<string, AnyFunction>;
    for (const name of BY_PATH) {
      const real = api[name];
      api[name] = (...args) =>
        this.#do(`${name} ${args.map(describe).join(" ")}`.trim(), {
          whole: () => real(...args),
        });
    }
    const file = Deno.FsFile.prototype as unknown as Record<
      string,
      AnyFunction
    >;
    const { write } = file;
    // What a process has written outlives it without waiting for the disk.
    file.sync = () => this.#do("sync", { whole: () => Promise.resolve() });
    const around = this.#do.bind(this);
    file.write = function (bytes) {
      const all = bytes as Uint8Array;
      return around(`write ${all.length} bytes`, {
        whole: () => write.call(this, all),
        half: () => write.call(this, all.subarray(0, all.length >> 1)),
      });
    };
  }

  /** Whether it has died. */
  get dead(): boolean {
    return this.#dead;
  }

  /** Begins to count. */
  begin(fault?: Fault): void {
    this.#fault = fault;
    this.#operations = [];
    this.#dead = false;
  }

  /** Works as any disk again. Returns what was done, the last one unfinished. */
  end(): string[] {
    const operations = this.#operations ?? [];
    this.#operations = undefined;
    this.#dead = false;
    return operations;
  }

  async #do(
    what: string,
    { whole, half = whole }: {
      whole: () => Promise<unknown>;
      half?: () => Promise<unknown>;
    },
  ): Promise<unknown> {
    if (!this.#operations) return await whole();
    if (this.#dead) throw new Error("the disk is dead");
    const { at, when } = this.#fault ?? {};
    const due = this.#operations.push(what) - 1 === at;
    if (!due) return await whole();
    if (when === "after") await half();
    this.#dead = true;
    throw new Error(`the disk died ${when} ${what}`);
  }
}

function describe(argument: unknown): string {
  return typeof argument === "string"
    ? basename(argument).replace(/[0-9a-f]{8}\.tmp$|(?<=partial-).*$/, "*")
    : "";
}
