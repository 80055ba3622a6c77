/**
 * How the references lay a packed batch out: padded, by moves of whole rows.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";

/** Which rows to take, and a factor of 0 or 1 for each; none means all 1. */
export interface RowMap {
  index: tf.Tensor1D;
  mask?: tf.Tensor2D;
}

/** The row moves of one packed batch, on the device. */
export class PaddedLayout {
  /** [T, .] to [B L, .]; rows past an example's end hold anything. */
  readonly pad: RowMap;
  /** [B L, .] to [T, .]. */
  readonly unpad: RowMap;
  /** The reverse of `unpad`: rows past an example's end are 0. */
  readonly padZero: RowMap;
  /** [T, .] to [B, .]: the first token of each example. */
  readonly cls: RowMap;
  /** The reverse of `cls`: rows of other tokens are 0. */
  readonly spreadCls: RowMap;
  /** [B, 1, 1, L]: 0 where there is a token, else a large negative number. */
  readonly keyBias: tf.Tensor4D;

  /**
   * @param offsets Where each example starts, and T at the end: [B + 1].
   * @param longest Tokens of the longest example, L.
   */
  constructor(offsets: Int32Array, longest: number) {
    const examples = offsets.length - 1;
    const tokens = offsets[examples];
    const pad = new Int32Array(examples * longest);
    const padMask = new Float32Array(examples * longest);
    const bias = new Float32Array(examples * longest).fill(-1e9);
    const unpad = new Int32Array(tokens);
    const spread = new Int32Array(tokens);
    const spreadMask = new Float32Array(tokens);
    for (let b = 0; b < examples; b++) {
      const start = offsets[b];
      spread[start] = b;
      spreadMask[start] = 1;
      for (let i = 0; i < offsets[b + 1] - start; i++) {
        const slot = b * longest + i;
        pad[slot] = start + i;
        padMask[slot] = 1;
        bias[slot] = 0;
        unpad[start + i] = slot;
      }
    }
    const index = (values: Int32Array) => tf.tensor1d(values, "int32");
    const mask = (values: Float32Array) =>
      tf.tensor2d(values, [values.length, 1]);
    this.pad = { index: index(pad) };
    this.padZero = { index: this.pad.index, mask: mask(padMask) };
    this.unpad = { index: index(unpad) };
    this.cls = { index: index(offsets.slice(0, examples)) };
    this.spreadCls = { index: index(spread), mask: mask(spreadMask) };
    this.keyBias = tf.tensor4d(bias, [examples, 1, 1, longest]);
  }
}

/**
 * Moves whole rows. Its gradient moves them back, with no sum over rows and
 * so with no atomics: `backward` is given instead of derived.
 *
 * @param x [N, W].
 * @param forward Which rows of x to take.
 * @param backward Which rows of the result's gradient x's gradient takes.
 */
export function moveRows(
  x: tf.Tensor2D,
  forward: RowMap,
  backward: RowMap,
): tf.Tensor2D {
  const move = tf.customGrad((x) => ({
    value: takeRows(x as tf.Tensor2D, forward),
    gradFunc: (dy: tf.Tensor) => takeRows(dy as tf.Tensor2D, backward),
  }));
  return move(x) as tf.Tensor2D;
}

/** The rows of x that a map names. */
export function takeRows(x: tf.Tensor2D, { index, mask }: RowMap): tf.Tensor2D {
  const rows = tf.gather(x, index);
  return mask === undefined ? rows : tf.mul(rows, mask);
}
