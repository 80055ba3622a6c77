import type { TensorInfo } from "@tensorflow/tfjs";
import type { NativeBackend } from "../../device/native/backend.ts";
import { registerRoom } from "../../device/native/register.ts";
import type { EmbeddingIndex } from "./mod.ts";

function forward(
  backend: NativeBackend,
  { token, segment, position }: Record<string, TensorInfo>,
  { index }: EmbeddingIndex,
): TensorInfo[] {
  const [rows, width] = [index[0].size, token.shape[1]];
  const y = backend.output([rows, width]);
  backend.run("embeddingSum", 3 * rows * width, [
    backend.address(y),
    ...[token, segment, position].map((table) => backend.address(table)),
    ...index.map((values) => backend.address(values)),
    rows,
    width,
  ]);
  return [y];
}

function gradient(
  backend: NativeBackend,
  { dy, token, segment, position }: Record<string, TensorInfo>,
  { index }: EmbeddingIndex,
): TensorInfo[] {
  const [rows, width] = dy.shape;
  return [token, segment, position].map((table, i) => {
    const sums = backend.zeros(table.shape);
    backend.run("embeddingScatter", rows * width, [
      backend.address(dy),
      backend.address(index[i]),
      backend.address(sums),
      rows,
      width,
    ]);
    return sums;
  });
}

registerRoom<EmbeddingIndex>("Embedding", { forward, gradient });
