/**
 * Encodes a whole split.
 *
 * @module
 */
import type { OnProgress } from "../progress.ts";
import { badData } from "./bad_data.ts";
import type { EncodedChunk } from "./encode_chunk.ts";
import type { EncodePool } from "./encode_pool.ts";
import type { Split } from "./source.ts";
import type { TableColumns } from "./table.ts";
import { type LabelledExample, TableBuilder } from "./table_builder.ts";

/** How a split is encoded. */
export interface EncodeOptions {
  /** Take only so many examples, the first with a gold label. */
  limit?: number | undefined;
  /** Told the rows done, under the phase `encode SPLIT`. */
  onProgress?: OnProgress;
  /** Stops the work. */
  signal?: AbortSignal;
}

/** An encoded split. */
export interface EncodedSplit {
  /** Its examples. */
  columns: TableColumns;
  /** Examples left out because they have no gold label. */
  dropped: number;
}

/** Examples that a worker gets at a time. */
const CHUNK = 256;

/** Chunks on their way for each worker: one in work, one to go on with. */
const CHUNKS_AHEAD = 2;

/**
 * Encodes a split.
 *
 * @param split What to encode.
 * @param pool Who does it.
 * @param options Limit, progress, a signal.
 * @return The table's columns, the same for any size of the pool.
 * @throws {UserError} `bad-data` if the file is malformed or no example has a
 * gold label.
 */
export async function encodeSplit(
  split: Split,
  pool: EncodePool,
  options: EncodeOptions = {},
): Promise<EncodedSplit> {
  const { limit = Infinity, onProgress, signal } = options;
  const phase = `encode ${split.name}`;
  const builder = new TableBuilder();
  const queue: Promise<[LabelledExample[], EncodedChunk]>[] = [];
  let dropped = 0;

  async function takeOldest(): Promise<void> {
    builder.add(...await queue.shift()!);
    onProgress?.({ phase, done: builder.rows, total: null, unit: "rows" });
  }

  async function* labelled(): AsyncGenerator<LabelledExample> {
    let taken = 0;
    for await (const example of split.examples()) {
      if (example.label === null) dropped++;
      else {
        yield example as LabelledExample;
        if (++taken === limit) return;
      }
    }
  }

  for await (const examples of inChunks(labelled(), CHUNK)) {
    signal?.throwIfAborted();
    const answer = pool.encode({
      premises: examples.map(({ premise }) => premise),
      hypotheses: examples.map(({ hypothesis }) => hypothesis),
    }).then((encoded): [LabelledExample[], EncodedChunk] => [
      examples,
      encoded,
    ]);
    // If reading fails first, nobody else is there to see this one fail.
    answer.catch(() => {});
    queue.push(answer);
    if (queue.length >= pool.size * CHUNKS_AHEAD) await takeOldest();
  }
  while (queue.length > 0) await takeOldest();
  if (builder.rows === 0) {
    throw badData(
      { path: split.path },
      `it has no example with a gold label for the split "${split.name}"`,
    );
  }
  const { rows } = builder;
  onProgress?.({ phase, done: rows, total: rows, unit: "rows" });
  return { columns: builder.columns(), dropped };
}

async function* inChunks<T>(
  items: AsyncIterable<T>,
  size: number,
): AsyncGenerator<T[]> {
  let chunk: T[] = [];
  for await (const item of items) {
    chunk.push(item);
    if (chunk.length < size) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}
