import type { TensorInfo } from "@tensorflow/tfjs";
import type { NativeBackend } from "../../device/native/backend.ts";
import {
  registerNativeKernel,
  registerRoom,
} from "../../device/native/register.ts";
import type { CrossEntropyAttributes } from "./mod.ts";

// [B, C] is small, so this is plain code, in float64 between the ends.
function forward(
  backend: NativeBackend,
  { logits }: Record<string, TensorInfo>,
  { labels, total }: CrossEntropyAttributes,
): TensorInfo[] {
  const [examples, classes] = logits.shape;
  const loss = backend.output([]);
  const slope = backend.output(logits.shape);
  const [z, truth] = [backend.floats(logits), backend.ints(labels)];
  const dz = backend.floats(slope);
  let sum = 0;
  for (let b = 0; b < examples; b++) {
    const row = z.subarray(b * classes, (b + 1) * classes);
    const top = row.reduce((a, c) => Math.max(a, c));
    const powers = row.reduce((a, c) => a + Math.exp(c - top), 0);
    sum += Math.log(powers) + top - row[truth[b]];
    for (let c = 0; c < classes; c++) {
      dz[b * classes + c] = (Math.exp(row[c] - top) / powers -
        (c === truth[b] ? 1 : 0)) / total;
    }
  }
  backend.floats(loss)[0] = sum / total;
  return [loss, slope];
}

function gradient(
  backend: NativeBackend,
  { dy, residual0 }: Record<string, TensorInfo>,
): TensorInfo[] {
  const dz = backend.output(residual0.shape);
  const [scale] = backend.floats(dy);
  const slope = backend.floats(residual0);
  backend.floats(dz).set(slope.map((value) => value * scale));
  return [dz];
}

registerRoom<CrossEntropyAttributes>("CrossEntropy", { forward, gradient });

registerNativeKernel("CorrectCount", (backend, { logits, labels }) => {
  const [examples, classes] = logits.shape;
  const count = backend.output([]);
  const [z, truth] = [backend.floats(logits), backend.ints(labels)];
  let right = 0;
  for (let b = 0; b < examples; b++) {
    const row = z.subarray(b * classes, (b + 1) * classes);
    const top = row.reduce((a, c) => Math.max(a, c));
    if (row.indexOf(top) === truth[b]) right++;
  }
  backend.floats(count)[0] = right;
  return [count];
});
