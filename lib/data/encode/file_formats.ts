/**
 * How the files of a data set are written: found once for all that reads them.
 *
 * @module
 */
import type { Sentences } from "../../text/pair.ts";
import { badData } from "../read/bad_data.ts";
import { findFormat, type RowFormat } from "../read/row_format.ts";
import type { Dataset } from "../sources/dataset.ts";
import { checkSentences } from "../sources/pair_source.ts";

/** How each file is written, by its path. */
export type FileFormats = ReadonlyMap<string, RowFormat>;

/**
 * Finds how the files of a data set are written.
 *
 * @param dataset Its splits. Only what is trained on must have labels.
 * @param sentences What the model reads; either if absent.
 * @throws {UserError} `bad-data` if a field is missing, `wrong-sentences` if the
 * files are not of what the model reads, or some files are of
 * pairs and others of single sentences.
 */
export async function findFormats(
  dataset: Dataset,
  sentences?: Sentences,
): Promise<FileFormats> {
  const formats = new Map<string, RowFormat>();
  const splits = [...dataset.values()];
  for (const { name, files, options } of splits) {
    for (const file of files) {
      if (formats.has(file.path)) continue;
      const unlabelled = name !== "train";
      formats.set(
        file.path,
        await findFormat(file, { ...options, unlabelled }),
      );
    }
  }
  checkAgreement(dataset, formats);
  const [{ shown }] = splits[0].files;
  const [format] = formats.values();
  checkSentences({ shown, format }, sentences);
  return formats;
}

/** A model takes pairs or single sentences, so one data set is of one kind. */
function checkAgreement(dataset: Dataset, formats: FileFormats): void {
  const [first, ...others] = dataset.values().flatMap(({ files }) => files);
  const kindOf = ({ path }: { path: string }) =>
    formats.get(path)!.fields.hypothesis === null
      ? "single sentences"
      : "pairs of sentences";
  const other = others.find((file) => kindOf(file) !== kindOf(first));
  if (other === undefined) return;
  throw badData(
    { path: other.shown },
    `it is of ${kindOf(other)}, but "${first.shown}" is of ${kindOf(first)}`,
    { hint: "--single takes the first sentence of each row alone" },
  );
}

/** What decides how rows are read; the names of other columns do not. */
export function decisive(format: RowFormat): Record<string, unknown> {
  if (format.kind === "json") return { ...format };
  const { header: _, headerLines: __, ...rest } = format;
  return rest;
}
