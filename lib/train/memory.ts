/**
 * How much memory a training step takes on the CPU device, and so how many
 * tokens of a batch can be computed at once.
 *
 * @module
 */
import { UserError } from "../base/errors.ts";
import { MOST_BYTES } from "../device/cpu/memory.ts";
import { elementCount } from "../weights/formats/arrays.ts";
import type { ModelConfig } from "../weights/model_config.ts";
import { parameterShapes } from "../weights/shapes.ts";

/** What stays free: blocks are rounded up, and some never fit again. */
const MARGIN = 0.75;
/** Bytes a parameter: itself and two moments. */
const PARAMETER_BYTES = 4 * 3;
/** And its gradient, and the gradients' sum over a batch's micro-batches. */
const GRADIENT_BYTES = 4 * 2;

/** What a step's memory depends on besides the model. */
export interface MemoryOptions {
  /** Tokens of a mean example: attention's share grows with it. */
  meanLength: number;
  /** Tokens of the longest example, which must fit alone. */
  longest: number;
}

/**
 * Bytes of activations that a training step keeps for each token, within a
 * tenth of what the CPU device was seen to take.
 *
 * A block keeps its projections, context, sums and norms (12 H), the
 * feed-forward layer's result and what its gradient makes of it (3 F, one
 * more where the activation's input is kept), and attention's probabilities.
 * The last block has a row an example, and attention's four of H for each
 * head. The input, its projection and its gradient take 8 H, its norm 5 more;
 * where its tables have another width, it is that, and 2 H for what leads on.
 */
export function activationBytes(
  config: ModelConfig,
  meanLength: number,
): number {
  const { blocks, hidden, feedForward, heads, activation } = config;
  const wide = activation === "relu" ? 3 : 4;
  const block = 12 * hidden + wide * feedForward + 2 * heads * meanLength;
  const lastBlock = (block + 4 * heads * hidden) / meanLength;
  const projected = config.embedding === hidden ? 0 : 2 * hidden;
  const input = (config.embeddingNorm ? 13 : 8) * config.embedding + projected;
  return 4 * ((blocks - 1) * block + lastBlock + input);
}

/**
 * How many tokens can be computed at once on the CPU.
 *
 * @param config The model.
 * @param options The examples' lengths.
 * @return Tokens, at least those of the longest example.
 * @throws {UserError} If not even the longest example fits.
 *
 * @example
 * ```ts
 * import { tokensThatFit } from "./memory.ts";
 * import { openModelDir } from "../weights/model_dir.ts";
 * import { assert } from "@std/assert";
 *
 * const { config } = await openModelDir("fixtures/golden/hf");
 * assert(tokensThatFit(config, { meanLength: 26, longest: 128 }) > 100_000);
 * ```
 */
export function tokensThatFit(
  config: ModelConfig,
  { meanLength, longest }: MemoryOptions,
): number {
  let parameters = 0;
  for (const shape of parameterShapes(config).values()) {
    parameters += elementCount(shape);
  }
  const perToken = activationBytes(config, meanLength);
  // Of the token table only the rows that a batch reads have a gradient.
  const dense = parameters - config.vocabulary * config.embedding;
  const fixed = parameters * PARAMETER_BYTES + dense * GRADIENT_BYTES;
  const tokens = Math.floor((MOST_BYTES - fixed) * MARGIN / perToken);
  if (tokens >= longest) return tokens;
  const needed = fixed + longest * perToken / MARGIN;
  throw new UserError(
    `Cannot train the model on the CPU: its ${
      (parameters / 1e6).toFixed(0)
    } million parameters and one example of ${longest} tokens take ${
      gibibytes(needed)
    } GiB, and there are 4`,
    {
      code: "out-of-memory",
      hint: "train it on a GPU (--device webgpu), or encode shorter examples " +
        "(preprocess --max-len)",
    },
  );
}

/** How many tokens are to be computed at once. */
export interface TokensAtOnceOptions extends MemoryOptions {
  /** How many are requested; as many as fit if undefined. */
  requested: number | undefined;
  /** Tokens of a mean batch, the most that are ever computed at once. */
  batchTokens: number;
}

/**
 * How many tokens a run computes at once on the CPU.
 *
 * @param config The model.
 * @param options What is requested, and the examples' lengths.
 * @return Tokens: as many as are requested, or as fit.
 * @throws {UserError} If they don't fit, with how many do.
 */
export function tokensAtOnce(
  config: ModelConfig,
  { requested, batchTokens, ...lengths }: TokensAtOnceOptions,
): number {
  const most = tokensThatFit(config, lengths);
  if (requested === undefined) return most;
  if (Math.min(requested, batchTokens) <= most) return requested;
  throw new UserError(
    `Cannot compute ${requested} tokens at once on the CPU: its memory of ${
      gibibytes(MOST_BYTES)
    } GiB holds ${most} of this model's`,
    {
      code: "out-of-memory",
      hint: `--micro-batch-tokens ${most}, or none; the result is the same`,
    },
  );
}

function gibibytes(bytes: number): string {
  return (bytes / 2 ** 30).toFixed(1);
}
