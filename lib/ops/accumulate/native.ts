import * as tf from "@tensorflow/tfjs";
import { registerNativeKernel } from "../../device/native/register.ts";

registerNativeKernel("Accumulate", (backend, { sum, x }) => {
  const elements = tf.util.sizeFromShape(sum.shape);
  const address = backend.address(sum);
  backend.run("addVectors", elements, [
    address,
    backend.address(x),
    address,
    elements,
  ]);
  return [];
});
