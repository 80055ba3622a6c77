import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { UserError } from "../../../../lib/base/errors.ts";
import { moveTableDir } from "../../../../lib/data/table/move_table_dir.ts";
import { SkippedRows } from "../../../../lib/data/table/skipped_rows.ts";
import type {
  TableColumns,
  TextColumn,
} from "../../../../lib/data/table/table.ts";
import {
  checkReplaceable,
  readTableDir,
  writeTableDir,
} from "../../../../lib/data/table/table_dir.ts";
import { LABELS, withFiles } from "../../../support/data/data_files.ts";

const noText: TextColumn = {
  bytes: new Uint8Array(0),
  offsets: Int32Array.of(0, 0),
  valid: Uint8Array.of(1),
};
const columns: TableColumns = {
  tokenIds: Int32Array.of(1, 2, 2),
  offsets: Int32Array.of(0, 3),
  second: Int32Array.of(2),
  labels: Int8Array.of(1),
  sourceLines: Int32Array.of(2),
  premise: noText,
  hypothesis: noText,
};

/** Runs a test on a directory with one split of one row. */
function withTables(test: (directory: string) => Promise<void>): Promise<void> {
  return withFiles({}, async (temporary) => {
    const directory = join(temporary, "tables");
    const skipped = new SkippedRows();
    skipped.add({ sourceLine: 7, column: "label", what: "it is odd" });
    const make = () => Promise.resolve({ columns, dropped: 4, skipped });
    await writeTableDir(directory, new Map([["train", make]]), {
      fingerprint: "f",
      text: {
        rules: 1,
        tokenizer: { kind: "words", lowerCase: true },
        maxLength: 128,
        truncation: "ratio",
      },
      vocabulary: { digest: "v", size: 3 },
      labels: LABELS,
    });
    await test(directory);
  });
}

async function refused(
  directory: string,
  expected: string,
  split = "train",
): Promise<void> {
  const error = await assertRejects(
    async () => await (await readTableDir(directory)).open(split),
    UserError,
    expected,
  );
  assertEquals(error.code, "bad-table");
  assertStringIncludes(error.hint, "deno task preprocess");
  assertStringIncludes(error.hint, directory);
}

Deno.test("a directory says what was encoded and how", () =>
  withTables(async (directory) => {
    const { manifest, open } = await readTableDir(directory);
    const { digest, ...train } = manifest.splits.train;
    assertEquals(train, { rows: 1, dropped: 4, skipped: 1, tokens: 3 });
    assertEquals(/^[0-9a-f]{64}$/.test(digest), true);
    assertEquals((await open("train")).tokenIds, columns.tokenIds);
  }));

Deno.test("a missing directory is refused with the command that makes it", () =>
  refused("nowhere", 'there is no "table.json" in it'));

Deno.test("a file is refused with the command that encodes it", async () => {
  const error = await assertRejects(
    () => readTableDir("fixtures/pairs.jsonl"),
    UserError,
    "it is a file",
  );
  assertStringIncludes(error.hint, "--data fixtures/pairs.jsonl");
});

Deno.test("a split that is not there is refused with those that are", () =>
  withTables((directory) =>
    refused(directory, 'it has no split "test", only train', "test")
  ));

Deno.test("a directory that lacks a table is refused", () =>
  withTables(async (directory) => {
    await Deno.remove(join(directory, "train.arrow"));
    await refused(directory, '"train.arrow" is missing');
  }));

Deno.test("a table with one bit flipped is refused", () =>
  withTables(async (directory) => {
    const path = join(directory, "train.arrow");
    const bytes = await Deno.readFile(path);
    bytes[bytes.length - 400] ^= 1;
    await Deno.writeFile(path, bytes);
    await refused(directory, '"train.arrow" is not the file that was written');
  }));

for (
  const [what, change, replacement, expected] of [
    ["of another version", "table-2", "table-9", "table.json, format"],
    ["that is cut short", /,\s*"splits"[^]*/, "", "table.json: "],
    ["without a field", /"maxLength": 128,/, "", "table.json, text.maxLength"],
    ["that is a list", /[^]*/, "[]", "table.json: "],
    ["of fewer words", '"size": 3', '"size": 2', "has the SHA-256"],
  ] as const
) {
  Deno.test(`a manifest ${what} is refused`, () =>
    withTables(async (directory) => {
      const path = join(directory, "table.json");
      const text = await Deno.readTextFile(path);
      await Deno.writeTextFile(path, text.replace(change, replacement));
      await refused(directory, expected);
    }));
}

Deno.test("a manifest without a digest is checked against its tables", () =>
  withTables(async (directory) => {
    const path = join(directory, "table.json");
    const { digest: _, ...facts } = JSON.parse(await Deno.readTextFile(path));
    facts.vocabulary.size = 2;
    await Deno.writeTextFile(path, JSON.stringify(facts));
    await refused(directory, "tokens or labels beyond");
  }));

Deno.test("the rows that were skipped are listed beside the table", () =>
  withTables(async (directory) => {
    const list = join(directory, "train.skipped.jsonl");
    assertEquals(
      await Deno.readTextFile(list),
      '{"line":7,"column":"label","problem":"it is odd"}\n',
    );
  }));

Deno.test("a directory takes the place of an older one, and of none", () =>
  withTables(async (directory) => {
    const target = `${directory}.moved`;
    assertEquals(await checkReplaceable(target), false);
    await moveTableDir(directory, target);
    assertEquals(await checkReplaceable(target), true);
    await Deno.mkdir(directory);
    await moveTableDir(directory, target);
    assertEquals(await Array.fromAsync(Deno.readDir(target)), []);
  }));
