import { registerGpuOp } from "../../device/webgpu/kernels/register.ts";
import { forwardLayers, layersGradient } from "../linear/webgpu.ts";
import { ofLayers, PROJECTIONS } from "./reference.ts";

registerGpuOp({ name: PROJECTIONS }, {
  forward: (backend, inputs) =>
    forwardLayers(backend, {
      x: inputs.x,
      weights: ofLayers(inputs, "weight"),
      biases: ofLayers(inputs, "bias"),
      activation: "none",
    }),
  gradient: (backend, inputs) =>
    layersGradient(backend, {
      x: inputs.x,
      weights: ofLayers(inputs, "weight"),
      activation: "none",
      dy: inputs.dy,
    }),
});
