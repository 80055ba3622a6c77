import { assertEquals, assertRejects } from "@std/assert";
import { UserError } from "../../../../../lib/base/errors.ts";
import { readExamples, readRows } from "../../../../support/data/data_files.ts";

const read = (name: string) =>
  Deno.readFile(`fixtures/cases/parquet/${name}.parquet`);

/** What the files of `make.py` hold. */
const EXPECTED = [
  ["A man sleeps.", "He is awake.", 1],
  ["A dog runs.", "An animal moves.", 0],
  ["Café, 猫", "null", 2],
  ["Two\nlines", "One", null],
];

for (const compression of ["none", "gzip", "zstd", "brotli", "lz4"]) {
  Deno.test(`Parquet that is packed by ${compression} is read`, async () => {
    const examples = await readExamples("a.parquet", await read(compression));
    assertEquals(
      examples.map(({ premise, hypothesis, label }) => [
        premise,
        hypothesis,
        label,
      ]),
      EXPECTED,
    );
    assertEquals(examples.map((row) => row.sourceLine), [1, 2, 3, 4]);
  });
}

Deno.test("classes of the hub's Parquet have its own names, not the model's numbers", async () => {
  const { examples } = await readRows("a.parquet", await read("hub"));
  assertEquals(
    examples.map(({ premise, hypothesis, label }) => [
      premise,
      hypothesis,
      label,
    ]),
    EXPECTED,
  );
});

Deno.test("a null in Parquet is a bad row", async () => {
  const { examples, bad } = await readRows("a.parquet", await read("nulls"));
  assertEquals(examples.length, 1);
  assertEquals(
    bad.map(({ sourceLine, column, what }) => [sourceLine, column, what]),
    [[2, "hypothesis", "it is null, expected a string"]],
  );
});

Deno.test("standard input may be Parquet", async () => {
  const examples = await readExamples("standard input", await read("hub"));
  assertEquals(examples.length, 4);
});

for (const [what, share] of [["half", 0.5], ["nearly all", 0.95]] as const) {
  Deno.test(`Parquet of which ${what} is left is refused`, async () => {
    const bytes = await read("hub");
    await assertRejects(
      () => readExamples("a.parquet", bytes.subarray(0, bytes.length * share)),
      UserError,
      'Cannot read "a.parquet": it is damaged Parquet',
    );
  });
}

Deno.test("Parquet that is named otherwise is refused", async () => {
  const bytes = await read("none");
  await assertRejects(
    () => readExamples("a.csv", bytes),
    UserError,
    'Cannot read "a.csv": it is a Parquet file, and its name says otherwise',
  );
});

Deno.test("an Excel workbook is refused, whatever its name", async () => {
  const bytes = await Deno.readFile("fixtures/cases/train.xlsx");
  const error = await assertRejects(
    () => readExamples("a.csv", bytes),
    UserError,
    'Cannot read "a.csv": it is an Excel workbook',
  );
  assertEquals(error.hint.includes("save the sheet as CSV in UTF-8"), true);
});
