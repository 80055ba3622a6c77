import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";

const COMMITTED = "lib/device/native/kernels.wasm";

Deno.test("the committed kernels are what build:kernels makes", async () => {
  const { tasks } = JSON.parse(await Deno.readTextFile("deno.json"));
  const folder = await Deno.makeTempDir();
  try {
    const target = join(folder, "kernels.wasm");
    const [deno, ...args] = tasks["build:kernels"].command.split(" ");
    assertEquals(deno, "deno");
    assert(args.includes(COMMITTED));
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: args.map((arg: string) => arg === COMMITTED ? target : arg),
    }).output();
    assertEquals(code, 0, new TextDecoder().decode(stderr));
    const [built, committed] = await Promise.all(
      [target, COMMITTED].map((path) => Deno.readFile(path)),
    );
    assert(
      built.length === committed.length &&
        built.every((byte, i) => byte === committed[i]),
      "they differ: run deno task build:kernels",
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
