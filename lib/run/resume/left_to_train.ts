/**
 * Whether a run that is to go on has anything left to train.
 *
 * @module
 */
import { UserError } from "../../base/errors.ts";
import type { WarningEvent } from "../../events/events.ts";
import {
  chooseEpoch,
  type ChooseEpochOptions,
} from "../../train/choose_epoch.ts";
import type { Checkpoint } from "../checkpoint.ts";

/** What says how long a run is to be. */
export interface RunLength extends Partial<ChooseEpochOptions> {
  /** Epochs that are asked for. */
  epochs: number;
}

/**
 * Compares a run with the length that is asked for.
 *
 * @param run The run directory.
 * @param checkpoint Where it would go on.
 * @param length How long it is to be.
 * @return A warning if it is that long, or ended early.
 * @throws {UserError} `changed-config` if it is longer.
 */
export function checkLeft(
  run: string,
  { state }: Pick<Checkpoint, "state">,
  { epochs, bestBy, patience, minGain }: RunLength,
): WarningEvent | undefined {
  const done = state.epoch - 1;
  if (done > epochs || done === epochs && state.step > 0) {
    const more = state.step > 0 ? `, and ${state.step} steps of the next` : "";
    throw new UserError(
      `Cannot resume "${run}": it has ${done} epochs${more}; ` +
        `--epochs ${epochs} asks for fewer`,
      {
        code: "changed-config",
        hint: `give --epochs ${more ? done + 1 : done} or more, ` +
          "or another --out",
      },
    );
  }
  const options = { bestBy, patience, minGain };
  const { stop } = chooseEpoch(state.scores, options);
  if (done < epochs && !stop) return undefined;
  const why = done === epochs
    ? `it has all of its ${epochs} epochs`
    : `it ended early, after epoch ${done} and --patience ${patience}`;
  return {
    event: "warning",
    code: "nothing-left",
    message: `Nothing is left to train of the run "${run}": ${why}`,
    hint: done === epochs
      ? "a larger --epochs trains on"
      : "a larger --patience, with --override, trains on",
  };
}
