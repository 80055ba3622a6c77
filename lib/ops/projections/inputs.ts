import type { TensorInfo } from "@tensorflow/tfjs";

/** The layers' weights or biases among a kernel's inputs, in order. */
export function ofLayers(
  inputs: Record<string, TensorInfo>,
  kind: "weight" | "bias",
): TensorInfo[] {
  const found: TensorInfo[] = [];
  while (`${kind}${found.length}` in inputs) {
    found.push(inputs[`${kind}${found.length}`]);
  }
  return found;
}
