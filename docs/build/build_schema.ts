/**
 * Writes `config.schema.json`: what a `--config` file may hold, for editors.
 *
 * @module
 */
import { configJsonSchema } from "../../lib/settings/schema.ts";

/** The file's content. */
export function schemaText(): string {
  return JSON.stringify(configJsonSchema(), null, 2) + "\n";
}

if (import.meta.main) {
  const file = new URL("../config.schema.json", import.meta.url);
  await Deno.writeTextFile(file, schemaText());
}
