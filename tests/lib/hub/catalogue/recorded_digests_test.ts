import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { UserError } from "../../../../lib/base/errors.ts";
import { replaceSummed } from "../../../../lib/base/files/summed_files.ts";
import { prepareTables } from "../../../../lib/data/encode/prepare.ts";
import {
  readRecorded,
  readRecordedText,
} from "../../../../lib/hub/catalogue/recorded_digests.ts";
import { openModel } from "../../../../lib/weights/open_model.ts";
import { Place } from "../../../support/kept/place.ts";

/** Changes one bit of a file. */
async function flip(path: string, byte = 5): Promise<void> {
  const bytes = await Deno.readFile(path);
  bytes[byte] ^= 1;
  await Deno.writeFile(path, bytes);
}

for (const name of ["model.safetensors", "config.json", "vocab.txt"]) {
  Deno.test(`a bit that flips in the cache's ${name} is noticed`, async () => {
    await using place = await Place.make();
    const cache = place.of("cache");
    await openModel("hf.tiny", {
      cache,
      catalogue: place.of("catalogue.json"),
    });
    const path = join(cache, "hf.tiny", name);
    await flip(path);
    const error = await assertRejects(
      () => openModel(join(cache, "hf.tiny")),
      UserError,
      name,
    );
    assertEquals(error.code, "changed-file");
    assertStringIncludes(error.hint, "deno task download --model hf.tiny");
  });
}

Deno.test("a bit that flips in the cache's data is noticed", async () => {
  await using place = await Place.make();
  const data = join(place.of("cache"), "snli.few");
  const [name] = (await Array.fromAsync(Deno.readDir(data), (e) => e.name))
    .filter((name) => name.endsWith("test.txt"));
  const path = join(data, name);
  await flip(path, (await Deno.stat(path)).size - 20);
  const error = await assertRejects(
    () =>
      prepareTables(join(place.path, "tables"), {
        data: [data],
        vocabularyFile: "fixtures/golden/mxnet/vocab.json",
        tokenizer: { kind: "words", lowerCase: true },
        labels: ["entailment", "contradiction", "neutral"],
        maxLength: 32,
        truncation: "longest-first",
        workers: 1,
      }),
    UserError,
    name,
  );
  assertEquals(error.code, "changed-file");
});

Deno.test("a file of the cache that its stamp doesn't name is anybody's", async () => {
  await using place = await Place.make();
  const path = join(place.of("cache"), "hf.tiny", "notes.txt");
  await Deno.writeTextFile(path, "mine");
  await readRecorded(path);
});

Deno.test("a digest that a run lists for a file is what the file must have", async () => {
  const run = await Deno.makeTempDir();
  try {
    const path = join(run, "config.json");
    await Deno.writeTextFile(path, "{}");
    const list = (...digests: string[]) =>
      Deno.writeTextFile(
        join(run, "SHA256SUMS"),
        digests.map((digest) => `${digest}  config.json\n`).join(""),
      );
    const digest =
      "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
    const other = "0".repeat(64);
    await list(digest);
    await readRecorded(path);
    // While it is being replaced, it may be the old one or the new one.
    await list(other, digest);
    await readRecorded(path);
    await list(other);
    const error = await assertRejects(() => readRecorded(path), UserError);
    assertStringIncludes(error.hint, `verify --run ${run} --accept`);
  } finally {
    await Deno.remove(run, { recursive: true });
  }
});

Deno.test("a file that is replaced with its record while it is read raises no alarm", async () => {
  const run = await Deno.makeTempDir();
  try {
    const path = join(run, "config.json");
    const replace = (text: string) =>
      replaceSummed(run, { "config.json": [new TextEncoder().encode(text)] });
    await replace("0");
    let reads = 0;
    const bytes = await readRecorded(path, async () => {
      if (++reads > 1) return await Deno.readFile(path);
      // What is read is of neither record, that before nor that after.
      await replace("1");
      const read = await Deno.readFile(path);
      await replace("2");
      return read;
    });
    assertEquals([new TextDecoder().decode(bytes), reads], ["2", 2]);
  } finally {
    await Deno.remove(run, { recursive: true });
  }
});

Deno.test("a byte order mark stays in the text of a recorded file", async () => {
  const path = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(path, "\ufeff{}");
    assertEquals(await readRecordedText(path), await Deno.readTextFile(path));
  } finally {
    await Deno.remove(path);
  }
});
