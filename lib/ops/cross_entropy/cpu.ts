import type { TensorInfo } from "@tensorflow/tfjs";
import type { CpuBackend } from "../../device/cpu/backend.ts";
import { registerCpuKernel, registerCpuOp } from "../../device/cpu/register.ts";
import {
  CORRECT_COUNT,
  type CrossEntropyAttributes,
  crossEntropyDefinition,
} from "./reference.ts";

// [B, C] is small, so this is plain code, in float64 between the ends.
function forward(
  backend: CpuBackend,
  { logits }: Record<string, TensorInfo>,
  { targets, total }: CrossEntropyAttributes,
): TensorInfo[] {
  const [examples, classes] = logits.shape;
  const loss = backend.output([]);
  const slope = backend.output(logits.shape);
  const [z, q] = [backend.floats(logits), backend.floats(targets)];
  const dz = backend.floats(slope);
  let sum = 0;
  for (let b = 0; b < examples; b++) {
    const row = z.subarray(b * classes, (b + 1) * classes);
    const top = row.reduce((a, c) => Math.max(a, c));
    const powers = row.reduce((a, c) => a + Math.exp(c - top), 0);
    const wanted = q.subarray(b * classes, (b + 1) * classes);
    const whole = wanted.reduce((a, c) => a + c, 0);
    for (let c = 0; c < classes; c++) {
      // What counts nothing may be infinite.
      if (wanted[c]) sum += wanted[c] * (Math.log(powers) + top - row[c]);
      const share = Math.exp(row[c] - top) / powers;
      dz[b * classes + c] = (share * whole - wanted[c]) / total;
    }
  }
  backend.floats(loss)[0] = sum / total;
  return [loss, slope];
}

function gradient(
  backend: CpuBackend,
  { dy, residual0 }: Record<string, TensorInfo>,
): TensorInfo[] {
  const dz = backend.output(residual0.shape);
  const [scale] = backend.floats(dy);
  const slope = backend.floats(residual0);
  backend.floats(dz).set(slope.map((value) => value * scale));
  return [dz];
}

registerCpuOp(crossEntropyDefinition, { forward, gradient });

registerCpuKernel(CORRECT_COUNT, (backend, { logits, labels }) => {
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
