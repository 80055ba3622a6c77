/**
 * Where the time of training goes: an epoch of `finetune --profile` with a
 * model of bert.small's shape.
 *
 * @module
 */
import { join } from "@std/path";
import type { ProfileEvent } from "../../lib/log/events.ts";
import { versions } from "../../lib/versions.ts";
import type { Case, RunOptions } from "../case.ts";
import type { Profile } from "../result.ts";
import { runTask } from "../run_task.ts";
import { bertSmall } from "../shapes.ts";
import { encoderDirectory, SAMPLE } from "../work.ts";

const BATCH_SIZE = 512;

/** The case of the profile. */
export const profile: Case = {
  name: "profile",
  title: `bert.small, profile of training, batch ${BATCH_SIZE}`,
  run,
};

async function run(options: RunOptions): Promise<Profile> {
  const { scratch, threads, blas } = options;
  const model = ["--model", await writeModel(scratch)];
  const data = join(scratch, "data");
  await runTask("preprocess", [
    ...[...model, "--data", SAMPLE, "--out", data],
    ...["--cache", join(scratch, "cache")],
  ]);
  const events = await runTask("finetune", [
    ...[...model, "--weights", "random", "--data", data],
    ...["--out", join(scratch, "run"), "--profile", "--device", "cpu"],
    ...["--epochs", "1", "--batch-size", `${BATCH_SIZE}`],
    ...["--threads", `${threads}`, ...(blas ? ["--blas", blas] : [])],
  ]);
  const find = (kind: string) => events.find(({ event }) => event === kind)!;
  const { timing } = find("profile") as unknown as ProfileEvent;
  return {
    kind: "profile",
    versions: versions(),
    device: String(find("start").device),
    steps: Number(find("done").steps),
    seconds: timing.seconds,
    rows: timing.rows,
  };
}

/** A model's directory without weights, which needs as many words as it has. */
async function writeModel(scratch: string): Promise<string> {
  const model = join(scratch, "model");
  await Deno.mkdir(model);
  const path = join(await encoderDirectory(scratch), "vocab.json");
  const words: string[] = JSON.parse(await Deno.readTextFile(path));
  for (let i = words.length; i < bertSmall.vocabulary; i++) {
    words.push(`word-${i}`);
  }
  const write = (name: string, value: unknown) =>
    Deno.writeTextFile(join(model, name), JSON.stringify(value));
  await write("vocab.json", words);
  await write("config.json", bertSmall);
  return model;
}
