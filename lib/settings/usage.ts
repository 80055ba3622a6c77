/**
 * The usage text of a task, for terminals of 80 columns.
 *
 * @module
 */
import { z } from "zod";
import { type TaskName, taskSchemas, taskSummaries } from "./config.ts";
import { examples } from "./examples.ts";
import { commonFields } from "./fields/common.ts";
import { metaOf, unwrap } from "./fields/field_meta.ts";
import { HEADINGS } from "./fields/groups.ts";
import { flagName, kindOf } from "./schema.ts";

/** Columns of a terminal that nobody has made wider. */
const COLUMNS = 80;
/** What a longer flag has its text below of. */
const LONGEST_FLAG = 28;

/** A space at which no line is broken. */
const GLUE = "\u00a0";

const EXIT_CODES = [
  ["0", "done"],
  ["1", "the work failed: the network, a device, a check"],
  ["2", "the command line, the settings or the input is wrong"],
  ["130, 143, 129", "stopped by Ctrl-C, SIGTERM or SIGHUP, after saving"],
] as const;

/**
 * What `--help` prints: what the task does, its flags under headings with
 * their choices and defaults, examples, and the exit codes.
 *
 * @param task The task.
 *
 * @example
 * ```ts
 * import { usage } from "./usage.ts";
 * import { assertStringIncludes } from "@std/assert";
 *
 * assertStringIncludes(usage("doctor"), "--threads N");
 * ```
 */
export function usage(task: TaskName): string {
  const shape: Record<string, z.ZodType> = taskSchemas[task].shape;
  const fields = Object.entries({ ...shape, ...commonFields });
  const sections = HEADINGS.map((heading) => ({
    heading,
    rows: fields.filter(([, field]) => metaOf(field).heading === heading)
      .map(([name, field]) => [flagOf(name, field), textOf(field)] as const),
  })).filter(({ rows }) => rows.length > 0);
  const flags = sections.flatMap(({ rows }) => rows.map(([flag]) => flag));
  const width = widest(flags.filter(({ length }) => length <= LONGEST_FLAG));
  const command = commandOf(task);
  return [
    `${task}: ${taskSummaries[task]}`,
    `Usage: ${command} [--FLAG VALUE ...]`,
    ...sections.map(({ heading, rows }) =>
      `${heading}:\n${rows.map((row) => describe(row, width)).join("\n")}`
    ),
    `Examples:\n${
      examples[task].map((example) => breakCommand(`${command} ${example}`))
        .join("\n")
    }`,
    `Exit codes:\n${
      EXIT_CODES.map((row) => describe(row, widest(["130, 143, 129"]))).join(
        "\n",
      )
    }`,
  ].join("\n\n");
}

/** How a task is run; the chain `demo` has the name of its last program. */
function commandOf(task: TaskName): string {
  return task === "demo"
    ? "deno run --allow-read tasks/demo.ts"
    : `deno task ${task}`;
}

/** A setting as it is written, as `--epochs N`. */
function flagOf(name: string, field: z.ZodType): string {
  const kind = kindOf(field);
  const value = kind === "boolean"
    ? ""
    : String(metaOf(field).placeholder || (choicesOf(field, 1)[0] ?? "NAME"));
  const flag = kind === "object" ? `"${name}":` : `--${flagName(name)}`;
  return `${flag} ${value}`.trimEnd();
}

/** Its help text, choices and default. */
function textOf(field: z.ZodType): string {
  const [text, told] = String(metaOf(field).description).split("; default: ");
  const choices = choicesOf(field);
  const fallback = told ?? defaultOf(field);
  return [
    text,
    ...(choices.length > 1 ? [`one of ${choices.join(", ")}`] : []),
    ...(fallback === undefined ? [] : [`default:${GLUE}${fallback}`]),
  ].join("; ");
}

/** The values that a setting may have, if they are few; at most `most`. */
function choicesOf(field: z.ZodType, most = Infinity): readonly string[] {
  const inner = unwrap(field);
  const options = inner instanceof z.ZodEnum ? inner.options.map(String) : [];
  return options.length <= most ? options : [];
}

/** A default; switches are off, and objects empty. */
function defaultOf(field: z.ZodType): string | undefined {
  const kind = kindOf(field);
  return field instanceof z.ZodDefault && kind !== "boolean" &&
      kind !== "object"
    ? String(field.def.defaultValue)
    : undefined;
}

/** A flag with its text beside it, or below it where the flag is long. */
function describe(
  [flag, text]: readonly [string, string],
  width: number,
): string {
  const indent = " ".repeat(width + 4);
  const [first, ...rest] = wrap(text, COLUMNS - indent.length);
  const below = [...rest.map((line) => indent + line)];
  return flag.length <= width
    ? [`  ${flag.padEnd(width)}  ${first}`, ...below].join("\n")
    : [`  ${flag}`, indent + first, ...below].join("\n");
}

/** A command line, broken between flags for a shell to take it as it is. */
function breakCommand(command: string): string {
  const [first, ...rest] = command.trim().split(/ (?=--|< )/);
  const lines = [`  ${first}`];
  for (const part of rest) {
    const line = `${lines.at(-1)} ${part}`;
    // Two more columns for what joins the lines.
    if (line.length <= COLUMNS - 2) lines[lines.length - 1] = line;
    else lines.push(`    ${part}`);
  }
  return lines.join(" \\\n");
}

/** The lines of a text. */
function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const line = lines.length === 0 ? word : `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && line.length <= columns) lines.pop();
    lines.push(lines.length === 0 || line.length <= columns ? line : word);
  }
  return lines.map((line) => line.replaceAll(GLUE, " "));
}

function widest(texts: readonly string[]): number {
  return Math.max(...texts.map(({ length }) => length));
}
