import { assertEquals } from "@std/assert";
import { parseCommandLine } from "../../../lib/settings/cli.ts";

for (
  const [flags, out] of [
    [[], "snli-bert.small"],
    [
      ["--model", "bert.tiny", "--data", "snli.sample"],
      "snli.sample-bert.tiny",
    ],
    [["--data", "mine.csv"], "mine-bert.small"],
    [["--data", "mine.jsonl.gz"], "mine-bert.small"],
    [["--data", "mine.parquet"], "mine-bert.small"],
    [["--data", "data/snli_1.0.zip"], "snli_1.0-bert.small"],
    [["--data", "corpora/rte/"], "rte-bert.small"],
    [["--data", "train=a.csv", "--data", "test=b.csv"], "a-bert.small"],
    [
      ["--data", "train=rte/train.tsv", "--data", "dev=x.tsv"],
      "rte-bert.small",
    ],
    [["--data", "-"], "stdin-bert.small"],
    [["--data", "train=-"], "stdin-bert.small"],
    [["--model", "models/bert-base-uncased/"], "snli-bert-base-uncased"],
    [["--model", "bert.small.zip"], "snli-bert.small"],
    [["--model", "hf:google-bert/bert-base-cased"], "snli-bert-base-cased"],
    [["--model", "hf:bert-base-cased@v1.0"], "snli-bert-base-cased"],
    [["--data", "hf:nyu-mll/glue/mnli"], "glue-mnli-bert.small"],
    [["--data", "hf:glue@refs/convert/parquet/rte"], "glue-rte-bert.small"],
    [["--data", "hf:someone/pairs@main"], "pairs-bert.small"],
  ] as [string[], string][]
) {
  const line = ["preprocess", ...flags].join(" ");
  Deno.test(`${line} writes ${out} by itself`, () => {
    const { config } = parseCommandLine("preprocess", flags);
    assertEquals(config.out, `.premise/data/${out}`);
  });
}

for (
  const [flags, data, out] of [
    [[], ".premise/data/snli-bert.small", "snli-bert.small"],
    [
      ["--model", "bert.tiny"],
      ".premise/data/snli-bert.tiny",
      "snli-bert.tiny",
    ],
    [["--data", "mine"], "mine", "mine-bert.small"],
    [
      ["--data", ".premise/data/rte-bert.small"],
      ".premise/data/rte-bert.small",
      "rte-bert.small",
    ],
    [["--model", "x/bert.tiny", "--data", "d/rte"], "d/rte", "rte-bert.tiny"],
    [["--model", "x/m/model.safetensors", "--data", "rte"], "rte", "rte-m"],
    [["--model", "x/m/config.json", "--data", "rte"], "rte", "rte-m"],
    [["--model", "hub/models--me--tiny", "--data", "rte"], "rte", "rte-tiny"],
    [
      ["--model", "models--me--tiny/snapshots/abc", "--data", "rte"],
      "rte",
      "rte-tiny",
    ],
  ] as [string[], string, string][]
) {
  const line = ["finetune", ...flags].join(" ");
  Deno.test(`${line} reads ${data} and writes ${out} by itself`, () => {
    const { config } = parseCommandLine("finetune", flags);
    assertEquals([config.data, config.out], [data, `.premise/runs/${out}`]);
  });
}

for (
  const [flags, model] of [
    [[], ".premise/runs/snli-bert.small"],
    [["--model", "runs/a"], "runs/a"],
    [["--data", ".premise/data/a"], ".premise/runs/a"],
    [["--data", "x/test.csv"], ".premise/runs/x"],
    [["--model", "x", "--data", "y"], "x"],
  ] as [string[], string][]
) {
  const line = ["eval", ...flags].join(" ");
  Deno.test(`${line} measures ${model} by itself`, () => {
    assertEquals(parseCommandLine("eval", flags).config.model, model);
  });
}

Deno.test("the tasks without flags write and read the same places", () => {
  const { config: { out: table } } = parseCommandLine("preprocess", []);
  const { config: training } = parseCommandLine("finetune", []);
  const { config: measuring } = parseCommandLine("eval", []);
  const { config: { model } } = parseCommandLine("predict", []);
  assertEquals(
    [training.data, measuring.model, model],
    [table, training.out, training.out],
  );
});

Deno.test("a name is found from the directory that the task works in", () => {
  const { config } = parseCommandLine("preprocess", [
    ...["--cwd", "lib/text", "--data", "."],
  ]);
  assertEquals(config.out, ".premise/data/text-bert.small");
});
