/**
 * The block of metadata that a model card begins with, in YAML.
 *
 * @module
 */
import {
  isRepositoryName,
  parseRepositoryName,
} from "../../hub/repository/repository_name.ts";
import type { CardFacts } from "./card_facts.ts";

/** Whether something is named by its place on the Hugging Face hub. */
export function isOnHub(source: string): boolean {
  return isRepositoryName(source);
}

/**
 * The name that the hub itself has for something, without its revision.
 *
 * @param source As `hf:OWNER/NAME@REVISION`.
 */
export function repositoryId(source: string): string {
  return parseRepositoryName(source, "dataset").id;
}

/**
 * The block of metadata.
 *
 * @param facts What is known.
 */
export function metadataBlock(
  { base, sources, license, language }: CardFacts,
): string {
  const datasets = new Set(sources.filter(isOnHub).map(repositoryId));
  const fields: [name: string, value: unknown][] = [
    ["license", license],
    ["language", language],
    ["base_model", isOnHub(base) ? repositoryId(base) : undefined],
    ["datasets", datasets.size > 0 ? [...datasets] : undefined],
    ["pipeline_tag", "text-classification"],
    ["tags", ["premise"]],
  ];
  // JSON is YAML.
  const lines = fields.filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  return ["---", ...lines, "---"].join("\n");
}
