/**
 * How a matrix product's operands come to workgroup memory: each step, the
 * invocations share out the copies of both tiles, four elements at a time.
 *
 * Between the device's memory and the workgroup's, a copy is kept in variables
 * of its own, so that the product can compute while the reads are under way.
 *
 * @module
 */
import type { ProductForm, Tile } from "./tile.ts";

/** WGSL that copies the operands of one step to workgroup memory. */
export interface TileLoads {
  /** Declares what is kept between the two. */
  variables: string;
  /** Reads the operands from some k on. */
  fetch(k: string): string;
  /** Puts what was read into workgroup memory. */
  put: string;
}

/** Copies of both operands, shared out over the invocations. */
export function tileLoads(tile: Tile, form: ProductForm): TileLoads {
  const invocations = (tile.rows / tile.blockRows) *
    (tile.columns / tile.blockColumns);
  const loads = [
    loadOf("A", tile, form.aAlongInner),
    loadOf("B", tile, form.bAlongInner),
  ];
  const rounds: { guard: string; unit: string; load: TileLoad }[] = [];
  let first = 0;
  for (const load of loads) {
    // Units from `first` on, the tiles' one after the other: a round takes as
    // many as there are invocations.
    for (let at = 0; at < load.units;) {
      const lane = (first + at) % invocations;
      const count = Math.min(load.units - at, invocations - lane);
      rounds.push({
        load,
        unit: lane === 0 && at === 0 ? "lane" : `(lane + ${at}u - ${lane}u)`,
        guard: count === invocations
          ? ""
          : `if (lane >= ${lane}u && lane < ${lane + count}u) `,
      });
      at += count;
    }
    first += load.units;
  }
  return {
    variables: rounds.map((_, r) => `  var r${r} = vec4<f32>();\n`).join(""),
    fetch: (k) =>
      rounds.map(({ guard, unit, load }, r) =>
        `    ${guard}{${load.fetch(unit, k, `r${r}`)}\n    }\n`
      ).join(""),
    put: rounds.map(({ guard, unit, load }, r) =>
      `    ${guard}{${load.put(unit, `r${r}`)}\n    }\n`
    ).join(""),
  };
}

/** What one tile's copy consists of. */
interface TileLoad {
  /** Vectors. */
  units: number;
  /** WGSL that reads vector number `unit` of the terms from k on. */
  fetch(unit: string, k: string, value: string): string;
  /** WGSL that puts it into workgroup memory. */
  put(unit: string, value: string): string;
}

function loadOf(name: "A" | "B", tile: Tile, alongInner: boolean): TileLoad {
  const { step } = tile;
  const outer = name === "A" ? tile.rows : tile.columns;
  const first = name === "A" ? "firstRow" : "firstColumn";
  const load = `${name.toLowerCase()}4`;
  if (!alongInner) {
    // Neighbouring invocations copy neighbours.
    const vectors = outer / 4;
    const indices = (unit: string) => `
      let at = ${unit} % ${vectors}u;
      let inner = ${unit} / ${vectors}u;`;
    return {
      units: vectors * step,
      fetch: (unit, k, value) =>
        `${indices(unit)}
      ${value} = ${load}(${k} + inner, ${first} + 4u * at);`,
      put: (unit, value) =>
        `${indices(unit)}
      tile${name}[inner][at] = ${value};`,
    };
  }
  // A vector along k goes to four rows. (Four vectors turned into four others
  // would be stored at once, but take four times the registers.)
  const vectors = step / 4;
  const indices = (unit: string) => `
      let inner = 4u * (${unit} % ${vectors}u);
      let at = ${unit} / ${vectors}u;`;
  return {
    units: vectors * outer,
    fetch: (unit, k, value) =>
      `${indices(unit)}
      ${value} = ${load}(${first} + at, ${k} + inner);`,
    put: (unit, value) =>
      `${indices(unit)}${
        [..."xyzw"].map((c, i) => `
      tile${name}[inner + ${i}u][at >> 2u][at & 3u] = ${value}.${c};`).join("")
      }`,
  };
}
