/**
 * Keeps the first error that a GPU meets. They arrive later than the call
 * that caused them, and what is read after one is worthless.
 *
 * @module
 */
import { UserError } from "../../base/errors.ts";
import { type Kernel, wgslOf } from "./kernels/kernel.ts";

/** Watches one device. */
export class Guard {
  readonly #device: GPUDevice;
  #error: UserError | undefined;
  #compiling: Promise<void>[] = [];
  #encoded = new Set<string>();
  #submitted: ReadonlySet<string> = new Set();

  /** @param device The device to watch. */
  constructor(device: GPUDevice) {
    this.#device = device;
    device.addEventListener("uncapturederror", (event) => {
      event.preventDefault();
      const { error } = event as GPUUncapturedErrorEvent;
      this.#fail(error.message);
    });
    device.lost.then(({ message }) => this.#fail(`it was lost: ${message}`));
  }

  /** Whether there has been an error. */
  get failed(): boolean {
    return this.#error !== undefined;
  }

  /** Throws the first error, if any. */
  check(): void {
    if (this.#error) throw this.#error;
  }

  /** Waits for the errors that are under way, then checks. */
  async settle(): Promise<void> {
    const compiling = this.#compiling;
    this.#compiling = [];
    await Promise.all(compiling);
    // They are events: one turn of the event loop delivers them.
    await new Promise((done) => setTimeout(done));
    this.check();
  }

  /** Reads from the device; an error under way is what fails it. */
  async read<T>(work: () => Promise<T>): Promise<T> {
    try {
      await this.settle();
      return await work();
    } catch (error) {
      if (error instanceof DOMException) this.#fail(error.message);
      throw error;
    } finally {
      await this.settle();
    }
  }

  /** Notes a kernel that is about to run. */
  encoded(name: string): void {
    this.#encoded.add(name);
  }

  /** Notes that all encoded kernels have been sent to the device. */
  submitted(): void {
    // A copy alone leaves the kernels whose results it reads.
    if (this.#encoded.size === 0) return;
    this.#submitted = this.#encoded;
    this.#encoded = new Set();
  }

  /** Compiles a kernel; an error in it is the error, whatever it leads to. */
  compile<T>(kernel: Kernel, work: () => T): T {
    this.#device.pushErrorScope("validation");
    try {
      return work();
    } finally {
      this.#compiling.push(
        this.#device.popErrorScope().then((error) => {
          if (error) this.#error = compileError(kernel, error.message);
        }),
      );
    }
  }

  #fail(message: string): void {
    const kernels = [...this.#submitted, ...this.#encoded];
    const last = [...new Set(kernels)].slice(-MOST_NAMED).join(", ");
    const where = last === "" ? "" : ` (the last kernels: ${last})`;
    this.#error ??= new UserError(
      `The GPU failed: ${message.trim()}${where}`,
      { code: "device-failed", hint: HINT, exitCode: 1 },
    );
  }
}

/** Kernels named in an error. */
const MOST_NAMED = 4;
const HINT = "run again with --device cpu";

/** An error that shows the line of WGSL that the compiler stumbled at. */
function compileError(kernel: Kernel, message: string): UserError {
  const line = Number(/wgsl:(\d+):/.exec(message)?.[1]);
  const code = wgslOf(kernel).split("\n")[line - 1];
  const [first] = message.trim().split("\n");
  const reason = first.replace(/^Shader '.*' parsing error: /, "");
  const where = code === undefined ? "" : `, in line ${line}: ${code.trim()}`;
  return new UserError(
    `The GPU cannot compile kernel "${kernel.name}": ${reason}${where}`,
    { code: "device-failed", hint: HINT, exitCode: 1 },
  );
}
