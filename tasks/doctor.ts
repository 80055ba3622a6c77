/**
 * `doctor`: what this machine has to train with, whether it computes what it
 * should, and how fast.
 *
 * @module
 */
import { UserError } from "../lib/base/errors.ts";
import type { Device } from "../lib/device/device.ts";
import { openDevice } from "../lib/device/mod.ts";
import { checkCpu } from "../lib/doctor/check_cpu.ts";
import {
  checkGpu,
  checkSubgroups,
  openedSoftware,
} from "../lib/doctor/check_gpu.ts";
import { checkOps } from "../lib/doctor/check_ops.ts";
import { measureRates } from "../lib/doctor/rates.ts";
import { tellChecks } from "../lib/events/check.ts";
import type { Config } from "../lib/settings/config.ts";
import { runTask, type Summary, type TaskContext } from "../lib/task/task.ts";

async function main(
  config: Config<"doctor">,
  { log, signal, start }: TaskContext,
): Promise<Summary> {
  start();
  const { counts, tell } = tellChecks({ log, signal });
  const examination = { onProgress: log.progress, signal };
  const examine = async (
    device: Device,
    { measured }: { measured: boolean },
  ) => {
    tell(await checkOps(device, examination));
    if (measured) tell(await measureRates(device, examination));
    device.check();
  };
  const cpu = await openDevice("cpu", config);
  tell(checkCpu(config));
  await examine(cpu, { measured: true });
  const gpu = await checkGpu();
  tell(gpu);
  if (gpu.length > 1) {
    const device = await openDevice("webgpu");
    tell([checkSubgroups()]);
    await examine(device, { measured: !openedSoftware() });
  }
  if (counts.broken > 0) {
    throw new UserError(
      `This machine has ${counts.broken} ${
        counts.broken === 1 ? "part that is" : "parts that are"
      } broken`,
      { code: "broken-part", hint: "they are listed above", exitCode: 1 },
    );
  }
  return counts;
}

if (import.meta.main) await runTask("doctor", main);
