import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { listDirectory } from "../../../../lib/weights/directory/listing.ts";
import { inSentenceEncoder } from "../../../../lib/weights/directory/sentence_encoder.ts";

const MODULES = JSON.stringify([
  { path: "", type: "sentence_transformers.models.Transformer" },
  { path: "1_Pooling", type: "sentence_transformers.models.Pooling" },
]);

for (
  const [what, settings, said] of [
    [
      "that says how much it reads",
      { max_seq_length: 256 },
      "fine-tune it as a base model; as an encoder it reads 256 tokens " +
      "(max_seq_length), here as many as --max-len says",
    ],
    [
      "that leaves open how much it reads",
      { max_seq_length: null },
      "fine-tune it as a base model",
    ],
    ["without settings", null, "fine-tune it as a base model"],
  ] as const
) {
  Deno.test(`a sentence encoder ${what} is told with what is read here`, async () => {
    const folder = await Deno.makeTempDir();
    try {
      await Deno.writeTextFile(join(folder, "modules.json"), MODULES);
      if (settings !== null) {
        await Deno.writeTextFile(
          join(folder, "sentence_bert_config.json"),
          JSON.stringify(settings),
        );
      }
      const step = await inSentenceEncoder(await listDirectory(folder));
      assertEquals(step!.warnings.map(({ hint }) => hint), [said]);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}
