/**
 * What the command line needs to know of a zod schema.
 *
 * @module
 */
import { z } from "zod";
import { askForName } from "../base/near_name.ts";
import { showValue } from "../base/show_value.ts";
import { type TaskName, taskSchemas } from "./config.ts";
import { metaOf, unwrap } from "./fields/field_meta.ts";

/**
 * How a field is written on the command line: a `list` by repeating the flag,
 * `names`, `numbers` and a `record` with commas. An `object` stands in config
 * files only.
 */
export type FieldKind =
  | "boolean"
  | "number"
  | "text"
  | "list"
  | "names"
  | "numbers"
  | "record"
  | "object";

/** The flag of a field, without its dashes: `maxLen` is `max-len`. */
export function flagName(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => "-" + letter.toLowerCase());
}

/** How a field is written on the command line. */
export function kindOf(schema: z.ZodType): FieldKind {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodBoolean) return "boolean";
  if (inner instanceof z.ZodNumber) return "number";
  if (inner instanceof z.ZodArray) {
    if (isNumbers(inner)) return "numbers";
    return String(metaOf(schema).placeholder).includes(",") ? "names" : "list";
  }
  // One may be given as it is, or a word in place of numbers.
  if (inner instanceof z.ZodUnion) {
    return inner.options.some(isNumbers) ? "numbers" : "list";
  }
  if (inner instanceof z.ZodRecord) return "record";
  if (inner instanceof z.ZodObject) return "object";
  return "text";
}

function isNumbers(schema: unknown): boolean {
  return schema instanceof z.ZodArray && schema.element instanceof z.ZodNumber;
}

/** A problem with one field, as `--epochs is 0, expected at least 1`. */
export function describeIssue(
  issue: z.core.$ZodIssue,
  given: Record<string, unknown>,
): string {
  const path = fieldPath(issue);
  if (path.length === 0) return issue.message;
  if (issue.code === "unrecognized_keys") {
    const unknown = issue.keys.map((key) => `"${key}"`).join(", ");
    return `${path.join(".")} has unknown fields: ${unknown}`;
  }
  const name = nameOf(path);
  const value = path.reduce<unknown>((outer, key) => Object(outer)[key], given);
  const expected = expectation(issue) + meantChoice(issue, value);
  const item = issue.path[path.length];
  const place = typeof item === "number" ? `, item ${item + 1}:` : ",";
  return `${name} is ${showValue(value)}${place} expected ${expected}`;
}

/** How a field is called where it is given: on the command line or in a file. */
function nameOf([field, ...inner]: readonly string[]): string {
  const sweep: Record<string, z.ZodType> = taskSchemas.sweep.shape;
  if (Object.hasOwn(sweep, field) && kindOf(sweep[field]) === "object") {
    return [field, ...inner].join(".");
  }
  return [`--${flagName(field)}`, ...inner.map((key) => `${showValue(key)}`)]
    .join(", ");
}

/**
 * The way to the field that an issue is about, as `["epochs"]`, or
 * `["settings", "epochs"]` inside of an object; empty for a rule on several.
 * Items of a list are no fields.
 */
export function fieldPath({ path }: z.core.$ZodIssue): string[] {
  const end = path.findIndex((key) => typeof key !== "string");
  return path.slice(0, end === -1 ? path.length : end).map(String);
}

function expectation(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return TYPE_NAMES[issue.expected] ?? `a ${issue.expected}`;
    case "too_small":
      return issue.origin === "string"
        ? "some text"
        : issue.origin === "array"
        ? `at least ${issue.minimum} of them, with commas between`
        : issue.inclusive
        ? `at least ${issue.minimum}`
        : `more than ${issue.minimum}`;
    case "too_big":
      return issue.inclusive
        ? `at most ${issue.maximum}`
        : `less than ${issue.maximum}`;
    case "invalid_value":
      return issue.values.length === 1
        ? String(issue.values[0])
        : `one of ${issue.values.join(", ")}`;
    default:
      return issue.message;
  }
}

/** Asks for the choice that may be meant by a value that is none. */
function meantChoice(issue: z.core.$ZodIssue, value: unknown): string {
  if (issue.code !== "invalid_value" || typeof value !== "string") return "";
  return askForName(value, issue.values.map(String), {
    aliases: FOREIGN_CHOICES,
  });
}

/** What others call the choices, by their letters in lower case. */
const FOREIGN_CHOICES: Readonly<Record<string, readonly string[]>> = {
  cuda: ["webgpu"],
  gpu: ["webgpu"],
  metal: ["webgpu"],
  mps: ["webgpu"],
  vulkan: ["webgpu"],
  pytorch: ["torch"],
  huggingface: ["hf"],
  transformers: ["hf"],
  f1: ["macroF1"],
  f1macro: ["macroF1"],
  mcc: ["matthews"],
  valloss: ["loss"],
  evalloss: ["loss"],
  longest: ["longest-first"],
  onlyfirst: ["longest-first"],
  ignore: ["skip"],
  warn: ["skip"],
  raise: ["stop"],
  error: ["stop"],
  minimal: ["csv"],
  never: ["none"],
};

const TYPE_NAMES: Record<string, string> = {
  boolean: "true or false",
  string: "some text",
  int: "a whole number",
  array: "a list",
  record: "an object",
};

/** The JSON Schema of all config files, for editors. */
export function configJsonSchema(): Record<string, unknown> {
  const tasks = Object.keys(taskSchemas) as TaskName[];
  const schemas = tasks.map((task) => {
    const { $schema: _, ...schema } = z.toJSONSchema(taskSchemas[task], {
      io: "input",
      // They are for the command line, and no keywords of JSON Schema's.
      override: ({ jsonSchema }) => {
        delete jsonSchema.placeholder;
        delete jsonSchema.heading;
        delete jsonSchema.onResume;
        delete jsonSchema.path;
      },
    });
    const properties = { $schema: { type: "string" }, ...schema.properties };
    return [task, { ...schema, properties }] as const;
  });
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Settings of a premise task (--config FILE)",
    anyOf: tasks.map((task) => ({ $ref: `#/$defs/${task}` })),
    $defs: Object.fromEntries(schemas),
  };
}
