/** Linear layers side by side and their gradients in float64, in plain loops. */

/** What goes in: x [T, K], weights [H, K], biases [H], and slopes [T, nH]. */
export interface ProjectionArrays {
  x: ArrayLike<number>;
  weights: { data: Float32Array }[];
  biases: { data: Float32Array }[];
  slope: ArrayLike<number>;
}

/** Layers side by side in float64. */
export function exactProjections(
  { x, weights, biases, slope }: ProjectionArrays,
) {
  const [n, H] = [weights.length, biases[0].data.length];
  const K = weights[0].data.length / H;
  const T = x.length / K;
  const value = new Float64Array(T * n * H);
  const dx = new Float64Array(T * K);
  const dWeights = weights.map(() => new Float64Array(H * K));
  const dBiases = weights.map(() => new Float64Array(H));
  for (let t = 0; t < T; t++) {
    for (let i = 0; i < n; i++) {
      for (let h = 0; h < H; h++) {
        const at = (t * n + i) * H + h;
        value[at] = biases[i].data[h];
        dBiases[i][h] += slope[at];
        for (let k = 0; k < K; k++) {
          const weight = weights[i].data[h * K + k];
          value[at] += x[t * K + k] * weight;
          dx[t * K + k] += slope[at] * weight;
          dWeights[i][h * K + k] += slope[at] * x[t * K + k];
        }
      }
    }
  }
  return {
    value,
    dx,
    /** Of the layers, as `weight0`, `bias0`, ... */
    layers: Object.fromEntries([
      ...dWeights.map((d, i) => [`weight${i}`, d] as const),
      ...dBiases.map((d, i) => [`bias${i}`, d] as const),
    ]),
  };
}

/** Layers as an operation's inputs, `weight0`, `bias0`, ... */
export function layerInputs<Value>(
  weights: readonly Value[],
  biases: readonly Value[],
): Record<string, Value> {
  return Object.fromEntries([
    ...weights.map((weight, i) => [`weight${i}`, weight] as const),
    ...biases.map((bias, i) => [`bias${i}`, bias] as const),
  ]);
}
