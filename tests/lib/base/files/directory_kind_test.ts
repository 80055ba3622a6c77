import { assertEquals, assertRejects } from "@std/assert";
import { UserError } from "../../../../lib/base/errors.ts";
import { tellKind } from "../../../../lib/base/files/directory_kind.ts";
import { findSplitFiles } from "../../../../lib/data/sources/split_files.ts";
import { readTableDir } from "../../../../lib/data/table/table_dir.ts";
import { openModel } from "../../../../lib/weights/open_model.ts";

const PLACES = {
  "encoded data": "fixtures/kept/tables/hf",
  "a run": "fixtures/kept/runs/hf-finished",
  "a model": "fixtures/golden/hf",
};

/** What takes a directory of another kind, and how it is called. */
const TAKERS: [string, (directory: string) => Promise<unknown>, string[]][] = [
  ["a model", openModel, ["encoded data"]],
  ["encoded data", readTableDir, ["a run", "a model"]],
  ["text", findSplitFiles, ["encoded data", "a run", "a model"]],
];

for (const [wanted, take, kinds] of TAKERS) {
  for (const kind of kinds) {
    Deno.test(`${kind} given as ${wanted} is called what it is`, async () => {
      const place = PLACES[kind as keyof typeof PLACES];
      const error = await assertRejects(() => take(place), UserError);
      assertEquals(
        error.message.includes(`; it is ${kind}, which`),
        true,
        error.message,
      );
    });
  }
}

Deno.test("a directory of other things is not called anything", async () => {
  assertEquals([await tellKind("lib"), await tellKind("no/such")], ["", ""]);
});
