import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { UserError } from "../../../../lib/base/errors.ts";
import { findRun } from "../../../../lib/run/trained/find_run.ts";
import { withFolder } from "../../../support/with_folder.ts";

Deno.test("a run that is missing is answered with the runs that are there", () =>
  withFolder(async (folder) => {
    for (const name of ["b", "a"]) {
      await Deno.mkdir(join(folder, name));
      await Deno.writeTextFile(join(folder, name, "run.json"), "{}");
    }
    await Deno.mkdir(join(folder, "no-run"));
    const error = await assertRejects(
      () => findRun(join(folder, "c")),
      UserError,
    );
    assertEquals(
      error.hint,
      `there are ${join(folder, "a")}, ${join(folder, "b")}; ` +
        `train one: deno task finetune --out ${join(folder, "c")}`,
    );
  }));

Deno.test("a relative run that is missing is told with the folder looked in", async () => {
  const error = await assertRejects(() => findRun("no/such"), UserError);
  assertStringIncludes(error.message, `no such directory in "${Deno.cwd()}"`);
  assertEquals(error.hint, "train one: deno task finetune --out no/such");
});

Deno.test("a name that the cache may have is no missing run", async () => {
  await findRun("bert.tiny");
});
