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

/**
 * What `--version` prints: the program, then all that it runs on.
 *
 * @param task The task that is asked.
 */
export function versionText(task: string): string {
  const { premise, deno, tfjs } = versions();
  const rows = [
    ["Deno", deno],
    ["V8", Deno.version.v8],
    ["TensorFlow.js", tfjs],
    ["system", Deno.build.target],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return [
    `premise ${premise}, ${task}`,
    ...rows.map(([name, version]) => `  ${name.padEnd(width)}  ${version}`),
  ].join("\n");
}
