import { assertAlmostEquals, assertEquals } from "@std/assert";
import {
  classify,
  evaluate,
  loadClassifier,
  openDevice,
  openModel,
  openTableFor,
  openTokenizer,
  type Pair,
  scoreTable,
  tokenizerOptions,
} from "../../mod.ts";
import {
  assertKeptEvents,
  FAMILIES,
  KEPT,
  keptEvents,
  Place,
  settings,
} from "../support/kept/place.ts";
import { assertKept, named } from "../support/kept/rounding.ts";
import { type Line, parseLines, runTask } from "../support/tasks/run_task.ts";

const PAIRS = `${KEPT}/pairs.jsonl`;

/** The lines of a kept file of predictions on the test split. */
async function keptPredictions(family: string): Promise<Line[]> {
  const path = `${KEPT}/predictions/${family}.jsonl`;
  return parseLines(await Deno.readTextFile(path));
}

/** A kept run, opened as a user of the library does. */
async function openRun(family: string) {
  await openDevice("cpu", { threads: 2, blas: "none" });
  const opened = await openModel(`${KEPT}/runs/${family}-finished`);
  const tables = await openTableFor(`${KEPT}/tables/${family}`, opened);
  return {
    ...opened,
    model: loadClassifier(opened),
    test: await tables.open("test"),
  };
}

Deno.test(named("eval tells of a kept run what it told then"), async () => {
  await using place = await Place.make();
  const flags = await settings("d2l-eval");
  const { events } = await runTask("eval", flags, { cwd: place.path });
  assertKeptEvents(events, await keptEvents("events/d2l-eval"));
  const written = await Deno.readTextFile(place.of("predictions/d2l.jsonl"));
  assertKept(parseLines(written), await keptPredictions("d2l"));
});

/** How many of the kept pairs have both sentences: the first ones. */
const WHOLE = 3;

Deno.test("predict labels kept pairs as it did then", async () => {
  await using place = await Place.make();
  // What all pairs were cut by then has to be asked for now.
  const flags = [
    ...await settings("d2l-predict"),
    ...["--max-len=64", "--truncation=longest-first"],
  ];
  const lines = (await Deno.readTextFile(PAIRS)).split("\n");
  const { events } = await runTask("predict", flags, {
    cwd: place.path,
    // The others lack a sentence, which was taken for none in the past.
    input: lines.slice(0, WHOLE).join("\n"),
  });
  const answers = (events: readonly Line[]) =>
    events.filter(({ event }) => event === "prediction").slice(0, WHOLE)
      .map(({ premise, hypothesis, label }) => [premise, hypothesis, label]);
  assertEquals(
    answers(events),
    answers(await keptEvents("events/d2l-predict")),
  );
});

Deno.test("a run in transformers' form has the bits of the one in the form before", async () => {
  const [now, before] = await Promise.all(
    ["hf-transformers", "hf-finished"].map((name) =>
      openModel(`${KEPT}/runs/${name}`)
    ),
  );
  assertEquals([now.source, before.source], ["hf", "premise"]);
  assertEquals([...now.arrays], [...before.arrays]);
  const { text } = before.config;
  // What was not said then was found where its data lay.
  assertEquals(now.config, {
    ...before.config,
    // All rows learnt before: its text has no token of padding.
    paddingRow: 0,
    text: { ...text, sentences: "pair" },
  });
});

for (const family of FAMILIES) {
  Deno.test(
    named(`predict says of ${family}'s rows what eval says of them`),
    async () => {
      await using place = await Place.make();
      const kept = await keptPredictions(family);
      const input = kept.map(({ premise, hypothesis }) =>
        JSON.stringify({ premise, hypothesis })
      ).join("\n");
      const { events } = await runTask(
        "predict",
        await settings(`${family}-predict`),
        { cwd: place.path, input },
      );
      const said = events.filter(({ event }) => event === "prediction");
      assertEquals(
        said.map(({ label }) => label),
        kept.map(({ label }) => label),
      );
      // Other rows beside a row may round otherwise.
      const [a, b] = [said, kept].map((lines) =>
        lines.flatMap(({ probabilities }) =>
          Object.values(probabilities as Line).map(Number)
        )
      );
      a.forEach((share, i) => assertAlmostEquals(share, b[i], 1e-6));
    },
  );

  Deno.test(
    named(`the library measures ${family}'s run as it was`),
    async () => {
      const { model, test } = await openRun(family);
      const metrics: Line = {
        ...await evaluate(model, test, { batchSize: 512 }),
      };
      const events = await keptEvents(`events/${family}-eval`);
      const kept = events.find(({ event }) => event === "metrics")!;
      const told = Object.keys(metrics).map((key) => [key, kept[key]]);
      assertKept(metrics, Object.fromEntries(told));
      model.dispose();
    },
  );

  Deno.test(
    named(`the library scores examples as ${family}'s run did`),
    async () => {
      const { model, test } = await openRun(family);
      const scores = await scoreTable(model, test, { batchSize: 512 });
      const kept = await keptPredictions(family);
      assertKept(
        [...scores.probabilities],
        kept.flatMap(({ probabilities }) =>
          Object.values(probabilities as Line)
        ),
      );
      assertKept([...scores.losses], kept.map(({ loss }) => loss));
      model.dispose();
    },
  );

  Deno.test(
    named(`the library classifies pairs as ${family}'s run did`),
    async () => {
      const { model, config, vocabularyFile } = await openRun(family);
      const { text } = config;
      const tokenizer = await openTokenizer(
        vocabularyFile,
        tokenizerOptions(text),
      );
      const pairs = parseLines(await Deno.readTextFile(PAIRS))
        .map(({ premise, hypothesis = null }) => ({ premise, hypothesis }));
      const predictions = await classify(model, pairs as unknown as Pair[], {
        tokenizer,
      });
      const kept = await keptEvents(`events/${family}-predict`);
      assertKept(
        predictions,
        kept.filter(({ event }) => event === "prediction")
          .map(({ ts: _, event: __, ...prediction }) => prediction),
      );
      model.dispose();
    },
  );
}
