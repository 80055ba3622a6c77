import type { TensorInfo } from "@tensorflow/tfjs";
import { registerGpuRoom } from "../../device/webgpu/register.ts";
import { forwardLayers, layersGradient } from "../linear/webgpu.ts";

/** The tensors of one kind among a kernel's inputs, in order. */
function numbered(
  inputs: Record<string, TensorInfo>,
  kind: "weight" | "bias",
): TensorInfo[] {
  const found: TensorInfo[] = [];
  while (`${kind}${found.length}` in inputs) {
    found.push(inputs[`${kind}${found.length}`]);
  }
  return found;
}

registerGpuRoom("Projections", {
  forward: (backend, inputs) =>
    forwardLayers(backend, {
      x: inputs.x,
      weights: numbered(inputs, "weight"),
      biases: numbered(inputs, "bias"),
      activation: "none",
    }),
  gradient: (backend, inputs) =>
    layersGradient(backend, {
      x: inputs.x,
      weights: numbered(inputs, "weight"),
      activation: "none",
      dy: inputs.dy,
    }),
});
