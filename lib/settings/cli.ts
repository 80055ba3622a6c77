/**
 * From the command line to a task's settings: flags over a config file over
 * defaults, with every mistake told at once.
 *
 * @module
 */
import { dirname, resolve } from "@std/path";
import { z } from "zod";
import { listProblems, UserError } from "../base/errors.ts";
import { reasonOf } from "../base/files/system_error.ts";
import type { LogOptions } from "../events/log.ts";
import {
  type Config,
  exclusiveSettings,
  type TaskName,
  taskSchemas,
} from "./config.ts";
import { pathsFromFolder } from "./config_paths.ts";
import { commonFields } from "./fields/common.ts";
import { unwrap } from "./fields/field_meta.ts";
import { readFlags } from "./flags.ts";
import { namePlaces } from "./named_places.ts";
import { describeIssue, fieldPath, flagName, kindOf } from "./schema.ts";

/** What a command line asks for. */
export interface CommandLine<T extends TaskName> {
  /** Whether `--help` was given; the other fields mean nothing then. */
  help: boolean;
  /** Whether `--version` was given instead; likewise. */
  version: boolean;
  /** The resolved settings. */
  config: Config<T>;
  /** The directory that the paths in `config` and `log` start from. */
  directory: string;
  /** Where the log goes. */
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
  const byFlag = new Map(
    Object.keys(shape).filter((key) => kindOf(shape[key]) !== "object")
      .map((key) => [flagName(key), key]),
  );
  const { values, problems } = readFlags(
    args,
    new Map([
      ...[...byFlag].map(([flag, key]) => [flag, kindOf(shape[key])] as const),
      ...Object.entries(commonFields)
        .map(([flag, field]) => [flag, kindOf(field)] as const),
    ]),
  );
  const common = z.object(commonFields).safeParse(Object.fromEntries(
    Object.keys(commonFields).map((flag) => [flag, values.get(flag)]),
  ));
  for (const issue of common.error?.issues ?? []) {
    problems.push(describeIssue(issue, Object.fromEntries(values)));
  }
  const [help, version] = ["help", "version"].map((flag) =>
    values.get(flag) === true
  );
  if (help || version) {
    const config = {} as Config<T>;
    return { help, version: !help, config, directory: ".", log: {} };
  }

  const directory = directoryOf(values.get("cwd") as string[] | undefined);
  const file = values.get("config");
  const given = file === undefined
    ? {}
    : readConfigFile(String(file), { shape, directory, problems });
  for (const [flag, key] of byFlag) {
    const value = values.get(flag);
    if (value !== undefined) given[key] = fromText(value, shape[key]);
  }
  for (const [one, other] of exclusiveSettings[task] ?? []) {
    if (given[one] === undefined || given[other] === undefined) continue;
    const flags = [one, other].map((name) => `--${flagName(name)}`);
    problems.push(`${flags.join(" and ")} exclude each other`);
  }
  const result = schema.safeParse(given);
  if (!result.success) {
    // A rule on the whole has no path; of a field's issues the first will do.
    const { issues } = result.error;
    const names = issues.map((issue) => fieldPath(issue).join("."));
    const first = issues.filter((_, i) =>
      names[i] === "" || names.indexOf(names[i]) === i
    );
    problems.push(...first.map((issue) => describeIssue(issue, given)));
  }
  if (problems.length > 0 || !result.success) {
    throw listProblems(`Cannot run ${task}`, problems, {
      code: "bad-usage",
      hint: `${task} --help lists the flags`,
    });
  }
  namePlaces(task, result.data, { given, directory });
  return {
    help: false,
    version: false,
    config: result.data as Config<T>,
    directory,
    log: {
      json: values.get("json") === true,
      ...(values.has("log") ? { file: String(values.get("log")) } : {}),
    },
  };
}

/** Turns a flag's text into what its field holds; bad text stays as it is. */
function fromText(
  value: string | boolean | string[],
  schema: z.ZodType,
): unknown {
  switch (kindOf(schema)) {
    case "number":
      return numberFrom(String(value));
    case "names":
      return String(value).split(",");
    case "numbers": {
      const items = String(value).split(",").map(numberFrom);
      return isLoneItem(items, schema) ? items[0] : items;
    }
    case "record":
      return Object.fromEntries(
        String(value).split(",").map((pair) => {
          const [name, ...rest] = pair.split("=");
          return [name, numberFrom(rest.join("="))];
        }),
      );
    default:
      return isLoneItem(value, schema) ? value[0] : value;
  }
}

/** Whether a list is of one, and that may be given as it is. */
function isLoneItem(
  value: unknown,
  schema: z.ZodType,
): value is [unknown] {
  return Array.isArray(value) && value.length === 1 &&
    unwrap(schema) instanceof z.ZodUnion;
}

function numberFrom(text: string): unknown {
  const isNumber = text.trim() !== "" && Number.isFinite(Number(text));
  return isNumber ? Number(text) : text;
}

/**
 * Where relative paths start; each `--cwd` starts from the one before it.
 *
 * @throws {UserError} If there is no such directory.
 */
function directoryOf(given: readonly string[] = []): string {
  const directory = resolve(...given);
  let why = "there is no such directory";
  try {
    if (Deno.statSync(directory).isDirectory) return directory;
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) why = reasonOf(cause);
  }
  throw new UserError(
    `Cannot work in "${directory}": ${why}`,
    { code: "bad-usage", hint: "--cwd takes a directory that is there" },
  );
}

function readConfigFile(
  path: string,
  { shape, directory, problems }: {
    shape: Record<string, z.ZodType>;
    directory: string;
    problems: string[];
  },
): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(textOf(Deno.readFileSync(resolve(directory, path))));
  } catch (cause) {
    throw new UserError(
      `Cannot read the config file "${path}": ${
        reasonOf(cause, path, directory)
      }`,
      { code: "bad-config", hint: "--config takes a JSON file", cause },
    );
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    problems.push(
      `the config file "${path}" holds ${kindOfValue(value)}, expected an ` +
        'object, as {"epochs": 3}',
    );
    return {};
  }
  const { $schema: _, ...fields } = value as Record<string, unknown>;
  for (const key of Object.keys(fields)) {
    if (key in shape) continue;
    problems.push(`the config file "${path}" has an unknown field "${key}"`);
    delete fields[key];
  }
  const place = { folder: dirname(path), directory };
  return pathsFromFolder(fields, shape, place, problems);
}

/** The text of a file, less the byte order mark that editors may put before. */
function textOf(bytes: Uint8Array<ArrayBuffer>): string {
  const [first, second] = bytes;
  const encoding = first === 0xff && second === 0xfe
    ? "utf-16le"
    : first === 0xfe && second === 0xff
    ? "utf-16be"
    : "utf-8";
  return new TextDecoder(encoding).decode(bytes);
}

function kindOfValue(value: unknown): string {
  return Array.isArray(value)
    ? "a list"
    : value === null
    ? "null"
    : `a ${typeof value}`;
}
