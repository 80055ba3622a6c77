/**
 * How much arithmetic the matrix products of a pass take.
 *
 * @module
 */
import type { ModelConfig } from "../lib/weights/model_config.ts";

/**
 * Floating-point operations of the matrix products of one batch as this
 * project computes it: no padding, and only `<cls>` rows leave the last block.
 * A multiplication and an addition count as two; the gradient of a product is
 * two products.
 *
 * @param config The model: width H, feed-forward width F, L blocks.
 * @param lengths Tokens of each example.
 * @param training Whether the gradient counts too.
 */
export function productFlops(
  config: ModelConfig,
  lengths: readonly number[],
  training: boolean,
): number {
  const { hidden: H, feedForward: F, blocks, labels } = config;
  const B = lengths.length;
  const T = lengths.reduce((sum, length) => sum + length, 0);
  const squares = lengths.reduce((sum, length) => sum + length ** 2, 0);
  const block = T * (8 * H * H + 4 * H * F) + 4 * squares * H;
  const lastBlock = T * 4 * H * H + B * (4 * H * H + 4 * H * F) + 4 * T * H;
  const head = B * (2 * H * H + 2 * H * labels.length);
  return ((blocks - 1) * block + lastBlock + head) * (training ? 3 : 1);
}
