/**
 * Tests that need a part that not every machine has. Where it is missing they
 * are skipped and say so; PREMISE_REQUIRE, a list as `webgpu,denort`, names parts
 * whose absence makes them fail instead.
 *
 * @module
 */
import { findAdapter } from "../../lib/device/webgpu/adapter/adapter.ts";
import { isSoftware } from "../../lib/device/webgpu/adapter/software.ts";
import { tier } from "./tier.ts";

/** A part that a test needs. */
export interface Part {
  /** Its name in PREMISE_REQUIRE. */
  part: string;
  /** Why it can't be tested here; undefined if it can. */
  lack: string | undefined;
}

/** What {@link registerTest} is told. */
export interface PartTest extends Part {
  /** What holds, as a sentence. */
  name: string;
  fn: () => void | Promise<void>;
}

/** Registers a test that is skipped, or fails, where its part is missing. */
export function registerTest({ part, lack, name, fn }: PartTest): void {
  if (lack === undefined) return Deno.test(name, fn);
  if (isRequired(part)) {
    return Deno.test(name, () => {
      throw new Error(`${lack}, and PREMISE_REQUIRE has "${part}"`);
    });
  }
  skipTest(name, lack, fn);
}

function skipTest(name: string, why: string, fn: PartTest["fn"]): void {
  Deno.test({ name: `${name} (skipped: ${why})`, ignore: true, fn });
}

/** Whether PREMISE_REQUIRE names a part. */
export function isRequired(part: string): boolean {
  return (Deno.env.get("PREMISE_REQUIRE") ?? "").split(",").includes(part);
}

/**
 * Registers a test that needs a GPU, be it one in software. A quick run leaves
 * it out: a GPU in software takes a second to compile a kernel.
 *
 * @param name What holds, as a sentence.
 * @param fn The test.
 * @param beside Tells of another part that it needs.
 */
export async function webgpuTest(
  name: string,
  fn: () => void | Promise<void>,
  beside?: () => Promise<Part>,
): Promise<void> {
  if (tier() === "quick") {
    return skipTest(name, "a quick run leaves the GPU out", fn);
  }
  const lack = await findAdapter() ? undefined : "WebGPU finds no adapter";
  const webgpu = { part: "webgpu", lack };
  const needed = lack === undefined && beside ? await beside() : webgpu;
  registerTest({ ...needed, name, fn });
}

/** A GPU that is a program on the CPU, for tests that only it can pass. */
export async function softwareGpu(): Promise<Part> {
  const adapter = await findAdapter();
  return {
    part: "software-gpu",
    lack: adapter && isSoftware(adapter.info)
      ? undefined
      : "there is no GPU in software",
  };
}

/**
 * Registers a test of what Windows doesn't have, as shell scripts and named
 * pipes.
 *
 * @param name What holds, as a sentence.
 * @param fn The test.
 */
export function unixTest(name: string, fn: () => void | Promise<void>): void {
  const isWindows = Deno.build.os === "windows";
  const lack = isWindows ? "Windows doesn't have what it needs" : undefined;
  registerTest({ part: "unix", lack, name, fn });
}
