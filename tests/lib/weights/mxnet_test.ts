import { assertEquals } from "@std/assert";
import { readMxnet } from "../../../lib/weights/mxnet.ts";

const golden = new URL("../../../fixtures/golden/mxnet/", import.meta.url);

Deno.test("a file of MXNet 1.9.1 gives the names and shapes that MXNet saw", async () => {
  const reference = JSON.parse(
    await Deno.readTextFile(new URL("reference.json", golden)),
  );
  const file = new URL("pretrained.params", golden);
  const arrays = readMxnet(await Deno.readFile(file), "pretrained.params");
  assertEquals(
    Object.fromEntries([...arrays].map(([name, { shape }]) => [name, shape])),
    reference.names,
  );
});
