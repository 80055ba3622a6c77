import * as tf from "@tensorflow/tfjs";
import { registerNativeKernel } from "../../device/native/register.ts";
import type { AdamAttributes } from "./mod.ts";

/** Updates p, m and v in place. */
registerNativeKernel<AdamAttributes>("Adam", (backend, inputs, attributes) => {
  const { p, m, v, g } = inputs;
  const elements = tf.util.sizeFromShape(p.shape);
  backend.run("adamUpdate", 4 * elements, [
    ...[p, m, v, g].map((tensor) => backend.address(tensor)),
    elements,
  ], [attributes.rate, attributes.rootScale]);
  return [];
});
