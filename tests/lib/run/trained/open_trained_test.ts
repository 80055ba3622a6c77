import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { UserError } from "../../../../lib/base/errors.ts";
import { openTrained } from "../../../../lib/run/trained/open_trained.ts";
import { KEPT, Place } from "../../../support/kept/place.ts";

const RUN = `${KEPT}/runs/d2l-finished`;

Deno.test("a run of an earlier version reads text as the table says that it was trained on", async () => {
  const { opened, warnings } = await openTrained(RUN, {});
  const { maxLength, truncation, sentences } = opened.config.text;
  assertEquals([maxLength, truncation, sentences], [32, "ratio", "pair"]);
  assertEquals(warnings, []);
});

Deno.test("a run of an earlier version without its table says that it does not know how its text was cut", async () => {
  await using place = await Place.make();
  const run = place.of("runs/d2l-finished");
  const path = join(run, "run.json");
  const record = await Deno.readTextFile(path);
  await Deno.writeTextFile(path, record.replace("tables/d2l", "tables/gone"));
  const { opened, warnings } = await openTrained(run, {});
  const { maxLength, truncation, sentences } = opened.config.text;
  assertEquals(
    [maxLength, truncation, sentences],
    [64, "longest-first", undefined],
  );
  assertEquals(warnings.map(({ code }) => code), ["unknown-recipe"]);
});

Deno.test("a table that has changed since tells nothing of a run", async () => {
  await using place = await Place.make();
  const run = place.of("runs/d2l-finished");
  const path = join(run, "run.json");
  const record = await Deno.readTextFile(path);
  await Deno.writeTextFile(path, record.replace('"adc66ff2', '"00000000'));
  const { warnings } = await openTrained(run, {});
  assertEquals(warnings.map(({ code }) => code), ["unknown-recipe"]);
});

Deno.test("what is asked for otherwise than in training is taken with a warning", async () => {
  const asked = { maxLength: 20, truncation: "longest-first" } as const;
  const { opened, warnings } = await openTrained(RUN, asked);
  const { maxLength, truncation } = opened.config.text;
  assertEquals([maxLength, truncation], [20, "longest-first"]);
  const [{ code, message }] = warnings;
  assertEquals(code, "other-recipe");
  assertStringIncludes(message, "up to 20 tokens, not 32");
  assertStringIncludes(message, 'cut by "longest-first", not by "ratio"');
});

Deno.test("more tokens than the model has positions are refused", async () => {
  await assertRejects(
    () => openTrained(RUN, { maxLength: 65 }),
    UserError,
    "inputs of up to 65 tokens do not fit in 64 positions",
  );
});

Deno.test("a run that was stopped says so, with the epochs that it has", async () => {
  const run = `${KEPT}/runs/hf-interrupted`;
  const { warnings: [{ code, message, hint }] } = await openTrained(run, {});
  assertEquals(code, "unfinished-run");
  assertStringIncludes(message, "is not finished, 3 of its epochs are");
  assertStringIncludes(hint, `finetune --out ${run} --resume`);
});

Deno.test("a run that was stopped before it had a model is refused as not finished", async () => {
  const run = await Deno.makeTempDir();
  await Deno.copyFile(`${RUN}/run.json`, join(run, "run.json"));
  const { code, message, hint } = await assertRejects(
    () => openTrained(run, {}),
    UserError,
  );
  assertEquals(code, "bad-run");
  assertStringIncludes(message, "the run is not finished");
  assertStringIncludes(hint, "--resume");
  await Deno.remove(run, { recursive: true });
});
