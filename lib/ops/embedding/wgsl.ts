/**
 * The WGSL of look-ups in three tables. Their gradient is made in two steps, so
 * that no row takes much longer than others: sums of up to 32 uses, the chunks
 * of row_groups.ts, and then each row's sum of its chunks.
 *
 * @module
 */
import {
  defineKernel,
  kernelVariants,
} from "../../device/webgpu/kernels/kernel.ts";
import {
  eachUnit,
  type RowUnits,
  UNIT_UNIFORMS,
} from "../../device/webgpu/kernels/row_units.ts";

type Element = Pick<RowUnits, "element">;

/** The sum of the three rows of each token. */
export const lookUp = kernelVariants(({ element }: Element) =>
  defineKernel({
    name: "embedding",
    reads: {
      token: element,
      segment: element,
      position: element,
      tokens: "i32",
      segments: "i32",
      positions: "i32",
    },
    writes: { y: element },
    uniforms: UNIT_UNIFORMS,
    code: eachUnit(`
  y[i] = token[u32(tokens[row]) * u.units + unit] +
    segment[u32(segments[row]) * u.units + unit] +
    position[u32(positions[row]) * u.units + unit];`),
  })
);

/** The sum of each chunk's rows of dy: [chunks, H]. */
export const sumChunks = kernelVariants(({ element }: Element) =>
  defineKernel({
    name: "embedding.chunks",
    reads: { dy: element, uses: "i32", chunks: "i32" },
    writes: { sums: element },
    uniforms: UNIT_UNIFORMS,
    code: eachUnit(`
  var sum = ${element}();
  let end = chunks[row + 1u];
  for (var n = chunks[row]; n < end; n++) {
    sum += dy[u32(uses[n]) * u.units + unit];
  }
  sums[i] = sum;`),
  })
);

/** Rows of the three tables in use, of which {@link sumOfRow} is told. */
export const TABLE_UNIFORMS = {
  tokens: "u32",
  segments: "u32",
  positions: "u32",
} as const;

/**
 * WGSL of `sumOfRow(row, unit)`: from the sums of chunks, one unit of a row in
 * use of the tables, one above the other. Chunks are of a token or of a pair of a
 * segment and a position, of which a segment has all side by side.
 *
 * @param element What `sums` is an array of.
 */
export function sumOfRow(element: Element["element"]): string {
  return `
fn sumOfGroups(first: u32, end: u32, unit: u32) -> ${element} {
  let last = u32(chunksOfRows[end]);
  // A segment has hundreds of chunks: four reads are under way at a time.
  var sums0 = ${element}();
  var sums1 = ${element}();
  var sums2 = ${element}();
  var sums3 = ${element}();
  var chunk = u32(chunksOfRows[first]);
  for (; chunk + 3u < last; chunk += 4u) {
    let at = chunk * u.units + unit;
    sums0 += sums[at];
    sums1 += sums[at + u.units];
    sums2 += sums[at + 2u * u.units];
    sums3 += sums[at + 3u * u.units];
  }
  for (; chunk < last; chunk++) { sums0 += sums[chunk * u.units + unit]; }
  return (sums0 + sums1) + (sums2 + sums3);
}
fn sumOfRow(row: u32, unit: u32) -> ${element} {
  if (row < u.tokens) { return sumOfGroups(row, row + 1u, unit); }
  let below = row - u.tokens;
  if (below < u.segments) {
    let first = u.tokens + below * u.positions;
    return sumOfGroups(first, first + u.positions, unit);
  }
  var sum = ${element}();
  for (var s = 0u; s < u.segments; s++) {
    let pair = u.tokens + s * u.positions + below - u.segments;
    sum += sumOfGroups(pair, pair + 1u, unit);
  }
  return sum;
}`;
}

/** The tables' gradients from the sums of chunks; 0 where nothing is in use. */
export const sumRows = kernelVariants(({ element }: Element) =>
  defineKernel({
    name: "embedding.gradient",
    reads: { sums: element, chunksOfRows: "i32" },
    writes: { token: element, segment: element, position: element },
    uniforms: { ...UNIT_UNIFORMS, ...TABLE_UNIFORMS },
    code: `${sumOfRow(element)}
${
      eachUnit(`
  let others = u.tokens + u.segments;
  var sum = ${element}();
  if (row < others + u.positions) { sum = sumOfRow(row, unit); }
  if (row < u.tokens) {
    token[i] = sum;
  } else if (row < others) {
    segment[i - u.tokens * u.units] = sum;
  } else {
    position[i - others * u.units] = sum;
  }`)
    }`,
  })
);
