/**
 * Data sets as tables of token ids: from the files of SNLI, MultiNLI and GLUE,
 * CSV, TSV, JSON or Parquet to Arrow files, and from these to batches.
 *
 * Take this entry to prepare data for a model, or to feed a loop of your own.
 *
 * @example Encode a file of pairs, and go through its batches
 * ```ts
 * import { batches, prepareTables, readTableDir } from "@premise/premise/data";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * const vocabularyFile = `${folder}/vocab.json`;
 * await Deno.writeTextFile(
 *   vocabularyFile,
 *   JSON.stringify(["<unk>", "<cls>", "<sep>", "a", "dog", "runs", "sleeps"]),
 * );
 * await Deno.writeTextFile(
 *   `${folder}/pairs.csv`,
 *   "premise,hypothesis,label\n" +
 *     "A dog runs,A dog sleeps,contradiction\n" +
 *     "A dog runs,A cat runs,neutral\n",
 * );
 *
 * await prepareTables(`${folder}/table`, {
 *   data: [`train=${folder}/pairs.csv`],
 *   vocabularyFile,
 *   tokenizer: { kind: "words", lowerCase: true },
 *   labels: ["entailment", "contradiction", "neutral"],
 *   maxLength: 128,
 *   truncation: "longest-first",
 * });
 *
 * const table = await readTableDir(`${folder}/table`);
 * const [batch] = batches(await table.open("train"), { batchSize: 2 });
 * assertEquals(batch.labels, Int32Array.of(1, 2));
 * assertEquals(batch.tokenIds.slice(0, 5), Int32Array.of(1, 3, 4, 5, 2));
 * await Deno.remove(folder, { recursive: true });
 * ```
 *
 * @module
 */
export {
  type Batch,
  batches,
  type BatchOptions,
  epochOrder,
} from "./batch/batches.ts";
export type { LookUps, PackedTokens } from "./batch/pack.ts";
export type { SplitFigures } from "../events/data/data_events.ts";
export type { WarningEvent } from "../events/events.ts";
export type { FieldNames, GivenFields } from "./read/columns/field_names.ts";
export type { Pair } from "./read/pairs.ts";
export { type PreparedTables, prepareTables } from "./encode/prepare.ts";
export type { PrepareTablesOptions } from "./encode/prepare_options.ts";
export type { FormatOptions } from "./read/row_format.ts";
export type { Table } from "./table/table.ts";
export { readTableDir, type TableDir } from "./table/table_dir.ts";
export type {
  SplitRecord,
  TableManifest,
  TableSettings,
} from "./table/table_manifest.ts";
export { chooseDataFiles, type HubFolder } from "./sources/hub/hub_folder.ts";
export type { DataSource } from "./sources/source.ts";
