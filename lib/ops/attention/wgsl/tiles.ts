/**
 * WGSL of tiles of scores: 32 queries by 32 keys of one example and head, which
 * 128 lanes hold in registers, 2 by 4 each, and what is computed of and from
 * them.
 *
 * The features of the rows go through workgroup memory in chunks, so that
 * 16 KiB, which every device has, do for heads of any size. That memory is
 * indexed by constants, and by bits of the lane or of counters: a compiler that
 * sees how far these go leaves out its checks.
 *
 * The code is told of `example`, `head`, the example's `first` row and how many
 * `rows` it has, and of the tile's `firstQuery` and `firstKey`. Lane (tx, ty)
 * has the queries 2 ty and 2 ty + 1 of the keys 4 tx to 4 tx + 3.
 *
 * @module
 */
import { begin, type Shape, vectorsOf } from "./common.ts";

/** Queries, and keys, of a tile. */
export const TILE = 32;

/** A lane's queries, and keys. */
export const two = [0, 1];
export const four = [0, 1, 2, 3];

/** WGSL for each of a lane's two queries. */
export function eachQuery(code: (r: number) => string): string {
  return two.map(code).join("\n    ");
}

/** WGSL of the memory, and of `main` up to the tiles. */
export function beginTiles(weights: readonly string[]): string {
  return `
var<workgroup> chunk: array<vec4<f32>, 512>;
// Of a query those of all keys, in fours.
${
    weights.map((name) => `var<workgroup> ${name}: array<vec4<f32>, 256>;`)
      .join("\n")
  }

fn addProduct(a: vec4<f32>, b: vec4<f32>, sum: f32) -> f32 {
  return fma(a.x, b.x, fma(a.y, b.y, fma(a.z, b.z, fma(a.w, b.w, sum))));
}
${begin(128)}
  let tx = lane & 7u;
  let ty = (lane >> 3u) & 15u;`;
}

/** Rows of a tile: its queries, or its keys. */
export interface TileRows {
  /** Which: WGSL of the first one's index in the example. */
  from: "firstQuery" | "firstKey";
  /** WGSL of vector `i` of row `row` of the tensor. */
  value: string;
  /** WGSL that is told a lane's vector as `x`. */
  seen?: string;
}

/** The queries, keys and values of the projections. */
export const [QUERIES, KEYS, VALUES]: readonly TileRows[] = [
  { from: "firstQuery", value: "read_projected(queryAt(row, head), i)" },
  { from: "firstKey", value: "read_projected(keyAt(row, head), i)" },
  { from: "firstKey", value: "read_projected(valueAt(row, head), i)" },
];

/**
 * WGSL that declares `NAME`, vector `vector` of row `index` of a tile, 0 outside.
 * It reads before it asks where outside is, so that no read waits for another.
 */
export function fetch(
  shape: Shape,
  name: string,
  { from, value, seen }: TileRows,
): string {
  const vectors = vectorsOf(shape);
  return `
      var ${name} = vec4<f32>();
      {
        let i = min(vector, ${vectors - 1}u);
        let row = first + min(${from} + index, rows - 1u);
        let isInside = vector < ${vectors}u && ${from} + index < rows;
        let x = select(vec4<f32>(), ${value}, isInside);
        ${seen ?? ""}
        ${name} = x;
      }`;
}

/** WGSL: the next chunk of four vectors, from `start` on, of up to four rows. */
export function fillChunk(shape: Shape, matrices: readonly TileRows[]): string {
  // Rows lie in the order 0, 4, 8, ..., 28, 1, 5, ..., so that neighbours read
  // neighbours when each reads its four keys; and the number of the vector
  // turns the row, so that no two of eight lanes write to one bank.
  return `
      let slot = lane >> 2u;
      let index = 4u * (slot & 7u) + (slot >> 3u);
      let vector = start + (lane & 3u);
      let at = 32u * (lane & 3u) + (slot ^ (2u * (lane & 3u)));${
    matrices.map((rows, m) => fetch(shape, `x${m}`, rows)).join("")
  }
      workgroupBarrier();
      ${
    matrices.map((_, m) => `chunk[${128 * m}u + at] = x${m};`).join("\n      ")
  }
      workgroupBarrier();`;
}

/** WGSL of where in a chunk a lane's query `r` is. */
export function slotOfQuery(r: number): string {
  return `((ty >> 1u) + 16u * (ty & 1u) + ${8 * r}u)`;
}

/**
 * WGSL that adds to `SUM0` and `SUM1`, of a lane's queries, the products of
 * these with its keys.
 *
 * @param sum The name of the sums.
 * @param queries Which matrix of the chunk the queries' rows are in.
 * @param keys Which one the keys' are in.
 */
export function addProducts(
  sum: string,
  queries: number,
  keys: number,
): string {
  const row = (matrix: number, i: number, slot: string) =>
    `chunk[${128 * matrix + 32 * i}u + (${slot} ^ ${2 * i}u)]`;
  const addRow = (r: number) => {
    const sums = [..."xyzw"].map((c, k) =>
      `addProduct(q${r}, k${k}, ${sum}${r}.${c})`
    );
    return `${sum}${r} = vec4<f32>(${sums.join(", ")});`;
  };
  return four.map((i) => `
      {
        ${eachQuery((r) => `let q${r} = ${row(queries, i, slotOfQuery(r))};`)}
        ${
    four.map((c) => `let k${c} = ${row(keys, i, `(tx + ${8 * c}u)`)};`)
      .join("\n        ")
  }
        ${eachQuery(addRow)}
      }`).join("");
}

/** WGSL: which of a lane's keys there are for `query`. */
export const INSIDE = `
      let inside = vec4<bool>(query < rows) &
        (vec4<u32>(firstKey + 4u * tx) + vec4<u32>(0u, 1u, 2u, 3u) <
          vec4<u32>(rows));`;

/** WGSL: what dropout multiplies the probabilities of a lane's keys by. */
export const KEEP = `
      let key = firstKey + 4u * tx;
      let mask = maskRow(u.first + example, (head << 16u) | query);
      let keep = vec4<f32>(
        keepScale(mask, key), keepScale(mask, key + 1u),
        keepScale(mask, key + 2u), keepScale(mask, key + 3u),
      );`;
