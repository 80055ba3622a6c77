import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { UserError } from "../../../lib/base/errors.ts";
import {
  type CommandLine,
  parseCommandLine,
} from "../../../lib/settings/cli.ts";
import type { Config, TaskName } from "../../../lib/settings/config.ts";

/** Parses a command line whose `--config` file has this text. */
function withConfigFile<T extends TaskName>(
  content: string | Uint8Array,
  task: T,
  args: string[] = [],
): CommandLine<T> {
  const directory = Deno.makeTempDirSync();
  const path = join(directory, "config.json");
  try {
    const bytes = typeof content === "string"
      ? new TextEncoder().encode(content)
      : content;
    Deno.writeFileSync(path, bytes);
    return parseCommandLine(task, [...args, "--config", path]);
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
}

/** The problems that a command line is refused with, a line each. */
function problemsOf(task: TaskName, args: string[]): string[] {
  const error = assertThrows(() => parseCommandLine(task, args), UserError);
  return error.message.replace(/^Cannot run \w+: (\d+ problems:\n)?/, "")
    .split("\n").map((line) => line.replace(/^ {2}- /, ""));
}

Deno.test("fields that are not given have the documented defaults", () => {
  assertEquals(parseCommandLine("finetune", []).config, {
    model: "bert.small",
    data: ".premise/data/snli-bert.small",
    out: ".premise/runs/snli-bert.small",
    epochs: 5,
    batchSize: 512,
    lr: 1e-4,
    schedule: "constant",
    optimizer: "adam",
    layerDecay: 1,
    newHead: false,
    hypothesisOnly: false,
    single: false,
    quoting: "auto",
    onBadRow: "stop",
    seed: 0,
    device: "auto",
    followBook: false,
    skipNonFinite: false,
    keep: 2,
    override: false,
    resume: false,
    goOn: false,
    overwrite: false,
    logEvery: 50,
    plan: false,
    profile: false,
    cache: ".premise/cache",
  });
});

Deno.test("a flag becomes what its field holds", () => {
  const { config } = parseCommandLine("finetune", [
    "--batch-size=32",
    "--lr",
    "1e-3",
    "--labels",
    "yes,no",
    "--resume",
    "--device",
    "cpu",
  ]);
  const { batchSize, lr, labels, resume, device } = config;
  assertEquals([batchSize, lr, labels, resume, device], [
    32,
    1e-3,
    ["yes", "no"],
    true,
    "cpu",
  ]);
});

Deno.test("a record is written with commas and equals signs", () => {
  const { config } = parseCommandLine("preprocess", [
    "--expect-rows",
    "train=549367,test=9824",
  ]);
  assertEquals(config.expectRows, { train: 549367, test: 9824 });
});

Deno.test("a config file's field wins over the default", () => {
  assertEquals(withConfigFile('{"epochs": 2}', "finetune").config.epochs, 2);
});

Deno.test("a flag wins over the config file", () => {
  const text = '{"epochs": 2, "batchSize": 64}';
  const { config } = withConfigFile(text, "finetune", ["--epochs", "3"]);
  assertEquals([config.epochs, config.batchSize], [3, 64]);
});

Deno.test("a switch that is turned off wins over the config file", () => {
  const text = '{"resume": true}';
  const { config } = withConfigFile(text, "finetune", ["--resume=false"]);
  assertEquals(config.resume, false);
});

Deno.test("a config file may name its schema", () => {
  const text = '{"$schema": "config.schema.json", "epochs": 2}';
  assertEquals(withConfigFile(text, "finetune").config.epochs, 2);
});

Deno.test("all mistakes are told at once", () => {
  assertEquals(
    problemsOf("finetune", [
      "--epochs",
      "0",
      "--epcohs",
      "3",
      "--batch-size",
      "many",
      "--lr=fast",
      "--device",
      "tpu",
      "--dropout",
      "1",
      "--heads",
      "",
      "now",
      "--resume",
      "--overwrite",
    ]).sort(),
    [
      '"now" is not expected; values follow a flag, as --model DIR',
      '--batch-size is "many", expected a number',
      '--device is "tpu", expected one of auto, webgpu, cpu; is cpu meant?',
      "--dropout is 1, expected less than 1",
      "--epcohs is not a flag; is --epochs meant?",
      "--epochs is 0, expected at least 1",
      '--heads is "", expected a number',
      '--lr is "fast", expected a number',
      "--resume and --overwrite exclude each other",
    ],
  );
});

Deno.test("a number that is not whole is refused where it must be", () => {
  assertEquals(problemsOf("finetune", ["--batch-size", "1.5"]), [
    "--batch-size is 1.5, expected a whole number",
  ]);
});

Deno.test("a flag of another task is unknown", () => {
  assertEquals(problemsOf("download", ["--model", "x", "--epochs", "3"]), [
    "--epochs is not a flag",
  ]);
});

Deno.test("download without anything to fetch is refused", () => {
  assertMatch(problemsOf("download", [])[0], /^nothing to download: give/);
});

Deno.test("a refused command line exits 2 and points to --help", () => {
  const error = assertThrows(
    () => parseCommandLine("eval", ["--split="]),
    UserError,
    '--split is "", expected some text',
  );
  assertEquals(
    [error.code, error.exitCode, error.hint],
    ["bad-usage", 2, "eval --help lists the flags"],
  );
});

Deno.test("unknown and bad fields of a config file are told at once", () => {
  const error = assertThrows(
    () =>
      withConfigFile('{"epochs": "3", "colour": 1, "labels": "a"}', "finetune"),
    UserError,
  );
  assertMatch(error.message, /has an unknown field "colour"/);
  assertMatch(error.message, /--epochs is "3", expected a number/);
  assertMatch(error.message, /--labels is "a", expected a list/);
});

Deno.test("a config file that is not an object is refused", () => {
  assertThrows(
    () => withConfigFile("[1]", "finetune"),
    UserError,
    'holds a list, expected an object, as {"epochs": 3}',
  );
});

for (
  const [encoding, mark] of [
    ["UTF-8", "\xef\xbb\xbf"],
    ["UTF-16", "\xff\xfe"],
    ["big-endian UTF-16", "\xfe\xff"],
  ]
) {
  Deno.test(`a config file of ${encoding} with a byte order mark is read`, () => {
    const text = '{"epochs": 3}';
    const units = encoding === "UTF-8"
      ? text
      : encoding === "UTF-16"
      ? text.replaceAll(/./g, "$&\0")
      : text.replaceAll(/./g, "\0$&");
    const bytes = Uint8Array.from(mark + units, (c) => c.charCodeAt(0));
    const { config } = withConfigFile(bytes, "finetune");
    assertEquals(config.epochs, 3);
  });
}

for (const flag of ["--help=no", "--version=no", "--json=1", "--resume=yes"]) {
  Deno.test(`${flag} is refused, for a switch is on or off`, () => {
    const [, name, value] = /^(--\w+)=(.*)$/.exec(flag)!;
    assertEquals(problemsOf("finetune", [flag]), [
      `${name} is "${value}", expected true or false`,
    ]);
  });
}

Deno.test("--help=false and --version=false change nothing", () => {
  const { help, version, config } = parseCommandLine("finetune", [
    "--help=false",
    "--version=false",
  ]);
  assertEquals([help, version, config.epochs], [false, false, 5]);
});

Deno.test("--seed and --seeds are refused together, wherever they stand", () => {
  const expected = "--seed and --seeds exclude each other";
  const flags = ["--seed", "0", "--seeds", "0-4"];
  assertEquals(problemsOf("finetune", flags), [expected]);
  assertThrows(
    () => withConfigFile('{"seed": 3}', "finetune", ["--seeds", "0-4"]),
    UserError,
    expected,
  );
});

Deno.test("a config file that is not JSON is named", () => {
  const error = assertThrows(
    () => withConfigFile("{epochs: 3}", "finetune"),
    UserError,
  );
  assertMatch(error.message, /^Cannot read the config file ".*config\.json"/);
});

Deno.test("a config file that is missing is named", () => {
  const error = assertThrows(
    () => parseCommandLine("finetune", ["--config", "no/such.json"]),
    UserError,
    'Cannot read the config file "no/such.json"',
  );
  assertEquals([error.code, error.exitCode], ["bad-config", 2]);
});

Deno.test("--help is answered whatever else is wrong", () => {
  const { help } = parseCommandLine("finetune", ["--epochs", "0", "--help"]);
  assertEquals(help, true);
});

Deno.test("--version is answered whatever else is wrong", () => {
  const { help, version } = parseCommandLine("eval", ["--what", "--version"]);
  assertEquals([help, version], [false, true]);
});

Deno.test("--help is answered rather than --version", () => {
  const { help, version } = parseCommandLine("eval", ["--version", "--help"]);
  assertEquals([help, version], [true, false]);
});

Deno.test("the log's flags are no settings of the task", () => {
  const { log } = parseCommandLine("finetune", ["--json", "--log", "a.jsonl"]);
  assertEquals(log, { json: true, file: "a.jsonl" });
});

Deno.test("numbers are given with commas, and what is none is told", () => {
  const parse = (text: string) =>
    parseCommandLine("finetune", ["--class-weights", text]);
  const { config } = parse("1,0.5,2") as { config: Config<"finetune"> };
  assertEquals(config.classWeights, [1, 0.5, 2]);
  assertThrows(() => parse("1,two"), UserError, '--class-weights is [1,"two"]');
});

Deno.test("a class weight that is none is told by its place", () => {
  assertThrows(
    () => parseCommandLine("finetune", ["--class-weights", "1,-1"]),
    UserError,
    "--class-weights is [1,-1], item 2: expected more than 0",
  );
});

Deno.test("class weights are balanced, or are told what they may be", () => {
  const parse = (text: string) =>
    parseCommandLine("finetune", [`--class-weights=${text}`]);
  const { config } = parse("balanced") as { config: Config<"finetune"> };
  assertEquals(config.classWeights, "balanced");
  const expected = "expected balanced, or two numbers or more with commas " +
    "between, each more than 0 and at most 1000000";
  for (
    const [text, shown] of [
      ["balance", '"balance"'],
      ["5", "5"],
      ["", '""'],
      ["balanced,balanced", '["balanced","balanced"]'],
    ]
  ) {
    assertThrows(
      () => parse(text),
      UserError,
      `--class-weights is ${shown}, ${expected}`,
    );
  }
});

Deno.test("a missing config file is told with the folder that --cwd names", () => {
  const cwd = Deno.makeTempDirSync();
  try {
    assertThrows(
      () => parseCommandLine("finetune", ["--cwd", cwd, "--config", "a.json"]),
      UserError,
      `"a.json": there is no such file or directory in "${cwd}"`,
    );
  } finally {
    Deno.removeSync(cwd, { recursive: true });
  }
});
