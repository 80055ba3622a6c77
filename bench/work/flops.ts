/**
 * How much arithmetic the matrix products of a pass take.
 *
 * @module
 */
import type { ModelConfig } from "../../lib/weights/model_config.ts";

/**
 * Floating-point operations of the matrix products of one batch as this
 * project computes it on the CPU: no padding; only `<cls>` rows leave the last
 * block, which makes no keys and values; and of words that occur more than
 * once, the first block's projections are computed once. A multiplication and
 * an addition count as two; the gradient of a product is two products.
 *
 * @param config The model: width H, feed-forward width F, L blocks.
 * @param examples Each example's tokens.
 * @param training Whether the gradient counts too.
 */
export function productFlops(
  config: ModelConfig,
  examples: readonly (readonly number[])[],
  training: boolean,
): number {
  const { hidden: H, feedForward: F, heads, blocks, labels } = config;
  const B = examples.length;
  const lengths = examples.map(({ length }) => length);
  const T = lengths.reduce((sum, length) => sum + length, 0);
  const squares = lengths.reduce((sum, length) => sum + length ** 2, 0);
  const rows = new Set(examples.flat()).size + Math.max(...lengths);
  const first = config.embeddingNorm ? T : Math.min(T, rows);
  const block = T * (2 * H * H + 4 * H * F) + 4 * squares * H;
  const projections = (first + (blocks - 2) * T) * 6 * H * H;
  const lastBlock = B * (8 * H * H + 4 * H * F) + 4 * T * heads * H;
  const head = B * (2 * H * H + 2 * H * labels.length);
  const whole = blocks === 1 ? 0 : (blocks - 1) * block + projections;
  return (whole + lastBlock + head) * (training ? 3 : 1);
}
