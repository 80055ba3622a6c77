/** Writes the software bill of materials from the lock files. */
import { renderSbom, SBOM } from "./sbom.ts";

if (import.meta.main) await Deno.writeTextFile(SBOM, await renderSbom());
