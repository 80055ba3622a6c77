import {
  assert,
  assertEquals,
  assertNotEquals,
  assertRejects,
} from "@std/assert";
import { encodeChunk } from "../../../lib/data/encode_chunk.ts";
import { EncodePool } from "../../../lib/data/encode_pool.ts";
import { encodeSplit } from "../../../lib/data/encode.ts";
import type { Example } from "../../../lib/data/example.ts";
import type { Split } from "../../../lib/data/source.ts";
import { UserError } from "../../../lib/errors.ts";
import { createTokenizer } from "../../../lib/text/tokenizer.ts";

const setup = {
  vocabulary: await Deno.readTextFile("fixtures/golden/mxnet/vocab.json"),
  tokenizer: { kind: "words", lowerCase: true },
  pair: { maxLength: 9, truncation: "longest-first" },
} as const;

/** A split of so many pairs of changing lengths; every tenth has no label. */
function makeSplit(count: number): Split {
  return {
    name: "train",
    path: "made-up.csv",
    async *examples(): AsyncGenerator<Example> {
      for (let i = 0; i < count; i++) {
        yield {
          premise: "person ".repeat(i % 5),
          hypothesis: i % 3 === 0 ? null : `park é${i}`,
          label: i % 10 === 9 ? null : i % 3,
          row: i + 2,
        };
      }
    },
  };
}

async function encodeWith(workers: number, limit?: number) {
  using pool = new EncodePool(setup, workers);
  return await encodeSplit(
    makeSplit(4000),
    pool,
    limit === undefined ? {} : { limit },
  );
}

Deno.test("any number of workers gives the same table", async () => {
  const one = await encodeWith(1);
  assertNotEquals(one.columns.tokens.length, 0);
  assertEquals(await encodeWith(2), one);
  assertEquals(await encodeWith(5), one);
});

Deno.test("workers encode as this thread does", async () => {
  const { columns } = await encodeWith(2, 700);
  const examples = (await Array.fromAsync(makeSplit(4000).examples()))
    .filter(({ label }) => label !== null).slice(0, 700);
  const { tokens, second } = encodeChunk(
    createTokenizer(setup.vocabulary, setup.tokenizer),
    {
      premises: examples.map(({ premise }) => premise),
      hypotheses: examples.map(({ hypothesis }) => hypothesis),
    },
    setup.pair,
  );
  assertEquals(
    [columns.tokens, columns.second, columns.row],
    [tokens, second, Int32Array.from(examples, ({ row }) => row)],
  );
});

Deno.test("examples without a gold label are left out and counted", async () => {
  const { columns, dropped } = await encodeWith(2);
  assertEquals([columns.second.length, dropped], [3600, 400]);
});

Deno.test("a limit counts the examples that are taken", async () => {
  const { columns, dropped } = await encodeWith(2, 10);
  assertEquals([columns.second.length, dropped], [10, 1]);
});

Deno.test("a worker that fails ends the work", async () => {
  using pool = new EncodePool({ ...setup, vocabulary: "no JSON" }, 2);
  await assertRejects(
    () => encodeSplit(makeSplit(4000), pool),
    Error,
    "An encoding worker failed",
  );
});

Deno.test("source text that cannot be read ends the work", async () => {
  using pool = new EncodePool(setup, 2);
  const split: Split = {
    ...makeSplit(0),
    async *examples() {
      yield* makeSplit(3000).examples();
      throw new UserError("line 3002 is bad", { code: "bad-data" });
    },
  };
  await assertRejects(() => encodeSplit(split, pool), UserError, "line 3002");
});

Deno.test("a signal ends the work", async () => {
  using pool = new EncodePool(setup, 2);
  const controller = new AbortController();
  await assertRejects(
    () =>
      encodeSplit(makeSplit(4000), pool, {
        signal: controller.signal,
        onProgress: () => controller.abort(new Error("stopped here")),
      }),
    Error,
    "stopped here",
  );
});

Deno.test("a pool that was ended refuses work", async () => {
  const pool = new EncodePool(setup, 1);
  pool[Symbol.dispose]();
  await assertRejects(
    () => pool.encode({ premises: ["a"], hypotheses: [null] }),
    Error,
    "have ended",
  );
});

Deno.test("a split without gold labels is refused", async () => {
  using pool = new EncodePool(setup, 1);
  await assertRejects(
    () => encodeSplit(makeSplit(0), pool),
    UserError,
    'no example with a gold label for the split "train"',
  );
});

Deno.test("progress is told up to the last row", async () => {
  using pool = new EncodePool(setup, 2);
  const done: (number | null)[][] = [];
  await encodeSplit(makeSplit(500), pool, {
    onProgress: ({ done: rows, total }) => done.push([rows, total]),
  });
  assertEquals(done, [[256, null], [450, null], [450, 450]]);
});

Deno.test("the workers' bundle is what the build makes of its source", async () => {
  const bundle = "lib/data/encode_worker.bundle.js";
  const { tasks } = JSON.parse(await Deno.readTextFile("deno.json"));
  const build = tasks["build:workers"].command.split(" && ")
    .find((command: string) => command.includes(bundle));
  const directory = await Deno.makeTempDir();
  try {
    const rebuilt = `${directory}/bundle.js`;
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: build.replace(bundle, rebuilt).split(" ").slice(1),
    }).output();
    assert(success, new TextDecoder().decode(stderr));
    const same =
      await Deno.readTextFile(rebuilt) === await Deno.readTextFile(bundle);
    assert(same, "the bundle is old: run deno task build:workers");
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});
