/**
 * WGSL of sums over the queries or keys of a tile: each row's vectors times its
 * weights, for each of the tile's other rows. The vectors go through workgroup
 * memory in chunks of 16.
 *
 * @module
 */
import { type Shape, vectorsOf } from "./common.ts";
import { eachQuery, fetch, four, TILE, type TileRows, two } from "./tiles.ts";

/** Sums over some rows of a tile, for each of its other rows. */
export interface TileSums {
  /** What is summed: the rows that go through the chunk. */
  of: TileRows;
  /** The first of the rows that have the sums. */
  to: "firstQuery" | "firstKey";
  /** The weights, by queries. */
  weights: string;
  /**
   * WGSL that puts the sum `d`, vector `i` of row `row`, which is 2 ty + r of
   * the tile.
   */
  put(r: number): string;
}

/**
 * WGSL of these sums. Lane (tx, ty) has rows 2 ty and 2 ty + 1 of them, and of
 * 16 vectors tx and tx + 8.
 */
export function addRows(
  shape: Shape,
  { of, to, weights, put }: TileSums,
): string {
  const vectors = vectorsOf(shape);
  // Lanes of eight vectors side by side, which are all there are of small heads.
  const sides = vectors > 8 ? two : [0];
  const each = (code: (r: number, side: number) => string) =>
    sides.flatMap((side) => two.map((r) => code(r, side))).join("\n        ");
  const fetched = sides.flatMap((side) =>
    two.map((half) => ({ name: `f${half}_${side}`, half, side }))
  );
  return `
    for (var start = 0u; start < ${vectors}u; start += ${8 * sides.length}u) {
      ${
    fetched.map(({ name, half, side }) => `
      var ${name} = vec4<f32>();
      {
        let vector = start + tx + ${8 * side}u;
        let index = ty + ${16 * half}u;${fetch(shape, "own", of)}
        ${name} = own;
      }`).join("")
  }
      workgroupBarrier();
      ${
    fetched.map(({ name, half, side }) =>
      `chunk[${256 * side + 128 * half}u + lane] = ${name};`
    ).join("\n      ")
  }
      workgroupBarrier();
      ${each((r, side) => `var d${r}_${side} = vec4<f32>();`)}
      let count = min(${TILE}u, rows - ${of.from});
      for (var n = 0u; n < count; n += 4u) {
        ${
    of.from === "firstKey" ? weightsOfKeys(weights) : weightsOfQueries(weights)
  }
        ${
    four.map((c) =>
      sides.map((side) =>
        `let x${c}_${side} = chunk[${256 * side}u + 8u * (n + ${c}u) + tx];`
      ).join("\n        ")
    ).join("\n        ")
  }
        ${
    four.map((c) =>
      each((r, side) =>
        `d${r}_${side} = fma(vec4<f32>(w${r}.${
          "xyzw"[c]
        }), x${c}_${side}, d${r}_${side});`
      )
    ).join("\n        ")
  }
      }
      ${
    each((r, side) => `
      {
        let i = start + tx + ${8 * side}u;
        let index = ${to} + 2u * ty + ${r}u;
        if (i < ${vectors}u && index < rows) {
          let row = first + index;
          let d = d${r}_${side};
          ${put(r)}
        }
      }`)
  }
    }`;
}

/** The weights of keys n to n + 3 for a lane's queries. */
function weightsOfKeys(weights: string): string {
  return eachQuery((r) =>
    `let w${r} = ${weights}[8u * (2u * ty + ${r}u) + (n >> 2u)];`
  );
}

/** The weights of queries n to n + 3 for a lane's keys 2 ty and 2 ty + 1. */
function weightsOfQueries(weights: string): string {
  const weightOf = (r: number, c: number) =>
    `select(g${c}.${"xy"[r]}, g${c}.${"zw"[r]}, isOdd)`;
  return `let isOdd = (ty & 1u) == 1u;
        ${
    four.map((c) => `let g${c} = ${weights}[8u * (n + ${c}u) + (ty >> 1u)];`)
      .join("\n        ")
  }
        ${
    eachQuery((r) =>
      `let w${r} = vec4<f32>(${four.map((c) => weightOf(r, c)).join(", ")});`
    )
  }`;
}
