import { assertEquals, assertNotEquals } from "@std/assert";
import { learningRateAt } from "../../../lib/optim/schedule.ts";
import { type Config, taskSchemas } from "../../../lib/settings/config.ts";
import { trainingDefaults } from "../../../lib/train/training_defaults.ts";
import type { TrainingOptions } from "../../../lib/train/training_options.ts";
import {
  OTHER_SETTINGS,
  trainingOptions,
  type TrainingSettings,
} from "../../../lib/train/training_settings.ts";

const settings: Config<"finetune"> = taskSchemas.finetune.parse({});
const resolved = {
  frozen: new Set<string>(),
  classWeights: undefined,
  microBatchTokens: undefined,
};

/** Of each setting that concerns training, a value that is not its default. */
const OTHERS: Required<TrainingSettings> = {
  epochs: 6,
  batchSize: 7,
  lr: 0.5,
  schedule: "cosine",
  warmupSteps: 8,
  warmupRatio: 0.25,
  optimizer: "sgd",
  weightDecay: 0.125,
  momentum: 0.75,
  layerDecay: 0.625,
  maxGradNorm: 9,
  labelSmoothing: 0.375,
  seed: 10,
  limit: 11,
  bestBy: "macroF1",
  patience: 12,
  minGain: 0.0625,
  skipNonFinite: true,
  checkpointEvery: 13,
  checkpointMinutes: 14,
  logEvery: 15,
};

for (const [name, value] of Object.entries(OTHERS)) {
  Deno.test(`the setting ${name} reaches training, and changes nothing else`, () => {
    const option = name === "lr" ? "learningRate" : name;
    const changed = trainingOptions({ ...settings, [name]: value }, resolved);
    assertNotEquals(trainingDefaults[option as keyof TrainingOptions], value);
    assertEquals(changed, { ...trainingDefaults, [option]: value });
  });
}

Deno.test("every setting reaches training as it is, or resolved, or concerns something else", () => {
  const known = [
    ...Object.keys(OTHERS),
    ...Object.keys(OTHER_SETTINGS),
    "classWeights",
    "microBatchTokens",
  ];
  const all = Object.keys(taskSchemas.finetune.shape);
  assertEquals(known.toSorted(), all.toSorted());
});

Deno.test("what the model, the data and the device make of settings reaches training", () => {
  const own = {
    frozen: new Set(["pooler.bias"]),
    classWeights: [1, 2, 3],
    microBatchTokens: 16,
  };
  assertEquals(trainingOptions(settings, own), { ...trainingDefaults, ...own });
});

/** The names of the properties that may be left out. */
type Optional<T> = {
  [Name in keyof T]-?: Record<never, never> extends Pick<T, Name> ? Name
    : never;
}[keyof T];

Deno.test("no option of a training may be left out", () => {
  // It does not compile if any can be.
  const optional: never[] = [] as Optional<TrainingOptions>[];
  assertEquals(optional, []);
});

Deno.test("a training without one of its options does not compile", () => {
  const { labelSmoothing, ...others } = trainingDefaults;
  // @ts-expect-error: labelSmoothing is missing
  const options: TrainingOptions = others;
  assertEquals({ ...options, labelSmoothing }, trainingDefaults);
});

Deno.test("a setting that has another name does not compile", () => {
  const { lr, ...others } = OTHERS;
  // @ts-expect-error: lr is missing
  const options = trainingOptions({ ...others, rate: lr }, resolved);
  assertEquals(options.learningRate, undefined);
});

Deno.test("the defaults are those of finetune without flags", () => {
  const { lr, batchSize, epochs, optimizer, seed } = settings;
  assertEquals(learningRateAt(1, 1, trainingDefaults), lr);
  assertEquals(
    [batchSize, epochs, optimizer, seed],
    [
      trainingDefaults.batchSize,
      trainingDefaults.epochs,
      trainingDefaults.optimizer,
      trainingDefaults.seed,
    ],
  );
});
