import manifest from "../../deno.json" with { type: "json" };

/** The versions that a run's record names. */
export function versions(): Record<string, string> {
  const tfjs = manifest.imports["@tensorflow/tfjs"].split("@").at(-1) ?? "";
  return {
    premise: manifest.version,
    deno: Deno.version.deno,
    tfjs,
  };
}
