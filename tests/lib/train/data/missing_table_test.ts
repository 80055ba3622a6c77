import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { missingTable } from "../../../../lib/train/data/missing_table.ts";
import { withFolder } from "../../../support/with_folder.ts";

async function makeTables(folder: string, names: string[]): Promise<void> {
  for (const name of names) {
    await Deno.mkdir(join(folder, name));
    await Deno.writeTextFile(join(folder, name, "table.json"), "{}");
  }
}

Deno.test("a missing table of SNLI's name is refused with the commands that make it of SNLI", async () => {
  const { code, hint } = await missingTable("no/such/snli-tiny", "tiny");
  assertEquals(code, "missing-input");
  assertEquals(
    hint,
    "make it: deno task download --dataset snli; deno task preprocess " +
      "--model tiny --data snli --out no/such/snli-tiny",
  );
});

for (const name of ["tickets-tiny", "t2", "snlike", "test=test.tsv"]) {
  Deno.test(`a missing table called ${name} is not told to be made of SNLI`, async () => {
    const { hint } = await missingTable(`no/such/${name}`, "tiny");
    assertEquals(
      hint,
      "make it: deno task preprocess --model tiny --data PATH " +
        `--out no/such/${name}`,
    );
  });
}

Deno.test("a missing table is refused with the tables that are there", () =>
  withFolder(async (folder) => {
    await makeTables(folder, ["tickets-tiny", "mine"]);
    await Deno.mkdir(join(folder, "none"));
    const { hint } = await missingTable(join(folder, "snli-tiny"), "tiny");
    assertEquals(
      hint.split("; ")[0],
      "give --data one that is there: " +
        `${join(folder, "mine")}, ${join(folder, "tickets-tiny")}`,
    );
  }));

Deno.test("of many tables that are there the first are listed and the others counted", () =>
  withFolder(async (folder) => {
    const names = Array.from({ length: 10 }, (_, i) => `table${i}`);
    await makeTables(folder, names);
    const { hint } = await missingTable(join(folder, "other"), "tiny");
    assertEquals(
      /table7 and 2 more; or make it/.test(hint) && !hint.includes("table8"),
      true,
      hint,
    );
  }));

Deno.test("of a table that is gone from the cache it is told that finetune makes it again", async () => {
  const { hint } = await missingTable("c/tables/0123456789abcdef", "tiny");
  assertEquals(
    hint,
    "finetune made it of text, in the cache: the same command with --resume " +
      "makes it again, and eval --data takes the text itself",
  );
});
