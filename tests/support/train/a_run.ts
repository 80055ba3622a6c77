/** A run's record, ways to open its directory, and a place for it. */
import { assertRejects } from "@std/assert";
import { join } from "@std/path";
import { UserError } from "../../../lib/base/errors.ts";
import { openRunDir, type OpenRunOptions } from "../../../lib/run/run_dir.ts";
import type { RunRecord } from "../../../lib/run/run_record.ts";

export const RECORD: RunRecord = {
  format: "premise-run-1",
  config: { model: "bert.small", epochs: 5, lr: 1e-4, labels: ["a", "b"] },
  versions: { premise: "0.1.0" },
  device: "cpu",
  arithmetic: { device: "cpu", threads: 2, blas: "none" },
  data: "f00d",
};

export const NEW: OpenRunOptions = {
  resume: false,
  override: false,
  overwrite: false,
  inputs: [],
};
export const RESUME = { ...NEW, resume: true };
export const OVERRIDE = { ...RESUME, override: true };
export const OVERWRITE = { ...NEW, overwrite: true };

/** Tests with a path at which there is nothing yet. */
export async function withRun(
  test: (run: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(join(folder, "runs/one"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The error that opening a run ends with. */
export async function refused(
  run: string,
  record: RunRecord,
  options: OpenRunOptions,
): Promise<UserError> {
  return await assertRejects(
    () => openRunDir(run, record, options),
    UserError,
  );
}
