/**
 * Where the time of training goes: an epoch of `finetune --profile`, with
 * random weights.
 *
 * @module
 */
import { join } from "@std/path";
import { versions } from "../../lib/base/versions.ts";
import type { ProfileEvent } from "../../lib/events/events.ts";
import type { ModelConfig } from "../../lib/weights/model_config.ts";
import type { Case, RunOptions } from "../case.ts";
import { onSoftware } from "../gpu/adapter.ts";
import type { Profile } from "../result.ts";
import { runTask } from "../run_task.ts";
import { bertSmall, miniLm } from "../work/shapes.ts";
import { encoderDirectory, SAMPLE } from "../work/work.ts";

/** Examples a batch on a GPU that is a program on the CPU. */
const SOFTWARE_BATCH = 16;

/** What is profiled. */
interface Job {
  name: string;
  /** The model in words. */
  model: string;
  config: ModelConfig;
  batchSize: number;
  /** Steps, at most. */
  steps: number;
  /** What computes; the CPU if not given. */
  device?: "webgpu";
}

/** The cases of profiles. */
export const profiles: readonly Case[] = [
  {
    name: "profile",
    model: "bert.small",
    config: bertSmall,
    batchSize: 512,
    steps: 18,
  },
  {
    name: "profile-minilm",
    model: "MiniLM-L6-384's shape",
    config: miniLm,
    batchSize: 32,
    steps: 40,
  },
].map(profileCase);

/** The case of the profile on a GPU. */
export const gpuProfile: Case = profileCase({
  name: "gpu-profile",
  model: "bert.small",
  config: bertSmall,
  batchSize: 512,
  steps: 18,
  device: "webgpu",
});

function profileCase(job: Job): Case {
  const { name, model, batchSize, device } = job;
  return {
    name,
    title: `${model}, profile of training${
      device ? " on a GPU" : ""
    }, batch ${batchSize}`,
    ...(device && { device }),
    run: (options: RunOptions) => run(job, options),
  };
}

async function run(job: Job, options: RunOptions): Promise<Profile> {
  const { scratch, threads, blas } = options;
  const { device = "cpu" } = job;
  const software = device === "webgpu" && await onSoftware();
  const batchSize = software ? SOFTWARE_BATCH : job.batchSize;
  const model = ["--model", await writeModel(job.config, scratch)];
  const data = join(scratch, "data");
  await runTask("preprocess", [
    ...[...model, "--data", SAMPLE, "--out", data],
    ...["--cache", join(scratch, "cache")],
  ]);
  const events = await runTask("finetune", [
    ...[...model, "--weights", "random", "--data", data],
    ...["--out", join(scratch, "run"), "--profile", "--device", device],
    ...["--epochs", "1", "--batch-size", `${batchSize}`],
    ...["--limit", `${job.steps * batchSize}`],
    ...["--threads", `${threads}`, ...(blas ? ["--blas", blas] : [])],
  ]);
  const find = (kind: string) => events.find(({ event }) => event === kind)!;
  const { timing } = find("profile") as unknown as ProfileEvent;
  return {
    kind: "profile",
    model: job.model,
    batchSize,
    versions: versions(),
    device: String(find("start").device),
    steps: Number(find("done").steps),
    seconds: timing.seconds,
    rows: timing.rows,
    gpu: timing.gpu,
  };
}

/** A model's directory without weights, which needs as many words as it has. */
async function writeModel(
  config: ModelConfig,
  scratch: string,
): Promise<string> {
  const model = join(scratch, "model");
  await Deno.mkdir(model);
  const path = join(await encoderDirectory(scratch), "vocab.json");
  const words: string[] = JSON.parse(await Deno.readTextFile(path))
    .slice(0, config.vocabulary);
  for (let i = words.length; i < config.vocabulary; i++) {
    words.push(`word-${i}`);
  }
  const write = (name: string, value: unknown) =>
    Deno.writeTextFile(join(model, name), JSON.stringify(value));
  await write("vocab.json", words);
  await write("config.json", config);
  return model;
}
