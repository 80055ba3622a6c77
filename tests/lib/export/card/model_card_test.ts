import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { CardFacts } from "../../../../lib/export/card/card_facts.ts";
import { writeModelCard } from "../../../../lib/export/card/model_card.ts";
import { EXPORT_FORMATS } from "../../../../lib/export/export_formats.ts";
import type { KeptMetrics } from "../../../../lib/run/run_metrics.ts";
import type { RunRecord } from "../../../../lib/run/run_record.ts";
import { openModelDir } from "../../../../lib/weights/model_dir.ts";

const { config } = await openModelDir("fixtures/golden/hf");

const record: RunRecord = {
  format: "premise-run-1",
  config: {
    model: "hf:someone/tiny@main",
    data: "/home/me/data",
    epochs: 3,
    lr: 5e-5,
    followBook: false,
  },
  versions: { premise: "0.0.9" },
  device: "cpu",
  arithmetic: {},
  data: "f00d",
};

function cardOf(facts: Partial<CardFacts> = {}): string {
  return writeModelCard({
    name: "mine",
    config,
    form: EXPORT_FORMATS.hf,
    base: "hf:someone/tiny@main",
    record,
    metrics: {},
    sources: [],
    ...facts,
  });
}

/** The card's metadata, a line each. */
function metadataOf(card: string): string[] {
  return card.split("---\n")[1].trimEnd().split("\n");
}

Deno.test("the metadata of a card name the base model and the data sets that are of the hub, each once", () => {
  const card = cardOf({
    sources: ["hf:a/b", "hf:a/b@main/c", "/home/me/secret/train.csv"],
  });
  assertEquals(metadataOf(card), [
    'base_model: "someone/tiny"',
    'datasets: ["a/b"]',
    'pipeline_tag: "text-classification"',
    'tags: ["premise"]',
  ]);
});

Deno.test("a card names files of data, and not the folders that they lay in", () => {
  const card = cardOf({ sources: ["/home/me/secret/train.csv"] });
  assertStringIncludes(card, "trained on `train.csv`");
  assert(!card.includes("/home"), card);
});

Deno.test("a card has the settings of training that were on, and none of places", () => {
  const card = cardOf();
  assertStringIncludes(card, "| epochs | 3 |\n| lr | 0.00005 |");
  assert(!card.includes("follow-book"), card);
});

Deno.test("a card has each metric with its interval, and says of which data it is", () => {
  const kept = {
    examples: 9,
    accuracy: 0.5,
    macroF1: 0.25,
    loss: 1.5,
    epoch: 2,
    data: "f00d",
    bootstrap: {
      resamples: 100,
      seed: 0,
      level: 0.95,
      intervals: { accuracy: [0.4, 0.6], macroF1: [0.2, 0.3], loss: [1, 2] },
    },
  } as unknown as KeptMetrics;
  const card = cardOf({ metrics: { test: kept } });
  assertStringIncludes(
    card,
    "| test | 9 | 0.5000 (0.4000 to 0.6000) | 0.2500 (0.2000 to 0.3000) " +
      "| 1.5000 (1.0000 to 2.0000) |",
  );
  assertStringIncludes(card, "fingerprint `f00d`");
  assertStringIncludes(card, "95 % of 100 resamples");
});

Deno.test("a card says what is not known of a model that is no run's", () => {
  const card = cardOf({ record: undefined });
  for (const unknown of ["licence", "languages", "trained", "well it does"]) {
    assertStringIncludes(card.split("## Not known")[1], unknown);
  }
  assert(!card.includes("## Training"), card);
  assert(!card.includes("was trained with at most"), card);
});

Deno.test("a label cannot break the table of a card", () => {
  const labels = ["a|b", "c\nd", "e\\"];
  const card = cardOf({ config: { ...config, labels } });
  assertStringIncludes(card, "| 0 | a\\|b |\n| 1 | c d |\n| 2 | e\\\\ |\n");
});

for (const [form, format] of Object.entries(EXPORT_FORMATS)) {
  for (
    const [sentences, hasPremise, hasHypothesis] of [
      ["pair", true, true],
      ["single", false, false],
      ["hypothesis-only", false, true],
    ] as const
  ) {
    Deno.test(`the code of a card (${form}) gives a model of ${sentences} the sentences that it reads`, () => {
      const text = { ...config.text, sentences };
      const use = format.use({ ...config, text }, "mine")
        .replaceAll("deno task predict", "");
      const words = use.replaceAll(/--premise/g, "");
      assertEquals(
        /\bpremise\b/.test(words.replace("in premise:", "")),
        (form === "hf" || form === "onnx") && hasPremise,
      );
      if (form === "hf" || form === "onnx") {
        assertEquals(/\bhypothesis\b/.test(words), hasHypothesis);
      } else {
        assertEquals(use.includes("--hypothesis"), hasHypothesis);
      }
    });
  }
}
