/**
 * The pages that are made from the benchmark's figures.
 *
 * @module
 */
import { join } from "@std/path";
import { cases } from "../cases/mod.ts";
import { type CaseResult, ofKind } from "../result.ts";
import { drawRatios, drawScaling } from "./charts.ts";
import { renderPerformance } from "./performance_page.ts";
import { renderResults } from "./results_page.ts";

const FOLDER = join("bench", "results");

/** The figures of all cases that have been run, in the cases' order. */
export async function readResults(): Promise<CaseResult[]> {
  const results: CaseResult[] = [];
  for (const { name } of cases) {
    try {
      const text = await Deno.readTextFile(join(FOLDER, `${name}.json`));
      results.push(JSON.parse(text));
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return results;
}

/** The pages and pictures, by their paths. */
export async function renderPages(): Promise<Map<string, string>> {
  const results = await readResults();
  const pages = new Map([
    [join("bench", "RESULTS.md"), renderResults(results)],
    [
      join("bench", "results.svg"),
      await drawRatios(ofKind(results, "comparison")),
    ],
    [join("docs", "performance.md"), renderPerformance(results)],
  ]);
  for (const scaling of ofKind(results, "scaling")) {
    pages.set(join("docs", "scaling.svg"), await drawScaling(scaling));
  }
  return pages;
}

/** Writes them. */
export async function writePages(): Promise<void> {
  for (const [path, text] of await renderPages()) {
    await Deno.writeTextFile(path, text);
  }
}
