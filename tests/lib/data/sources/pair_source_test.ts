import {
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { gzipSync } from "node:zlib";
import { UserError } from "../../../../lib/base/errors.ts";
import {
  type Pair,
  type PairBatch,
  readPairs,
} from "../../../../lib/data/read/pairs.ts";
import type { FormatOptions } from "../../../../lib/data/read/row_format.ts";
import { openPairStream } from "../../../../lib/data/sources/pair_source.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** A stream of these pieces. */
function streamOf(...pieces: (string | Bytes)[]): ReadableStream<Bytes> {
  const encoder = new TextEncoder();
  return ReadableStream.from(
    pieces.map((p) => typeof p === "string" ? encoder.encode(p) : p),
  );
}

/** What is read of a stream: the pairs of each batch, and what ends it. */
async function* batchesOf(
  stream: ReadableStream<Bytes>,
  options: FormatOptions & { skipBad?: boolean } = {},
): AsyncGenerator<PairBatch> {
  await using source = await openPairStream(stream, "standard input", {
    ...options,
    signal: new AbortController().signal,
  });
  yield* readPairs(source, 2);
}

/** The batches' pairs without their rows. */
function read(...pieces: (string | Bytes)[]): Promise<Pair[][]> {
  return Array.fromAsync(
    batchesOf(streamOf(...pieces)),
    ({ pairs }) =>
      pairs.map(({ premise, hypothesis }) => ({ premise, hypothesis })),
  );
}

/** The batches before the error, and the error. */
async function failing(
  ...pieces: (string | Bytes)[]
): Promise<{ batches: Pair[][]; error: UserError }> {
  const batches: Pair[][] = [];
  const error = await assertRejects(async () => {
    for await (const { pairs, bad } of batchesOf(streamOf(...pieces))) {
      batches.push(
        pairs.map(({ premise, hypothesis }) => ({ premise, hypothesis })),
      );
      if (bad) throw bad;
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

Deno.test("all else that a row has stands beside its pair", async () => {
  const line = '{"id":7,"premise":"a","label":"-","hypothesis":"b"}\n';
  const [{ pairs }] = await Array.fromAsync(batchesOf(streamOf(A, line)))
    .then(([, second]) => [second]);
  assertEquals(pairs, [{ ...pairA, row: 2, input: { id: 7, label: "-" } }]);
});

for (const line of ['{"premise":"a"}', '{"premise":"a","hypothesis":null}']) {
  Deno.test(`${line} is a single sentence`, async () => {
    assertEquals(await read(line), [[{ premise: "a", hypothesis: null }]]);
  });
}

for (
  const [what, line, expected] of [
    ["text", "a\n", "it is not JSON"],
    ["a pair in a list", '["a","b"]\n', 'it is ["a","b"], expected a JSON ob'],
    ["nothing", "null\n", "it is null, expected a JSON object"],
    [
      "a number as premise",
      '{"premise":1,"hypothesis":"b"}\n',
      'column "premise": it is 1, expected a string',
    ],
    [
      "a list as hypothesis",
      '{"premise":"a","hypothesis":[]}\n',
      'column "hypothesis": it is [], expected a string',
    ],
    [
      "no hypothesis",
      '{"premise":"a"}\n',
      'column "hypothesis": it is missing, expected a string',
    ],
    ["bytes that are not UTF-8", Uint8Array.of(0x22, 0xff, 10), "not UTF-8"],
  ] as [string, string | Bytes, string][]
) {
  Deno.test(`a line with ${what} is named by its number`, async () => {
    const { error } = await failing(A + "\n", line, A);
    assertMatch(error.message, /^Cannot read "standard input", line 3/);
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
      controller.enqueue(new Uint8Array(1 << 16).fill(0x7b));
    },
  });
  const error = await assertRejects(
    async () => {
      for await (const { bad } of batchesOf(endless)) if (bad) throw bad;
    },
    UserError,
    'Cannot read "standard input"',
  );
  assertEquals([error.exitCode, given < 1 << 22], [2, true]);
});

Deno.test("a line of pairs in a stream of single sentences is bad", async () => {
  const { error } = await failing('{"premise":"a"}\n', A);
  assertStringIncludes(
    error.message,
    'line 2, column "hypothesis": it is "b", expected nothing',
  );
});

Deno.test("a mistyped name is no single sentence", async () => {
  const { error } = await failing('{"premise":"a","hypo thesis":"b"}\n');
  assertStringIncludes(error.message, '"premise" is its first sentence, but');
});

Deno.test("after a bad line reading goes on", async () => {
  const batches = await Array.fromAsync(
    batchesOf(streamOf("{bad\n", A, "{}\n", A), { skipBad: true }),
  );
  assertEquals(
    batches.flatMap(({ pairs, bad }) => [
      ...pairs.map(({ row }) => row),
      ...(bad ? [bad.message.slice(0, 37)] : []),
    ]),
    [
      'Cannot read "standard input", line 1:',
      2,
      'Cannot read "standard input", line 3,',
      4,
    ],
  );
});

const HEADER = "id,sentence1,sentence2,gold_label\n";
const B = { premise: "a", hypothesis: "b" };
const INPUT = { id: "7", gold_label: "-" };

for (
  const [what, pieces] of [
    ["CSV", [HEADER, "7,a,b,-\n"]],
    ["CSV with semicolons", [HEADER.replaceAll(",", ";"), "7;a;b;-\n"]],
    ["quoted CSV", [HEADER + '7,"', 'a","b",-\n']],
    ["TSV", [HEADER.replaceAll(",", "\t"), "7\ta\tb\t-\n"]],
    ["CSV in gzip", [new Uint8Array(gzipSync(HEADER + "7,a,b,-\n"))]],
    [
      "an array",
      ['[{"id":"7","sentence1":"a","sentence2":"b","gold_label":"-"}]'],
    ],
  ] as [string, (string | Bytes)[]][]
) {
  Deno.test(`a stream may be ${what}`, async () => {
    const batches = await Array.fromAsync(batchesOf(streamOf(...pieces)));
    assertEquals(
      batches.flatMap(({ pairs }) => pairs)
        .map(({ row: _, ...pair }) => pair),
      [{ ...B, input: INPUT }],
    );
  });
}

Deno.test("rows of a CSV stream do not wait for each other", async () => {
  const batches = await Array.fromAsync(
    batchesOf(streamOf(HEADER, "1,a,b,-\n", "2,c,d,-\n", "3,e,f,-\n")),
  );
  assertEquals(
    batches.map(({ pairs }) => pairs.map(({ input }) => input?.id)),
    [["1"], ["2"], ["3"]],
  );
});

for (
  const [kind, text] of Object.entries({
    "a table": "ticket_id,answer\n1,It works .\n",
    "a tab-separated table": "ticket_id\tanswer\n1\tIt works .\n",
    "lines of JSON": '{"ticket_id": 1, "answer": "It works ."}\n',
  })
) {
  Deno.test(`the named hypothesis of ${kind} stands alone only where it may`, async () => {
    const open = (hypothesisAlone: boolean) =>
      Array.fromAsync(batchesOf(streamOf(text), {
        fields: { hypothesis: "answer" },
        hypothesisAlone,
      }));
    const [{ pairs: [pair] }] = await open(true);
    assertEquals([pair.premise, pair.hypothesis], ["It works .", null]);
    await assertRejects(
      () => open(false),
      UserError,
      '"answer" is its second sentence, but it has none of the usual names',
    );
  });
}
