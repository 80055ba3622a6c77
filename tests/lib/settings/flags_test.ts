import {
  assertEquals,
  assertMatch,
  assertNotMatch,
  assertThrows,
} from "@std/assert";
import { UserError } from "../../../lib/base/errors.ts";
import { parseCommandLine } from "../../../lib/settings/cli.ts";
import { taskSchemas } from "../../../lib/settings/config.ts";
import { commonFields } from "../../../lib/settings/fields/common.ts";
import { type GivenFlags, readFlags } from "../../../lib/settings/flags.ts";
import { FOREIGN_FLAGS } from "../../../lib/settings/foreign_flags.ts";
import { type FieldKind, flagName } from "../../../lib/settings/schema.ts";

const KINDS = new Map<string, FieldKind>([
  ["epochs", "number"],
  ["max-len", "number"],
  ["premise", "text"],
  ["data", "list"],
  ["resume", "boolean"],
  ["help", "boolean"],
]);

function read(...args: string[]): GivenFlags {
  return readFlags(args, KINDS);
}

for (
  const [what, args, expected] of [
    ["in the next word", ["--epochs", "3"], { epochs: "3" }],
    ["after an equals sign", ["--epochs=3"], { epochs: "3" }],
    ["with one dash", ["--epochs", "-3"], { epochs: "-3" }],
    ["with two dashes after =", ["--premise=--no"], { premise: "--no" }],
    ["with spaces", ["--premise", "A dog runs."], { premise: "A dog runs." }],
    ["with line breaks", ["--premise=a\nb"], { premise: "a\nb" }],
    ["with equals signs", ["--premise", "a=b=c"], { premise: "a=b=c" }],
    ["that is empty", ["--premise", ""], { premise: "" }],
    ["that is empty after =", ["--premise="], { premise: "" }],
  ] as [string, string[], Record<string, string>][]
) {
  Deno.test(`a flag's value may stand ${what}`, () => {
    const { values, problems } = read(...args);
    assertEquals([Object.fromEntries(values), problems], [expected, []]);
  });
}

Deno.test("a repeated list flag gathers its values in order", () => {
  const { values } = read("--data", "train=a.csv", "--data=test=b.csv");
  assertEquals(values.get("data"), ["train=a.csv", "test=b.csv"]);
});

Deno.test("of any other flag that is repeated the last value counts", () => {
  assertEquals(
    read("--epochs", "3", "--epochs", "4").values.get("epochs"),
    "4",
  );
});

Deno.test("a switch takes no value from the next word", () => {
  const { values } = read("--resume", "--epochs", "3");
  assertEquals(values.get("resume"), true);
});

Deno.test("a switch can be turned off", () => {
  assertEquals(read("--resume=false").values.get("resume"), false);
});

Deno.test("-h asks for help", () => {
  assertEquals(read("-h").values.get("help"), true);
});

Deno.test("a flag without its value is told", () => {
  assertEquals(read("--epochs", "--resume").problems, [
    "--epochs needs a value",
  ]);
});

Deno.test("a word that belongs to no flag is told", () => {
  assertMatch(read("3").problems[0], /^"3" is not expected/);
});

Deno.test("a flag with one dash is told", () => {
  assertMatch(read("-x").problems[0], /^-x is not a flag.*two dashes/);
});

Deno.test("an unknown flag is told without its value", () => {
  assertEquals(read("--color", "red").problems, ["--color is not a flag"]);
});

for (
  const [wrong, right] of [
    ["epcohs", "epochs"],
    ["maxlen", "max-len"],
    ["maxLen", "max-len"],
    ["epoch", "epochs"],
    ["max_len", "max-len"],
    ["dataset", "data"],
    ["num_train_epochs", "epochs"],
    ["max_seq_length", "max-len"],
  ]
) {
  Deno.test(`--${right} is suggested for --${wrong}`, () => {
    const { problems } = read(`--${wrong}`, "1");
    assertEquals(problems, [`--${wrong} is not a flag; is --${right} meant?`]);
  });
}

/** Flags of all tasks. */
const ALL_FLAGS = Object.values(taskSchemas)
  .flatMap(({ shape }) => Object.keys(shape).map(flagName));

Deno.test("what other trainers call a flag stands for one that there is", () => {
  const known = new Set([...ALL_FLAGS, ...Object.keys(commonFields)]);
  const wrong = Object.entries(FOREIGN_FLAGS).filter(([foreign, flags]) =>
    !/^[a-z0-9]+$/.test(foreign) || flags.some((flag) => !known.has(flag))
  );
  assertEquals(wrong, []);
});

Deno.test("--lr is suggested for --learning-rate of finetune", () => {
  const { message } = assertThrows(
    () => parseCommandLine("finetune", ["--learning-rate", "1e-3"]),
    UserError,
  );
  assertMatch(message, /--learning-rate is not a flag; is --lr meant\?/);
});

Deno.test("nothing is suggested for a flag like no other", () => {
  assertNotMatch(read("--colour", "1").problems[0], /meant/);
});
