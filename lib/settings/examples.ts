/**
 * Command lines that the usage texts show.
 *
 * @module
 */
import type { TaskName } from "./config.ts";

/** What comes after the task's name, for each task. */
export const examples: Record<TaskName, readonly string[]> = {
  download: [
    "--model bert.small --dataset snli",
    "--model hf:google-bert/bert-base-uncased",
    "--list",
  ],
  preprocess: [
    "--model bert.small --data snli --out .premise/data/snli-bert.small",
    "--model bert.small --data train=train.csv --data test=test.csv " +
    "--out .premise/data/mine",
  ],
  finetune: [
    "--model bert.small --data .premise/data/snli-bert.small --out .premise/runs/mine " +
    "--epochs 3 --lr 5e-5",
    "--out .premise/runs/mine --epochs 3 --lr 5e-5 --resume",
    "--plan",
  ],
  eval: [
    "--model .premise/runs/mine --data .premise/data/snli-bert.small",
    "--model .premise/runs/mine --data .premise/data/snli-bert.small --split dev " +
    "--against .premise/runs/snli-bert.small --predictions said.jsonl",
  ],
  sweep: ["--config sweep.json", "--config sweep.json --trials 20 --seeds 0-2"],
  predict: [
    '--model .premise/runs/mine --premise "A man sleeps ." ' +
    '--hypothesis "A man is awake ."',
    "--model .premise/runs/mine --data questions.csv --on-bad-row skip",
    "--model .premise/runs/mine < pairs.jsonl",
  ],
  export: [
    "--model .premise/runs/mine --format onnx --out mine-onnx",
    "--model .premise/runs/mine --format d2l-torch --out mine-d2l",
  ],
  doctor: ["", "--threads 2 --blas none"],
  verify: ["--run .premise/runs/mine", "--run .premise/runs/mine --accept"],
  demo: ["--model .premise/runs/mine"],
  compile: ["--tasks predict,eval --out dist"],
};
