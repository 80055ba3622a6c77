import type { TensorInfo } from "@tensorflow/tfjs";
import type { NativeBackend } from "../../device/cpu/backend.ts";
import { registerRoom } from "../../device/cpu/register.ts";
import type { AttentionOptions } from "./mod.ts";
import { placeProbabilities, runAttention, up4 } from "./words.ts";

/** Where the probabilities are, and what a kernel takes. */
function plan({ packing, heads }: AttentionOptions, width: number) {
  const { starts, total } = placeProbabilities(
    packing,
    (length) => heads * length,
  );
  const depth = width / heads;
  const longest = up4(packing.longest);
  return {
    width,
    starts,
    total,
    workspace: 2 * packing.longest * longest + 8 * longest * up4(depth),
    work: total * depth,
  };
}

function forward(
  backend: NativeBackend,
  { projected }: Record<string, TensorInfo>,
  options: AttentionOptions,
): TensorInfo[] {
  const [tokens, columns] = projected.shape;
  const { total, ...sizes } = plan(options, columns / 3);
  const context = backend.output([tokens, columns / 3]);
  const probabilities = backend.output([total]);
  runAttention(backend, "attentionForward", {
    ...sizes,
    options,
    first: [projected, context, probabilities].map((t) => backend.address(t)),
    last: [],
  });
  return [context, probabilities];
}

function gradient(
  backend: NativeBackend,
  { dy, projected, residual0 }: Record<string, TensorInfo>,
  options: AttentionOptions,
): TensorInfo[] {
  const { total: _, ...sizes } = plan(options, dy.shape[1]);
  const dProjected = backend.output(projected.shape);
  runAttention(backend, "attentionBackward", {
    ...sizes,
    options,
    first: [projected, dy, residual0].map((t) => backend.address(t)),
    last: [backend.address(dProjected)],
  });
  return [dProjected];
}

registerRoom<AttentionOptions>("Attention", { forward, gradient });
