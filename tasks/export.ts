/**
 * `export`: makes of a fine-tuned model what another program opens.
 *
 * @module
 */
import { basename, resolve } from "@std/path";
import { checkExportDir, writeExportDir } from "../lib/export/export_dir.ts";
import { makeExport, pathsOf } from "../lib/export/export_model.ts";
import { openTrained } from "../lib/run/trained/open_trained.ts";
import type { Config } from "../lib/settings/config.ts";
import { runTask, type Summary, type TaskContext } from "../lib/task/task.ts";

async function main(
  config: Config<"export">,
  { log, signal, start }: TaskContext,
): Promise<Summary> {
  const { out, overwrite, format } = config;
  await checkExportDir(out, { overwrite, inputs: [] });
  const trained = await openTrained(config.model, config);
  const { directory } = trained.opened;
  const { files, warnings } = await makeExport(trained, {
    ...config,
    name: basename(resolve(out)),
  });
  start();
  for (const warning of [...trained.warnings, ...warnings]) log.emit(warning);
  await writeExportDir(out, files, { overwrite, inputs: [directory], signal });
  return { format, files: pathsOf(out, files) };
}

if (import.meta.main) await runTask("export", main);
