/**
 * Tests that need a part that not every machine has. Where it is missing they
 * are skipped and say so; PREMISE_REQUIRE, a list as `webgpu,denort`, names parts
 * whose absence makes them fail instead.
 *
 * @module
 */
import { findAdapter } from "../../lib/device/webgpu/adapter/adapter.ts";

/** Whether PREMISE_REQUIRE names a part. */
export function isRequired(part: string): boolean {
  return (Deno.env.get("PREMISE_REQUIRE") ?? "").split(",").includes(part);
}

/** Why WebGPU can't be tested here; undefined if it can. */
async function whyNoWebGpu(): Promise<string | undefined> {
  return await findAdapter() ? undefined : "WebGPU finds no adapter";
}

/**
 * Registers a test that needs a GPU, be it one in software.
 *
 * @param name What holds, as a sentence.
 * @param fn The test.
 * @param beside Another part that it needs.
 */
export async function webgpuTest(
  name: string,
  fn: () => void | Promise<void>,
  beside?: Pick<PartTest, "part" | "lack">,
): Promise<void> {
  const lack = await whyNoWebGpu();
  const webgpu = { part: "webgpu", lack };
  const needed = lack === undefined && beside ? beside : webgpu;
  registerTest({ ...needed, name, fn });
}

/** What {@link registerTest} is told. */
export interface PartTest {
  /** The part's name in PREMISE_REQUIRE. */
  part: string;
  /** Why the part can't be tested here; undefined if it can. */
  lack: string | undefined;
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
  Deno.test({ name: `${name} (skipped: ${lack})`, ignore: true, fn });
}
