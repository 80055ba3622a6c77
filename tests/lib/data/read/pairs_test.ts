import {
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { UserError } from "../../../../lib/base/errors.ts";
import { type Pair, readPairs } from "../../../../lib/data/read/pairs.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** A stream of these pieces. */
function streamOf(...pieces: (string | Bytes)[]): ReadableStream<Bytes> {
  const encoder = new TextEncoder();
  return ReadableStream.from(
    pieces.map((p) => typeof p === "string" ? encoder.encode(p) : p),
  );
}

function read(
  ...pieces: (string | Bytes)[]
): Promise<Pair[][]> {
  return Array.fromAsync(readPairs(streamOf(...pieces), 2));
}

/** The batches before the error, and the error. */
async function failing(
  ...pieces: (string | Bytes)[]
): Promise<{ batches: Pair[][]; error: UserError }> {
  const batches: Pair[][] = [];
  const error = await assertRejects(async () => {
    for await (const batch of readPairs(streamOf(...pieces), 2)) {
      batches.push(batch);
    }
  }, UserError);
  return { batches, error };
}

const A = '{"premise":"a","hypothesis":"b"}\n';
const pairA = { premise: "a", hypothesis: "b" };

Deno.test("pairs come in their order, in batches of at most the size", async () => {
  assertEquals(await read(A + A + A), [[pairA, pairA], [pairA]]);
});

Deno.test("a pair does not wait for those that are not there yet", async () => {
  assertEquals(await read(A, A), [[pairA], [pairA]]);
});

Deno.test("a line may come in pieces, even within a character", async () => {
  const bytes = new TextEncoder().encode('{"premise":"wéll"}\n');
  const cut = bytes.indexOf(0xc3) + 1;
  assertEquals(await read(bytes.slice(0, cut), bytes.slice(cut)), [
    [{ premise: "wéll", hypothesis: null }],
  ]);
});

Deno.test("the last line needs no line break", async () => {
  assertEquals(await read(A.trimEnd()), [[pairA]]);
});

Deno.test("no input gives no batch", async () => {
  assertEquals(await read(), []);
});

Deno.test("lines may end as on Windows, and be empty", async () => {
  assertEquals(await read(A.replace("\n", "\r\n") + "\r\n\n  \n" + A), [
    [pairA, pairA],
  ]);
});

Deno.test("a byte order mark is passed over", async () => {
  assertEquals(await read("\ufeff" + A), [[pairA]]);
});

Deno.test("other fields are passed over", async () => {
  assertEquals(
    await read('{"id":7,"premise":"a","hypothesis":"b"}\n'),
    [[pairA]],
  );
});

for (const line of ['{"premise":"a"}', '{"premise":"a","hypothesis":null}']) {
  Deno.test(`${line} is a single sentence`, async () => {
    assertEquals(await read(line), [[{ premise: "a", hypothesis: null }]]);
  });
}

for (
  const [what, line, expected] of [
    ["text", "a\n", "it is not JSON"],
    ["a pair in a list", '["a","b"]\n', "premise is missing"],
    ["nothing", "null\n", "premise is missing"],
    ["a number as premise", '{"premise":1}\n', "premise is 1, expected"],
    [
      "a list as hypothesis",
      '{"premise":"a","hypothesis":[]}\n',
      "hypothesis is [], expected a string",
    ],
    ["bytes that are not UTF-8", Uint8Array.of(0x22, 0xff, 10), "not UTF-8"],
  ] as [string, string | Bytes, string][]
) {
  Deno.test(`a line with ${what} is named by its number`, async () => {
    const { error } = await failing(A + "\n", line, A);
    assertMatch(error.message, /^Cannot read line 3 of standard input: /);
    assertStringIncludes(error.message, expected);
  });
}

Deno.test("the pairs before a bad line come first", async () => {
  const { batches } = await failing(A + A + A + "bad\n" + A);
  assertEquals(batches, [[pairA, pairA], [pairA]]);
});

Deno.test("a line without an end is refused before it fills the memory", async () => {
  let given = 0;
  const endless = new ReadableStream<Bytes>({
    pull(controller) {
      given += 1 << 16;
      controller.enqueue(new Uint8Array(1 << 16).fill(0x20));
    },
  });
  const error = await assertRejects(
    () => Array.fromAsync(readPairs(endless, 2)),
    UserError,
    "line 1 of standard input: it is longer than 1048576 bytes",
  );
  assertEquals([error.exitCode, given < 1 << 22], [2, true]);
});
