/**
 * The sections of a model that a recipe treats apart: embeddings, blocks, and
 * the layers above them.
 *
 * @module
 */
import { listProblems } from "../base/errors.ts";

const BLOCK = /^layers\.(\d+)\./;

/** How many blocks parameters belong to. */
export function countBlocks(names: Iterable<string>): number {
  let blocks = 0;
  for (const name of names) {
    blocks = Math.max(blocks, Number(BLOCK.exec(name)?.[1] ?? -1) + 1);
  }
  return blocks;
}

/**
 * How far below the output layer a parameter is: 0 for pooler and classifier,
 * 1 for the last block, one more for each block below, and for the embeddings
 * one more than for the first block.
 *
 * @param name The parameter's neutral name.
 * @param blocks Blocks of the model.
 */
export function depthBelowTop(name: string, blocks: number): number {
  if (name.startsWith("embeddings.")) return blocks + 1;
  const block = BLOCK.exec(name);
  return block ? blocks - Number(block[1]) : 0;
}

/**
 * The parameters of sections of a model that stay as they are.
 *
 * @param names All of the model's, neutral.
 * @param sections `embeddings`, `blocks` (all), `blocks.2`, `blocks.0-3`,
 *   `pooler` or `classifier`, any of them.
 * @return The names of the sections' parameters.
 * @throws {UserError} If there is no such section, or nothing is left to train.
 *
 * @example
 * ```ts
 * import { frozenParameters } from "./parameter_groups.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const names = ["embeddings.token.weight", "pooler.weight", "pooler.bias"];
 * const frozen = frozenParameters(names, ["embeddings"]);
 * assertEquals([...frozen], ["embeddings.token.weight"]);
 * ```
 */
export function frozenParameters(
  names: readonly string[],
  sections: readonly string[],
): Set<string> {
  const blocks = countBlocks(names);
  const frozen = new Set<string>();
  const problems: string[] = [];
  for (const section of sections) {
    const prefixes = prefixesOf(section, blocks);
    if (prefixes.length === 0) {
      problems.push(
        `there is no section ${
          JSON.stringify(section)
        }; there are embeddings, ` +
          `blocks.0 to blocks.${blocks - 1}, pooler and classifier`,
      );
    }
    for (const name of names) {
      if (prefixes.some((prefix) => name.startsWith(prefix))) frozen.add(name);
    }
  }
  if (frozen.size === names.length) problems.push("nothing is left to train");
  if (problems.length === 0) return frozen;
  throw listProblems(`Cannot freeze ${sections.join(",")}`, problems, {
    code: "bad-config",
    hint: "name sections as in --freeze embeddings,blocks.0-3",
  });
}

/** How the names of a section's parameters begin; none if it does not exist. */
function prefixesOf(section: string, blocks: number): string[] {
  if (["embeddings", "pooler", "classifier"].includes(section)) {
    return [`${section}.`];
  }
  if (section === "blocks") return ["layers."];
  const range = /^blocks\.(\d+)(?:-(\d+))?$/.exec(section);
  if (!range) return [];
  const [first, last] = [Number(range[1]), Number(range[2] ?? range[1])];
  if (first > last || last >= blocks) return [];
  return Array.from(
    { length: last - first + 1 },
    (_, i) => `layers.${first + i}.`,
  );
}
