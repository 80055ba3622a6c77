/**
 * Labels that a person gave other names in a run.
 *
 * @module
 */
import { join } from "@std/path";
import { readRecordedText } from "../../hub/catalogue/recorded_digests.ts";

/**
 * The labels that a run's `config.json` has, so that a run that goes on doesn't
 * take names back that were changed on purpose.
 *
 * @param run The run directory.
 * @param labels Those that it is trained with.
 * @return As many names, those of the file if it has as many.
 * @throws {UserError} `changed-file` if the file was changed, and nobody has
 *   accepted that.
 */
export async function renamedLabels(
  run: string,
  labels: string[],
): Promise<string[]> {
  const path = join(run, "config.json");
  let text: string;
  try {
    text = await readRecordedText(path);
  } catch (error) {
    // No epoch has ended yet.
    if (error instanceof Deno.errors.NotFound) return labels;
    if (error instanceof Deno.errors.NotADirectory) return labels;
    throw error;
  }
  const names = namesIn(text);
  return names?.length === labels.length ? names : labels;
}

function namesIn(text: string): string[] | undefined {
  try {
    const { labels } = JSON.parse(text);
    return Array.isArray(labels) &&
        labels.every((label) => typeof label === "string")
      ? labels
      : undefined;
  } catch {
    return undefined;
  }
}
