/** When a checkpoint is due within an epoch; after it, there always is one. */
export interface SavingOptions {
  /** Steps between two checkpoints; no matter how many if undefined. */
  checkpointEvery: number | undefined;
  /** Minutes after which one is due; no matter how many if undefined. */
  checkpointMinutes: number | undefined;
}

/** Says within an epoch when a checkpoint is due: by steps, or by minutes. */
export class SaveClock {
  readonly #options: SavingOptions;
  #last = performance.now();

  constructor(options: SavingOptions) {
    this.#options = options;
  }

  /** Whether one is due after a step, counted from the start of training. */
  isDue(step: number): boolean {
    const { checkpointEvery, checkpointMinutes = Infinity } = this.#options;
    if (checkpointEvery !== undefined && step % checkpointEvery === 0) {
      return true;
    }
    return performance.now() - this.#last >= checkpointMinutes * 60_000;
  }

  /** Begins to count the minutes again. */
  saved(): void {
    this.#last = performance.now();
  }
}
