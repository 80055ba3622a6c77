/**
 * WGSL that the kernels of linear layers are put together from: how they read
 * and write matrices, and the weights of n layers as one matrix.
 *
 * @module
 */
import type { Element } from "../../../device/webgpu/kernels/kernel.ts";
import type { Activation } from "../reference.ts";
import { ACTIVATION_CODE } from "./activations.ts";

/** What a kernel is made for. */
export interface LayerConstants {
  /** Layers side by side. */
  layers: number;
  /** Whether H and K are multiples of 4. */
  vectors: boolean;
  activation: Activation;
  /** Whether the sums over features, H or K, are of whole steps. */
  whole: boolean;
}

/** `PREFIX0`, `PREFIX1`, ... */
export function names(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${prefix}${i}`);
}

export function bindings(
  tensors: readonly string[],
  vectors: boolean,
): Record<string, Element> {
  const element = vectors ? "vec4<f32>" : "f32";
  return Object.fromEntries(tensors.map((name) => [name, element]));
}

/** A matrix as a product's kernel reads it. */
export interface Operand {
  array: string;
  rows: string;
  columns: string;
  /** Elements from a row to the next; `columns` if not given. */
  stride?: string;
  vectors: boolean;
  /**
   * What the terms of the product's sums are, if the last step can reach past
   * them: that is asked for, and read as 0.
   */
  terms: "rows" | "columns" | undefined;
}

/** Four elements of a matrix's row from `column` on. */
export function loader(
  name: string,
  { array, rows, columns, stride = columns, vectors, terms }: Operand,
): string {
  const inside = (column: string) =>
    terms === "rows" ? `row < ${rows}` : `${column} < ${columns}`;
  const element = (i: number) =>
    terms
      ? `select(0.0, ${array}[at + ${i}u], ${inside(`column + ${i}u`)})`
      : `${array}[at + ${i}u]`;
  const vector = `${array}[(row * ${stride} + column) / 4u]`;
  const body = !vectors
    ? `let at = row * ${stride} + column;
  return vec4<f32>(${[0, 1, 2, 3].map(element).join(", ")});`
    : terms
    ? `return select(vec4<f32>(), ${vector}, ${inside("column")});`
    : `return ${vector};`;
  return `
fn ${name}(row: u32, column: u32) -> vec4<f32> {
  ${body}
}`;
}

/** The terms of an operand whose sums may be of whole steps. */
export function termsOf(
  { whole }: LayerConstants,
  terms: "rows" | "columns",
): Operand["terms"] {
  return whole ? undefined : terms;
}

/**
 * Puts `values` into an array, the first of them at `at`, as far as their
 * `column`s are inside.
 */
export function put(
  array: string,
  { at, columns, vectors }: { at: string; columns: string; vectors: boolean },
): string {
  if (vectors) {
    return `if (column < ${columns}) { ${array}[(${at}) / 4u] = values; }`;
  }
  return [0, 1, 2, 3].map((i) =>
    `if (column + ${i}u < ${columns}) { ` +
    `${array}[${at} + ${i}u] = values.${"xyzw"[i]}; }`
  ).join("\n  ");
}

/** Code for the layer that row `n` of the weights belongs to. */
export function ofLayer(
  layers: number,
  n: string,
  code: (layer: number, row: string) => string,
): string {
  let text = "";
  for (let i = 0; i < layers - 1; i++) {
    text += `if (${n} < ${i + 1}u * u.layer) { ${
      code(i, `(${n} - ${i}u * u.layer)`)
    } }\n  `;
  }
  return text + code(layers - 1, `(${n} - ${layers - 1}u * u.layer)`);
}

/** `weight4(row, column)` of the weights one above the other. */
export function weightLoader(
  { layers, vectors }: LayerConstants,
  terms: Operand["terms"],
): string {
  const loaders = names("weight", layers).map((array) =>
    loader(`load_${array}`, {
      array,
      rows: "u.layer",
      columns: "u.features",
      vectors,
      terms,
    })
  ).join("");
  return `${loaders}
fn weight4(row: u32, column: u32) -> vec4<f32> {
  ${
    ofLayer(layers, "row", (i, row) =>
      `return load_weight${i}(${row}, column);`)
  }
}`;
}

/** `dz4(row, column)`: dy times the slope. */
export function slopeLoader(
  { activation, vectors }: LayerConstants,
  terms: Operand["terms"],
): string {
  const matrix = { rows: "u.rows", columns: "u.width", vectors, terms };
  if (activation === "none") return loader("dz4", { array: "dy", ...matrix });
  return `${loader("dy4", { array: "dy", ...matrix })}
${loader("kept4", { array: "kept", ...matrix })}
${ACTIVATION_CODE[activation].slope}
fn dz4(row: u32, column: u32) -> vec4<f32> {
  return dy4(row, column) * slope(kept4(row, column));
}`;
}

/** What the gradients' kernels read of the result. */
export function slopeReads({ activation }: LayerConstants): string[] {
  return activation === "none" ? ["dy"] : ["dy", "kept"];
}
