import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { RowError } from "../../../../lib/data/read/bad_data.ts";
import { parseGoldLabel } from "../../../../lib/data/read/gold_label.ts";
import { LABELS } from "../../../support/data/data_files.ts";

const SENTIMENTS = ["neg", "neu", "pos"];
const names = { labels: LABELS, numbered: LABELS };
const named = { labels: SENTIMENTS, numbered: SENTIMENTS };
const coded = { ...named, codes: ["-1", "0", "1"] };
const two = (...labels: string[]) => ({ labels, numbered: labels });

for (
  const [what, value, labels, expected] of [
    ["a number that pandas wrote", "2.0", names, 2],
    ["a number with a fraction of 0", 1.0, names, 1],
    ["a number as text with blanks", " 1 ", names, 1],
    ["a number with several zeros", "0.000", names, 0],
    ["none as a fraction", "-1.0", names, null],
    ["none as a number", -1, names, null],
    ["a dash in blanks", " - ", names, null],
    ["a name in capitals", "ENTAILMENT", names, 0],
    ["a capital name", "Contradiction", names, 1],
    ["a name before a blank", "neutral ", names, 2],
    ["a name after a tab", "\tneutral", names, 2],
    ["a name before a zero-width blank", "neutral\u200b", names, 2],
    ["an accent in two characters", "cafe\u0301", two("the", "café"), 1],
    ["a letter", "c", names, 1],
    ["a capital letter", "E", names, 0],
    ["JSON's true", true, two("False", "True"), 1],
    ["JSON's false", false, two("False", "True"), 0],
    ["the text True", "True", two("false", "true"), 1],
    ["a digit that is a name", "1", two("1", "0"), 0],
    ["a fraction of a digit that is a name", 1.0, two("1", "0"), 0],
    ["a fraction's text of such a digit", "1.0", two("1", "0"), 0],
    ["a class called -1 with a fraction of 0", "-1.0", two("-1", "1"), 0],
    ["a dash beside a class called -1", "-", two("-1", "1"), null],
    ["a -1 that stands for a class", -1, coded, 0],
    ["a 1.0 that stands for the last class", "1.0", coded, 2],
    ["a name beside numbers that stand for classes", "pos", coded, 2],
    ["a name that only its case tells", "No", two("no", "No"), 1],
    [
      "a name with a dash",
      "not_entailment",
      two("entailment", "not_entailment"),
      1,
    ],
  ] as const
) {
  Deno.test(`${what} is read as a label`, () => {
    assertEquals(parseGoldLabel(value, labels, "label"), expected);
  });
}

for (
  const [what, value, labels, message] of [
    ["an index beyond the labels", 3, names, "the label is 3, expected enta"],
    ["a place among names that are numbers", "2", two("-1", "1"), 'is "2"'],
    ["a place where other numbers stand for classes", 2, coded, "is 2"],
    ["a half", "1.5", names, 'the label is "1.5", expected'],
    ["a negative number", -2, names, "the label is -2, expected"],
    ["an empty cell", "", names, "the label is missing"],
    ["a blank cell", "  ", names, "the label is missing"],
    ["a null", null, names, "the label is missing"],
    ["no field", undefined, names, "the label is missing"],
    ["true among other names", true, names, "the label is true, expected"],
    ["a list", ["neutral"], names, "expected entailment"],
    ["an object", { toString: 1 }, names, "expected entailment"],
    ["a name that is two by its case", "NO", two("no", "No"), 'is "NO"'],
    ["a letter that begins two", "n", two("no", "neither"), 'is "n"'],
    ["the word null", "null", names, 'the label is "null"'],
  ] as const
) {
  Deno.test(`${what} is refused as a label`, () => {
    const error = assertThrows(
      () => parseGoldLabel(value, labels, "label"),
      RowError,
      message,
    );
    assertEquals([error.column, error.hint === undefined], ["label", false]);
  });
}

Deno.test("a label of more classes than the model has is told with all of the way out", () => {
  const { hint } = assertThrows(
    () => parseGoldLabel("neutral", two("neg", "pos"), "label"),
    RowError,
  );
  assertStringIncludes(hint!, "--labels auto takes the data's");
  assertStringIncludes(hint!, "finetune --new-head");
});

for (const label of ["non-entailment", "not_entailment", "Not-Entailment"]) {
  Deno.test(`a model of three classes is told what to do with ${label}`, () => {
    const { hint } = assertThrows(
      () => parseGoldLabel(label, names, "gold_label"),
      RowError,
    );
    assertStringIncludes(hint!, "count contradiction and neutral as");
    assertStringIncludes(hint!, `--labels entailment,${label.toLowerCase()}`);
  });
}
