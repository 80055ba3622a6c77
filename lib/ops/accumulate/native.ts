import * as tf from "@tensorflow/tfjs";
import { registerNativeKernel } from "../../device/native/register.ts";

registerNativeKernel("Accumulate", (backend, { sum, x }) => {
  const elements = tf.util.sizeFromShape(sum.shape);
  // What others have, too, must stay as it is.
  const total = backend.refCount(sum.dataId) > 1
    ? backend.output(sum.shape)
    : backend.alias(sum, sum.shape);
  backend.run("addVectors", elements, [
    backend.address(sum),
    backend.address(x),
    backend.address(total),
    elements,
  ]);
  return [total];
});
