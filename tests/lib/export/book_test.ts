import { assertEquals } from "@std/assert";
import { bookInMxnet, bookInTorch } from "../../../lib/export/book.ts";
import { readWeightFile } from "../../../lib/weights/formats/weight_file.ts";
import { openModelDir } from "../../../lib/weights/model_dir.ts";
import { openFamily } from "../../support/model/families.ts";
import { withFolder } from "../../support/with_folder.ts";

const FACTS = { heads: 4, weights: "classifier.params" };

Deno.test("a classifier of the book's in MXNet is exported as MXNet wrote it, byte by byte", async () => {
  const model = await openModelDir("fixtures/golden/mxnet", FACTS);
  const files = await bookInMxnet.files(model);
  assertEquals(
    await new Blob([...files["model.params"]]).bytes(),
    await Deno.readFile("fixtures/golden/mxnet/classifier.params"),
  );
});

Deno.test("a classifier of the book's in PyTorch is exported with the names, the order and the bits of PyTorch", async () => {
  const model = await openModelDir("fixtures/golden/torch", FACTS);
  const files = await bookInTorch.files(model);
  await withFolder(async (folder) => {
    const file = `${folder}/model.params`;
    await Deno.writeFile(file, new Blob([...files["model.params"]]).stream());
    const values = (arrays: Awaited<ReturnType<typeof readWeightFile>>) =>
      [...arrays].map(([name, { shape, data }]) => ({
        name,
        shape: [...shape],
        data: new Float32Array(data),
      }));
    assertEquals(
      values(await readWeightFile(file)),
      values(await readWeightFile("fixtures/golden/torch/classifier.params")),
    );
  });
});

const REFUSED: [name: string, reasons: RegExp[]][] = [
  ["bert_cased", [
    /layer norm follows its embeddings/,
    /activation is "gelu", and the book's is "relu"/,
    /add 1e-12 to the variance/,
    /split by "wordpiece"/,
  ]],
  ["distilbert", [
    /layer norm/,
    /"gelu"/,
    /pooler's activation is "relu"/,
    /1e-12/,
    /segment table has 0 rows/,
    /"wordpiece"/,
  ]],
  ["electra", [
    /layer norm/,
    /tables have width 16 and its encoder 32/,
    /"gelu"/,
    /pooler's activation is "gelu"/,
    /1e-12/,
    /"wordpiece"/,
  ]],
  ["roberta", [
    /layer norm/,
    /"gelu"/,
    /segment table has 1 rows/,
    /positions are counted from 2/,
  ]],
];

for (const [name, reasons] of REFUSED) {
  Deno.test(`every reason is told why ${name} is no model of the book's`, async () => {
    const { config } = await openFamily(`fixtures/golden/families/${name}`);
    const problems = bookInTorch.problems(config);
    const untold = reasons.filter((reason) =>
      !problems.some((problem) => reason.test(problem))
    );
    assertEquals(untold, []);
    assertEquals(bookInMxnet.problems(config), problems);
  });
}
