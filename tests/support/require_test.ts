import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";

/** Runs a file of one test whose part, a unicorn, is missing. */
async function runWithout(
  require: string,
): Promise<{ code: number; output: string }> {
  const folder = await Deno.makeTempDir();
  try {
    const file = join(folder, "unicorn_test.ts");
    const registration = {
      part: "unicorn",
      lack: "no horn",
      name: "it neighs",
    };
    await Deno.writeTextFile(
      file,
      `import { registerTest } from "${import.meta.resolve("./require.ts")}";
      registerTest({ ...${JSON.stringify(registration)}, fn() {} });`,
    );
    const { code, stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["test", "--no-check", "--allow-env=PREMISE_REQUIRE", file],
      env: { PREMISE_REQUIRE: require, NO_COLOR: "1" },
      stderr: "null",
    }).output();
    return { code, output: new TextDecoder().decode(stdout) };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("a test whose part is missing is skipped, and says why", async () => {
  const { code, output } = await runWithout("");
  assertEquals(code, 0);
  assertStringIncludes(output, "it neighs (skipped: no horn) ... ignored");
});

Deno.test("a test whose part is required fails where it is missing", async () => {
  const { code, output } = await runWithout("webgpu,unicorn");
  assertEquals(code, 1);
  assertStringIncludes(output, 'no horn, and PREMISE_REQUIRE has "unicorn"');
});
