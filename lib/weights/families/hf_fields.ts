/**
 * The fields that the configurations of transformers' families share.
 *
 * @module
 */
import { z } from "zod";
import { showValue } from "../../base/show_value.ts";
import type { ModelConfig } from "../model_config.ts";

/** A dropout rate. */
export const rate: z.ZodNumber = z.number().min(0).lt(1);

/** Names of transformers' activations that are one of ours but for rounding. */
const ACTIVATIONS = new Map<string, ModelConfig["activation"]>([
  ["gelu", "gelu"],
  ["gelu_python", "gelu"],
  ["gelu_new", "gelu-tanh"],
  ["gelu_fast", "gelu-tanh"],
  ["gelu_accurate", "gelu-tanh"],
  ["gelu_pytorch_tanh", "gelu-tanh"],
  ["gelu_python_tanh", "gelu-tanh"],
  ["relu", "relu"],
]);

/**
 * The activation that transformers calls by a name.
 *
 * @param field The name of the field, for the clause.
 * @param name What it says.
 * @param problems Gets a clause if there is none.
 */
export function translateActivation(
  field: string,
  name: string,
  problems: string[],
): ModelConfig["activation"] {
  const activation = ACTIVATIONS.get(name);
  if (activation) return activation;
  const known = [...ACTIVATIONS.keys()].join(", ");
  problems.push(`${field} is "${name}", expected one of ${known}`);
  return "gelu";
}

/** What transformers calls an activation, in all of its versions. */
export const ACTIVATION_NAMES: Record<ModelConfig["activation"], string> = {
  gelu: "gelu",
  "gelu-tanh": "gelu_new",
  relu: "relu",
};

/**
 * Reads fields, and lists those of other types than expected.
 *
 * @param schema The fields.
 * @param config The content of a `config.json`.
 * @param problems Gets a clause for each field that is not as expected.
 */
export function readFields<T>(
  schema: z.ZodType<T>,
  config: unknown,
  problems: string[],
): T | undefined {
  const { data, error } = schema.safeParse(config);
  for (const { path, message } of error?.issues ?? []) {
    const value = path.reduce<unknown>(
      (inner, key) => Object(inner)[key],
      config,
    );
    const expected = message.replace(/^(?:Invalid input|Too \w+): /, "")
      .replace(/, received .*$/, "");
    problems.push(`${path.join(".")} is ${showValue(value)}, ${expected}`);
  }
  return data;
}

/** The id of the token that fills up shorter texts; null if there is none. */
export const paddingId: z.ZodNullable<z.ZodInt> = z.int().nullable();

/**
 * The row of the token table that PyTorch keeps from learning: its
 * `padding_idx`, which may be counted from the table's end.
 *
 * @param id `pad_token_id`.
 * @param vocabulary Rows of the table, `vocab_size`.
 * @param problems Gets a clause if there is no such row.
 */
export function translatePadding(
  id: number | null,
  vocabulary: number,
  problems: string[],
): number | null {
  // A table without rows is refused as such.
  if (id === null || vocabulary < 1) return null;
  if (id >= -vocabulary && id < vocabulary) {
    return id < 0 ? id + vocabulary : id;
  }
  problems.push(
    `pad_token_id is ${id}, expected null or the id of one of ${vocabulary} ` +
      "tokens (vocab_size)",
  );
  return null;
}

/**
 * The inverse of {@link translatePadding}.
 *
 * @param model Its padding row; nothing is said of a model that has no word on it.
 */
export function describePadding(
  { paddingRow }: Pick<ModelConfig, "paddingRow">,
): { pad_token_id?: number | null } {
  return paddingRow === undefined ? {} : { pad_token_id: paddingRow };
}

/** What changes a model's results in a way that is not computed here. */
const ORDINARY: [
  field: string,
  is: (value: unknown) => boolean,
  what: string,
][] = [
  ["position_embedding_type", (type) => type === "absolute", '"absolute"'],
  ["is_decoder", (is) => is === false, "false: an encoder"],
  ["is_encoder_decoder", (is) => is === false, "false: an encoder"],
  ["add_cross_attention", (adds) => adds === false, "false: an encoder"],
  ["pruned_heads", isEmpty, "none: all heads of a block"],
  ["quantization_config", () => false, "none: weights as floats"],
];

function isEmpty(value: unknown): boolean {
  return Object.keys(Object(value)).length === 0;
}

/**
 * What a configuration says that no family of ours computes.
 *
 * @param config The content of a `config.json`.
 * @return A clause each.
 */
export function foreignFeatures(
  config: Readonly<Record<string, unknown>>,
): string[] {
  return ORDINARY.flatMap(([field, isOrdinary, expected]) => {
    const value = config[field] ?? undefined;
    if (value === undefined || isOrdinary(value)) return [];
    return [`${field} is ${showValue(value)}, expected ${expected}`];
  });
}
