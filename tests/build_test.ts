import { assert, assertEquals } from "@std/assert";
import manifest from "../deno.json" with { type: "json" };
import { schemaText } from "../docs/build/build_schema.ts";
import { assertUpToDate } from "./support/build/up_to_date.ts";
import { isRequired, registerTest } from "./support/require.ts";

/** The compiler's name in PREMISE_REQUIRE, which has it fetched. */
const COMPILER = "assemblyscript";
/** The packages that only the compiler is made of. */
const LOCK = "lib/device/cpu/kernels/kernels.lock";

/** Why the compiler should not be run here; undefined if it should. */
async function whyNoCompiler(): Promise<string | undefined> {
  if (isRequired(COMPILER)) return undefined;
  const words = manifest.tasks["build:kernels"].command.split(" ");
  const compiler = words.findIndex((word) => word.startsWith("npm:"));
  const [, run, ...flags] = words.slice(0, compiler + 1);
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: [run, "--cached-only", ...flags, "--version"],
  }).output();
  return success
    ? undefined
    : "the compiler, 100 MB, has not been fetched; deno task build:kernels does";
}

registerTest({
  part: COMPILER,
  lack: await whyNoCompiler(),
  name: "the committed kernels are what build:kernels makes",
  fn: () =>
    assertUpToDate("build:kernels", "lib/device/cpu/kernels/kernels.wasm"),
});

Deno.test("only build:kernels fetches the kernels' compiler", async () => {
  const [all, compiler] = await Promise.all(
    ["deno.lock", LOCK].map(async (path) =>
      Object.keys(JSON.parse(await Deno.readTextFile(path)).npm)
    ),
  );
  assert(compiler.some((name) => name.startsWith("binaryen@")));
  assertEquals(compiler.filter((name) => all.includes(name)), []);
  const users = Object.entries(manifest.tasks)
    .filter(([, { command }]) => command?.includes(COMPILER))
    .map(([task, { command }]) => [task, command.includes(`--lock=${LOCK}`)]);
  assertEquals(users, [["build:kernels", true]]);
});

Deno.test("the threads' bundle is what build:workers makes of its source", () =>
  assertUpToDate("build:workers", "lib/device/cpu/worker.bundle.js"));

Deno.test("the workers' bundle is what build:workers makes of its source", () =>
  assertUpToDate("build:workers", "lib/data/encode/encode_worker.bundle.js"));

Deno.test("docs/config.schema.json is what build:schema writes", async () => {
  const committed = await Deno.readTextFile("docs/config.schema.json");
  assertEquals(committed, schemaText());
});
