/**
 * Going on with a run on the CPU when its GPU fails.
 *
 * @module
 */
import { UserError } from "../../base/errors.ts";
import type { Log } from "../../events/log.ts";
import type { Config } from "../../settings/config.ts";

/** Errors after which another device may do better. */
const DEVICE_ERRORS = new Set(["device-failed", "device-too-small"]);

/**
 * Trains; where the device fails and `fallback` is set, goes on from the last
 * checkpoint on that device.
 *
 * @param config What to train, and how.
 * @param options What trains, and who is told of a change of device.
 * @return What the training gives.
 */
export async function withFallback<T>(
  config: Config<"finetune">,
  { train, log }: {
    train: (config: Config<"finetune">) => Promise<T>;
    log: Log;
  },
): Promise<T> {
  const { fallback } = config;
  try {
    return await train(config);
  } catch (error) {
    if (fallback === undefined || config.device === fallback) throw error;
    if (!(error instanceof UserError)) throw error;
    if (!DEVICE_ERRORS.has(error.code)) throw error;
    log.emit({
      event: "warning",
      code: error.code,
      message: `${error.message}; the run goes on from its last checkpoint ` +
        `with --device ${fallback}`,
      hint: "",
    });
    const next = { ...config, device: fallback, resume: true };
    return await train({ ...next, overwrite: false });
  }
}
