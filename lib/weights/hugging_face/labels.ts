/**
 * What a Hugging Face configuration says of a model's classes and its head.
 *
 * @module
 */
import { z } from "zod";
import { boundedList, boundedRecord } from "../../base/bounded.ts";

const name: z.ZodType<string> = z.union([z.string(), z.number()])
  .transform(String);

/** The fields of `config.json` that tell of classes. */
export const labelFields = {
  architectures: boundedList(z.string(), 100).nullish(),
  id2label: z.union([boundedRecord(name, 1000), boundedList(name, 1000)])
    .nullish(),
  label2id: boundedRecord(z.int(), 1000).nullish(),
  num_labels: z.int().min(1).max(1000).nullish(),
};

/** These fields as they were read. */
export interface LabelFields {
  /** Which of transformers' classes wrote the model. */
  architectures?: string[] | null | undefined;
  /** Names by number. */
  id2label?: Record<string, string> | string[] | null | undefined;
  /** Numbers by name. */
  label2id?: Record<string, number> | null | undefined;
  /** How many classes there are, in old files. */
  num_labels?: number | null | undefined;
}

/** What transformers writes in place of names. */
const PLACE_HOLDER = /^LABEL_\d+$/;

/**
 * The classes that a configuration names, in the order of their numbers.
 *
 * @param fields What it says.
 * @param problems Gets a clause for whatever contradicts itself.
 * @return The names; null if it has none but transformers' place-holders,
 * `LABEL_0` and so on.
 */
export function namedLabels(
  { id2label, label2id }: LabelFields,
  problems: string[],
): string[] | null {
  const numbers = new Map(Object.entries(label2id ?? {}));
  const stale = [...numbers.keys()].every((label) => PLACE_HOLDER.test(label));
  const names = id2label == null
    ? new Map([...numbers].map(([label, id]) => [String(id), label]))
    : new Map(Object.entries(id2label));
  const shared = id2label == null && names.size < numbers.size;
  const labels = Array.from(names, (_, id) => names.get(String(id)));
  if (shared) {
    problems.push(
      `label2id gives ${numbers.size} labels ${names.size} numbers, expected ` +
        "one for each",
    );
    return null;
  }
  if (!labels.every((label) => label !== undefined)) {
    problems.push(
      `${id2label == null ? "label2id" : "id2label"} numbers its labels ${
        [...names.keys()].join(", ")
      }, expected 0 to ${names.size - 1}`,
    );
    return null;
  }
  // Another order of the place-holders is what transformers would show.
  if (labels.every((label, id) => label === `LABEL_${id}`)) return null;
  const contradicted = stale
    ? undefined
    : labels.find((label, id) => numbers.get(label) !== id);
  if (contradicted !== undefined) {
    problems.push(
      `label "${contradicted}" is ${
        labels.indexOf(contradicted)
      } in id2label, ${numbers.get(contradicted) ?? "absent"} in label2id`,
    );
  }
  return labels;
}

/**
 * How many classes a head has by its configuration: 2 if that says nothing.
 *
 * @param fields What it says.
 */
export function classCount({ id2label, num_labels }: LabelFields): number {
  return Object.keys(id2label ?? {}).length || (num_labels ?? 2);
}

/**
 * Names for the classes of a head that has none: transformers' own.
 *
 * @param fields What the configuration says of their number.
 * @param rows The rows of the output layer, if its weights are at hand.
 */
export function placeHolders(fields: LabelFields, rows?: number): string[] {
  const count = rows ?? classCount(fields);
  return Array.from({ length: count }, (_, id) => `LABEL_${id}`);
}

/**
 * Whether a model's head classifies whole sequences, as here.
 *
 * @param fields What the configuration says.
 * @return Null if it says nothing of it.
 */
export function classifiesSequences(
  { architectures }: LabelFields,
): boolean | null {
  if (!architectures || architectures.length === 0) return null;
  return architectures.some((name) =>
    name.endsWith("ForSequenceClassification")
  );
}

/** These fields of a `config.json`; none of them if they are not as usual. */
export function labelFieldsOf(config: unknown): LabelFields {
  return z.object(labelFields).safeParse(config).data ?? {};
}
