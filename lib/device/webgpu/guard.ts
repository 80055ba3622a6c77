/**
 * Keeps the first error that a GPU meets. They arrive later than the call
 * that caused them, and what is read after one is worthless.
 *
 * @module
 */
import { UserError } from "../../errors.ts";
import { type Kernel, wgslOf } from "./kernel.ts";

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

  /** Throws the first error, if any. */
  check(): void {
    if (this.#error) throw this.#error;
  }

  /** Waits for the verdicts on compiled kernels, then checks. */
  async settle(): Promise<void> {
    const compiling = this.#compiling;
    this.#compiling = [];
    await Promise.all(compiling);
    this.check();
  }

  /** Notes a kernel that is about to run. */
  encoded(name: string): void {
    this.#encoded.add(name);
  }

  /** Notes that all encoded kernels have been sent to the device. */
  submitted(): void {
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
  const reason = message.trim().split("\n")
    .find((text) => /error/i.test(text)) ?? message.trim();
  const where = code === undefined ? "" : `, in line ${line}: ${code.trim()}`;
  return new UserError(
    `The GPU cannot compile kernel "${kernel.name}": ${reason.trim()}${where}`,
    { code: "device-failed", hint: HINT, exitCode: 1 },
  );
}
