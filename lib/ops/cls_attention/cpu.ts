import type { TensorInfo } from "@tensorflow/tfjs";
import type { CpuBackend } from "../../device/cpu/backend.ts";
import { multiply } from "../../device/cpu/products.ts";
import { registerCpuOp } from "../../device/cpu/register.ts";
import { layOutProbabilities, runAttention, up4 } from "../attention/cpu.ts";
import type { AttentionOptions } from "../attention/reference.ts";
import { sumColumns } from "../linear/cpu.ts";
import { clsAttentionDefinition } from "./reference.ts";

/** Where the probabilities are, and what a kernel takes. */
function plan({ packing, heads }: AttentionOptions, width: number) {
  const { starts, total } = layOutProbabilities(packing, () => heads);
  const longest = up4(packing.longest);
  const row = up4(width);
  return {
    width,
    starts,
    total,
    workspace: 2 * heads * longest + 3 * heads * row + 2 * longest * row,
    work: total * width,
  };
}

/** The columns of one head: of [B, H], or of [B, heads H] where each has H. */
function headOf(of: TensorInfo, head: number, columns: number) {
  return { of, firstColumn: head * columns, columns };
}

/** The rows of one head in a weight [H, H]. */
function rowsOf(of: TensorInfo, head: number, rows: number) {
  return { of, firstRow: head * rows, rows };
}

function forward(
  backend: CpuBackend,
  { query, x, keyWeight, valueWeight, valueBias }: Record<string, TensorInfo>,
  options: AttentionOptions,
): TensorInfo[] {
  const [examples, width] = query.shape;
  const { heads } = options;
  const depth = width / heads;
  const { total, ...sizes } = plan(options, width);
  const u = backend.output([examples, heads * width]);
  const z = backend.output([examples, heads * width]);
  const y = backend.output([examples, width]);
  const probabilities = backend.output([total]);
  for (let h = 0; h < heads; h++) {
    multiply(backend, {
      a: headOf(query, h, depth),
      b: rowsOf(keyWeight, h, depth),
      c: headOf(u, h, width),
    });
  }
  runAttention(backend, "clsAttentionForward", {
    ...sizes,
    options,
    first: [x, u, probabilities].map((t) => backend.address(t)),
    last: [valueBias, z, y].map((t) => backend.address(t)),
  });
  for (let h = 0; h < heads; h++) {
    multiply(backend, {
      a: headOf(z, h, width),
      b: rowsOf(valueWeight, h, depth),
      transposeB: true,
      c: headOf(y, h, depth),
      accumulate: true,
    });
  }
  return [y, u, z, probabilities];
}

function gradient(
  backend: CpuBackend,
  inputs: Record<string, TensorInfo>,
  options: AttentionOptions,
): TensorInfo[] {
  const { dy, query, x, keyWeight, valueWeight, valueBias } = inputs;
  const { residual0: u, residual1: z, residual2: probabilities } = inputs;
  const [examples, width] = query.shape;
  const { heads } = options;
  const depth = width / heads;
  const { total: _, ...sizes } = plan(options, width);
  const dz = backend.output([examples, heads * width]);
  const du = backend.output([examples, heads * width]);
  const dx = backend.output(x.shape);
  const weighted = backend.output(dy.shape);
  for (let h = 0; h < heads; h++) {
    multiply(backend, {
      a: headOf(dy, h, depth),
      b: rowsOf(valueWeight, h, depth),
      c: headOf(dz, h, width),
    });
  }
  runAttention(backend, "clsAttentionBackward", {
    ...sizes,
    options,
    first: [x, u, probabilities].map((t) => backend.address(t)),
    last: [valueBias, dz, dy, du, dx, weighted].map((t) => backend.address(t)),
  });
  const dQuery = backend.output(query.shape);
  const dKeyWeight = backend.output(keyWeight.shape);
  const dValueWeight = backend.output(valueWeight.shape);
  for (let h = 0; h < heads; h++) {
    multiply(backend, {
      a: headOf(du, h, width),
      b: rowsOf(keyWeight, h, depth),
      transposeB: true,
      c: headOf(dQuery, h, depth),
    });
    multiply(backend, {
      a: headOf(query, h, depth),
      transposeA: true,
      b: headOf(du, h, width),
      c: rowsOf(dKeyWeight, h, depth),
    });
    multiply(backend, {
      a: headOf(dy, h, depth),
      transposeA: true,
      b: headOf(z, h, width),
      c: rowsOf(dValueWeight, h, depth),
    });
  }
  const dKeyBias = backend.zeros([width]);
  const dValueBias = backend.output([width]);
  sumColumns(backend, weighted, dValueBias);
  for (const { dataId } of [dz, du, weighted]) backend.disposeData(dataId);
  return [dQuery, dx, dKeyWeight, dKeyBias, dValueWeight, dValueBias];
}

registerCpuOp(clsAttentionDefinition, { forward, gradient });
