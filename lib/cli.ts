/**
 * From the command line to a task's settings: flags over a config file over
 * defaults, with every mistake told at once.
 *
 * @module
 */
import { parseArgs } from "@std/cli";
import type { z } from "zod";
import { type Config, type TaskName, taskSchemas } from "./config.ts";
import { listProblems, UserError } from "./errors.ts";
import type { LogOptions } from "./log/log.ts";
import { describeIssue, flagName, kindOf } from "./schema.ts";

/** What a command line asks for. */
export interface CommandLine<T extends TaskName> {
  /** Whether `--help` was given; the other fields mean nothing then. */
  help: boolean;
  config: Config<T>;
  log: LogOptions;
}

/**
 * Reads a task's command line.
 *
 * @param task The task's name.
 * @param args The words after the program's name.
 * @return The resolved settings, and where the log goes.
 * @throws {UserError} Listing every unknown flag and every bad value.
 *
 * @example
 * ```ts
 * import { parseCommandLine } from "./cli.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { config } = parseCommandLine("finetune", ["--epochs", "3"]);
 * assertEquals(config.epochs, 3);
 * assertEquals(config.batchSize, 512);
 * ```
 */
export function parseCommandLine<T extends TaskName>(
  task: T,
  args: readonly string[],
): CommandLine<T> {
  const schema = taskSchemas[task];
  const shape: Record<string, z.ZodType> = schema.shape;
  const byFlag = new Map(Object.keys(shape).map((key) => [flagName(key), key]));
  const kinds = new Map(
    [...byFlag].map(([flag, key]) => [flag, kindOf(shape[key])]),
  );
  const flags = [...byFlag.keys()];
  const problems: string[] = [];
  const parsed = parseArgs(args, {
    string: [
      ...flags.filter((flag) => kinds.get(flag) !== "boolean"),
      "config",
      "log",
    ],
    boolean: [
      ...flags.filter((flag) => kinds.get(flag) === "boolean"),
      "help",
      "json",
    ],
    collect: flags.filter((flag) => kinds.get(flag) === "list"),
    unknown: (arg) => {
      // `--premise ""`: the parser takes the value as empty, and meets it again.
      if (arg === "") return false;
      problems.push(describeUnknown(arg, [...flags, "config", "log"]));
      return false;
    },
  });
  if (parsed.help) {
    return { help: true, config: {} as Config<T>, log: {} };
  }

  const given = parsed.config === undefined
    ? {}
    : readConfigFile(String(parsed.config), shape, problems);
  for (const [flag, key] of byFlag) {
    const value = parsed[flag];
    // A boolean flag that is absent is false, a list that is absent empty.
    if (value === undefined || value === false) continue;
    if (Array.isArray(value) && value.length === 0) continue;
    given[key] = fromText(value as string | true | string[], shape[key]);
  }
  const result = schema.safeParse(given);
  if (!result.success) {
    problems.push(
      ...result.error.issues.map((issue) => describeIssue(issue, given)),
    );
  }
  if (problems.length > 0 || !result.success) {
    throw listProblems(`Cannot run ${task}`, problems, {
      code: "bad-usage",
      hint: `${task} --help lists the flags`,
    });
  }
  return {
    help: false,
    config: result.data as Config<T>,
    log: {
      json: parsed.json === true,
      ...(parsed.log === undefined ? {} : { file: String(parsed.log) }),
    },
  };
}

/** Turns a flag's text into what its field holds; bad text stays as it is. */
function fromText(value: string | true | string[], schema: z.ZodType): unknown {
  switch (kindOf(schema)) {
    case "number":
      return numberFrom(String(value));
    case "names":
      return String(value).split(",");
    case "record":
      return Object.fromEntries(
        String(value).split(",").map((pair) => {
          const [name, ...rest] = pair.split("=");
          return [name, numberFrom(rest.join("="))];
        }),
      );
    default:
      return value;
  }
}

function numberFrom(text: string): unknown {
  return text.trim() === "" || Number.isNaN(Number(text)) ? text : Number(text);
}

function describeUnknown(arg: string, flags: readonly string[]): string {
  if (!arg.startsWith("-")) {
    return `"${arg}" is not expected; values follow a flag, as --model DIR`;
  }
  const name = arg.replace(/^-+/, "").replace(/=.*/, "");
  const near = flags.find((flag) =>
    flag.startsWith(name) || name.startsWith(flag) ||
    flag.replaceAll("-", "") === name.replaceAll(/[-_]/g, "").toLowerCase()
  );
  return `--${name} is not a flag` + (near ? `; is --${near} meant?` : "");
}

function readConfigFile(
  path: string,
  shape: Record<string, unknown>,
  problems: string[],
): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(Deno.readTextFileSync(path));
  } catch (cause) {
    throw new UserError(
      `Cannot read the config file "${path}": ${(cause as Error).message}`,
      { code: "bad-config", hint: "--config takes a JSON file", cause },
    );
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    problems.push(`the config file "${path}" must hold a JSON object`);
    return {};
  }
  const { $schema: _, ...fields } = value as Record<string, unknown>;
  for (const key of Object.keys(fields)) {
    if (key in shape) continue;
    problems.push(`the config file "${path}" has an unknown field "${key}"`);
    delete fields[key];
  }
  return fields;
}
