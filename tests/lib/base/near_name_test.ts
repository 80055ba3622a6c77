import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import {
  askForName,
  askForPath,
  nearName,
} from "../../../lib/base/near_name.ts";
import { withFolder } from "../../support/with_folder.ts";

const NAMES = ["bert.small", "bert.base", "bert.base.torch", "snli", "lr"];

for (
  const [given, meant] of [
    ["bert_small", "bert.small"],
    ["BERT-Base", "bert.base"],
    ["bert.smal", "bert.small"],
    ["bert.basetorch", "bert.base.torch"],
    ["bert-base-uncased", "bert.base"],
    ["snil", "snli"],
    ["snlx", "snli"],
    ["sxlx", undefined],
    ["snl", "snli"],
    ["snli_1.0", "snli"],
    ["gpt2", undefined],
    ["l", undefined],
    ["", undefined],
    ["constructor", undefined],
  ] as const
) {
  Deno.test(`the name near to "${given}" is ${meant ?? "none"}`, () => {
    assertEquals(nearName(given, NAMES), meant);
  });
}

Deno.test("of several near names the one with the fewest wrong letters is meant", () => {
  assertEquals(
    nearName("dev-fraktion", ["test-fraction", "dev-fraction"]),
    "dev-fraction",
  );
});

Deno.test("a name that others use is told before one that only looks alike", () => {
  const aliases = { learningrate: ["eta", "lr"] };
  assertEquals(
    nearName("learning_rate", [...NAMES, "warming-rate"], { aliases }),
    "lr",
  );
});

Deno.test("a name that is near to none is asked for by no question", () => {
  assertEquals([askForName("gpt2", NAMES), askForName("snl", NAMES)], [
    "",
    "; is snli meant?",
  ]);
});

const FILES = ["snli_tickets.csv", "tickets.csv", "Reviews.tsv", ".hidden.csv"];

for (
  const [given, meant] of [
    ["ticket.csv", "tickets.csv"],
    ["tickest.csv", "tickets.csv"],
    ["tickets.tsv", "tickets.csv"],
    ["snli_ticket.csv", "snli_tickets.csv"],
    ["reviews.tsv", "Reviews.tsv"],
    ["reviews", "Reviews.tsv"],
    ["hidden.csv", null],
    ["zebra.csv", null],
    ["none/ticket.csv", null],
  ] as const
) {
  Deno.test(`the path near to ${given} is ${meant ?? "none"}`, () =>
    withFolder(async (folder) => {
      for (const name of FILES) {
        await Deno.writeTextFile(join(folder, name), "");
      }
      assertEquals(
        await askForPath(`${folder}/${given}`, ["bert.tiny"]),
        meant === null ? "" : `; is "${folder}/${meant}" meant?`,
      );
    }));
}

Deno.test("a name that may stand in the place of a path is asked for as it is", () =>
  withFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, "snow"), "");
    assertEquals(
      await askForPath(join(folder, "snil"), NAMES),
      "; is snli meant?",
    );
  }));
