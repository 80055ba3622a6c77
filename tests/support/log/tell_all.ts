/** A program that tells events of several kinds. `--json`, `--log FILE`. */
import { openLog } from "../../../lib/events/log.ts";

const [file] = Deno.args.filter((arg) => !arg.startsWith("-"));
const log = await openLog({
  json: Deno.args.includes("--json"),
  ...(file === undefined ? {} : { file }),
});
const epoch = { phase: "epoch 1/1", total: 6, unit: "steps" } as const;
log.emit({
  event: "start",
  task: "demo",
  config: {},
  versions: {},
  device: "cpu",
});
log.progress({ ...epoch, done: 1, facts: { loss: "0.713" } });
log.emit({
  event: "step",
  epoch: 1,
  step: 2,
  loss: 0.7,
  learningRate: 1e-4,
  gradientNorm: 1.5,
  timing: { examplesPerSecond: 9.5, tokensPerSecond: 99, tensors: 7, bytes: 8 },
});
log.progress({ ...epoch, phase: "epoch 1/1 test", done: 2 });
log.say("a note");
log.progress({ ...epoch, done: 6 });
log.emit({
  event: "done",
  task: "demo",
  accuracy: 0.75,
  files: ["runs/a"],
  timing: { seconds: 1 },
});
await log.close();
