import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { tableFromIPC } from "apache-arrow";
import { UserError } from "../../../../lib/base/errors.ts";
import type { TableColumns } from "../../../../lib/data/table/table.ts";
import {
  readTable,
  writeTable,
} from "../../../../lib/data/table/table_file.ts";

const utf8 = new TextEncoder();

const columns: TableColumns = {
  tokenIds: Int32Array.of(1, 10, 2, 11, 2, 1, 2, 1, 60004, 2, 2),
  offsets: Int32Array.of(0, 5, 7, 11),
  second: Int32Array.of(3, 2, 3),
  labels: Int8Array.of(0, 2, 1),
  sourceLines: Int32Array.of(2, 3, 70000),
  premise: {
    bytes: utf8.encode("cafézebra"),
    offsets: Int32Array.of(0, 5, 5, 10),
    valid: Uint8Array.of(0b111),
  },
  hypothesis: {
    bytes: utf8.encode("x"),
    offsets: Int32Array.of(0, 1, 1, 1),
    valid: Uint8Array.of(0b101),
  },
};

async function withTable(test: (path: string) => Promise<void>) {
  const directory = await Deno.makeTempDir();
  try {
    const path = join(directory, "train.arrow");
    await writeTable(path, columns);
    await test(path);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

Deno.test("a table is read as it was written", () =>
  withTable(async (path) => {
    const { premise, hypothesis, ...table } = await readTable(path);
    assertEquals(table, {
      path,
      rows: 3,
      tokenIds: columns.tokenIds,
      offsets: columns.offsets,
      second: columns.second,
      labels: Int32Array.of(0, 2, 1),
      sourceLines: columns.sourceLines,
    });
    assertEquals([0, 1, 2].map(premise), ["café", "", "zebra"]);
    assertEquals([0, 1, 2].map(hypothesis), ["x", null, ""]);
  }));

Deno.test("plain Arrow reads a table by its column names", () =>
  withTable(async (path) => {
    const table = tableFromIPC(await Deno.readFile(path));
    assertEquals(table.batches.length, 1);
    assertEquals(
      table.schema.fields.map(({ name, type }) => `${name}: ${type}`),
      [
        "tokens: List<Int32>",
        "second: Int32",
        "label: Int8",
        "row: Int32",
        "premise: Utf8",
        "hypothesis: Utf8",
      ],
    );
    const row = table.get(1)!.toJSON();
    assertEquals({ ...row, tokens: [...row.tokens] }, {
      tokens: [1, 2],
      second: 2,
      label: 2,
      row: 3,
      premise: "",
      hypothesis: null,
    });
  }));

Deno.test("a table cut short is refused", () =>
  withTable(async (path) => {
    const whole = await Deno.readFile(path);
    const size = whole.length;
    for (const kept of [0, 7, 300, Math.floor(size / 2), size - 1]) {
      await Deno.writeFile(path, whole.subarray(0, kept));
      const error = await assertRejects(() => readTable(path), UserError, path);
      assertEquals(error.code, "bad-table", `${kept} of ${size} bytes`);
    }
  }));

Deno.test("a file that is no table is refused", () =>
  withTable(async (path) => {
    await Deno.writeTextFile(path, "premise\thypothesis\nA horse.\tA zebra.\n");
    await assertRejects(
      () => readTable(path),
      UserError,
      "Cannot read the table",
    );
  }));

Deno.test("a missing table is named", async () => {
  await assertRejects(
    () => readTable("nowhere/train.arrow"),
    UserError,
    'Cannot read the table "nowhere/train.arrow"',
  );
});
