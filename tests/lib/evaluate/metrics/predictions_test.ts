import { assertEquals, assertRejects } from "@std/assert";
import { UserError } from "../../../../lib/base/errors.ts";
import { writePredictions } from "../../../../lib/evaluate/metrics/predictions.ts";
import { scores, table } from "../../../support/metrics/four_examples.ts";

Deno.test("predictions are written one a line, in order, with the lines of the source", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await writePredictions(`${folder}/a.jsonl`, table, { scores });
    const lines = (await Deno.readTextFile(`${folder}/a.jsonl`)).split("\n");
    assertEquals(lines.pop(), "");
    const rows = lines.map((line) => JSON.parse(line));
    assertEquals(rows.map(({ row }) => row), [2, 4, 6, 8]);
    assertEquals(rows.map(({ label }) => label), ["x", "y", "x", "x"]);
    assertEquals(rows.map(({ gold }) => gold), ["y", "x", "x", "z"]);
    assertEquals(rows[3].hypothesis, null);
    assertEquals(rows[0].probabilities.x, rows[0].probabilities.z);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a folder that is not there is told", async () => {
  await assertRejects(
    () => writePredictions("no/such/folder/a.jsonl", table, { scores }),
    UserError,
    'Cannot write the predictions "no/such/folder/a.jsonl"',
  );
});
