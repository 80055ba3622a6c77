/** The other side of finetune_driver.ts: gives orders and awaits replies. */
import { resolve } from "@std/path";
import type { Order, Reply } from "./finetune_driver.ts";
import { eventsOf, type Line } from "./run_task.ts";

/** A process that runs `finetune` when told to. */
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
        resolve("tests/support/tasks/finetune_driver.ts"),
      ],
      cwd,
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    this.#orders = this.#child.stdin.getWriter();
    this.#events = eventsOf(this.#child.stdout);
  }

  /** Runs `finetune` once. Returns how it went, and what it told. */
  async run(order: Order): Promise<Reply & { told: Line[] }> {
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
