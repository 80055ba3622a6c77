import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { KEPT, Place } from "../support/kept/place.ts";
import { runTask } from "../support/tasks/run_task.ts";

/** The logits of a model for the kept pairs. */
async function logitsOf(place: Place, ...flags: string[]): Promise<unknown[]> {
  const { code, events, stderr } = await runTask("predict", [
    ...flags,
    ...[`--data=${KEPT}/pairs.jsonl`, "--device=cpu", "--threads=1"],
    ...["--blas=none", "--on-bad-row=skip"],
  ], { cwd: place.path });
  assertEquals(code, 0, stderr);
  return events.filter(({ event }) => event === "prediction")
    .map(({ logits }) => logits);
}

/** What the files of the book do not say. */
const BOOK = ["--heads=4", "--max-len=32", "--truncation=ratio"];

for (
  const [family, format, flags] of [
    ["hf", "hf", []],
    ["d2l", "d2l-torch", BOOK],
    ["d2l", "d2l-mxnet", BOOK],
  ] as const
) {
  Deno.test(`a kept run (${family}) that is exported as ${format} has the logits that it had`, async () => {
    await using place = await Place.make();
    const run = `--model=${KEPT}/runs/${family}-finished`;
    const { code, stderr } = await runTask(
      "export",
      [run, `--format=${format}`, "--out=out"],
      { cwd: place.path },
    );
    assertEquals(code, 0, stderr);
    assertEquals(
      await logitsOf(place, "--model=out", ...flags),
      await logitsOf(place, run),
    );
  });
}

Deno.test("a kept run of word pieces is exported with a tokenizer.json that says what its vocab.txt and its recipe do", async () => {
  await using place = await Place.make();
  const { code, events } = await runTask("export", [
    `--model=${KEPT}/runs/hf-finished`,
    ...["--format=onnx", "--out=out"],
  ], { cwd: place.path });
  assertEquals(code, 0);
  const codes = events.filter(({ event }) => event === "warning")
    .map(({ code }) => code);
  assertEquals(codes.includes("older-text-rules"), true);
  const read = (name: string) =>
    Deno.readTextFile(join(place.path, "out", name));
  const { model, normalizer } = JSON.parse(await read("tokenizer.json"));
  const tokens = (await read("vocab.txt")).trimEnd().split("\n");
  assertEquals(model.type, "WordPiece");
  assertEquals(
    model.vocab,
    Object.fromEntries(tokens.map((token, id) => [token, id])),
  );
  assertEquals(normalizer.lowercase, true);
});
