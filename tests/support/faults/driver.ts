/** The other side of task_driver.ts: gives orders and awaits replies. */
import { resolve } from "@std/path";
import { eventsOf, type Line } from "../tasks/run_task.ts";
import type { Order, Reply } from "./task_driver.ts";

/** How a run went, and what it told. */
export interface Ran extends Reply {
  told: Line[];
}

/** A process that runs tasks when told to. */
export class Driver {
  readonly #child: Deno.ChildProcess;
  readonly #orders: WritableStreamDefaultWriter<Uint8Array>;
  readonly #events: AsyncGenerator<Line>;

  /**
   * Starts the process.
   *
   * @param cwd Its working directory.
   */
  constructor(cwd: string) {
    this.#child = new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "--no-prompt", "-A", `--config=${resolve("deno.json")}`],
        resolve("tests/support/faults/task_driver.ts"),
      ],
      cwd,
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    this.#orders = this.#child.stdin.getWriter();
    this.#events = eventsOf(this.#child.stdout);
  }

  /** Runs a task that has to end well. Returns what it told. */
  async finish(args: string[]): Promise<Line[]> {
    const { code, told } = await this.run({ args });
    if (code === 0) return told;
    throw new Error(JSON.stringify(told.at(-1)));
  }

  /** Runs a task once. Returns how it went, and what it told. */
  async run(order: Order): Promise<Ran> {
    const line = JSON.stringify(order) + "\n";
    await this.#orders.write(new TextEncoder().encode(line));
    const told: Line[] = [];
    for (;;) {
      const { value, done } = await this.#events.next();
      if (done) throw new Error("the driver has ended");
      if (value.event === "reply") {
        return { ...value as unknown as Reply, told };
      }
      told.push(value);
    }
  }

  /** Ends the process. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#orders.close();
    await this.#events.next();
    await this.#child.status;
  }
}
