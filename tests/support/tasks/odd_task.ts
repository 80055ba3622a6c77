/**
 * A task that does what `--model` says, to see how a task ends. It takes the
 * settings of `demo`.
 */
import { UserError } from "../../../lib/base/errors.ts";
import {
  runTask,
  type Summary,
  type TaskContext,
} from "../../../lib/task/task.ts";

async function main(
  { model }: { model: string },
  { log, signal, start }: TaskContext,
): Promise<Summary> {
  switch (model) {
    case "works":
      start("cpu");
      return { accuracy: 0.5, files: ["a"], timing: { rate: 3 } };
    case "goes on":
      start();
      // Whoever reads may leave meanwhile.
      await new Promise((resolve) => setTimeout(resolve, 50));
      log.progress({ phase: "work", done: 1, total: 1, unit: "rows" });
      log.say("worked");
      return {};
    case "predicts":
      start();
      for (const premise of ["One .", "Two ."]) {
        log.emit({
          event: "prediction",
          premise,
          hypothesis: null,
          label: "neutral",
          probabilities: { neutral: 1 },
          logits: [0],
        });
        await log.flush(signal);
      }
      return { predictions: 2 };
    case "fails":
      throw new UserError("The work failed", {
        code: "failed",
        exitCode: 1,
        hint: "try again",
      });
    case "lacks a file":
      await Deno.readTextFile("no/such/file");
      break;
    case "has a defect":
      throw new TypeError("undefined is not a function");
    case "waits":
      start();
      // A timer keeps the process alive.
      for (;;) {
        await new Promise((resolve) => setTimeout(resolve, 10));
        signal.throwIfAborted();
      }
    case "waits and saves":
      start();
      while (!signal.aborted) {
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      await new Promise((resolve) => setTimeout(resolve, 150));
      log.say("saved");
      throw signal.reason;
    case "is stubborn":
      start();
      signal.addEventListener("abort", () => log.say("saving"));
      await new Promise((resolve) => setTimeout(resolve, 60_000));
      break;
  }
  return {};
}

await runTask("demo", main);
