import { assertEquals, assertRejects } from "@std/assert";
import { UserError } from "../../../../lib/base/errors.ts";
import { readWeightFile } from "../../../../lib/weights/formats/weight_file.ts";

/**
 * Files by PyTorch that, opened by Python's pickle, run a program that makes a
 * file `attacked` in the working directory (`make_odd_weights.py`).
 */
const folder = "fixtures/golden/odd/attacks";

/** What each asks Python for first. */
const attacks = {
  os_system: "posix system",
  subprocess: "commands Popen", // as Python 2 called the module
  eval: "__builtin__ eval",
  exec: "__builtin__ exec",
  getattr_chain: "__builtin__ getattr",
  nested: "__builtin__ getattr",
  beside: "posix system",
  twice: "posix system",
  torch_load: "torch.serialization load",
};
for (const [name, wanted] of Object.entries(attacks)) {
  for (const file of [`${name}.pt`, `${name}_legacy.pt`]) {
    Deno.test(`the attack ${file} gets nothing of Python`, async () => {
      await assertRejects(
        () => readWeightFile(`${folder}/${file}`),
        UserError,
        `asks for "${wanted}", which no state dict needs; nothing was run`,
      );
    });
  }
}

Deno.test("there is no attack without a test", async () => {
  const names = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
  const stems = names.map((name) => name.replace(/(_legacy)?\.pt$/, ""));
  assertEquals([...new Set(stems)].sort(), Object.keys(attacks).sort());
});
