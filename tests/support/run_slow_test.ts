import {
  assertEquals,
  assertGreater,
  assertLess,
  assertStringIncludes,
} from "@std/assert";
import { join, resolve, toFileUrl } from "@std/path";
import { withFolder } from "./with_folder.ts";

const NAMES = [..."abcdefgh"].map((letter) => `a test is called ${letter}`);

/** Runs the task on a file of slow tests that do nothing. */
async function runSlow(
  args: string[],
  { share = "", declare = "slowTest" } = {},
): Promise<{ code: number; ran: string[]; stderr: string }> {
  return await withFolder(async (folder) => {
    const file = join(folder, "quiet_test.ts");
    const slow = toFileUrl(resolve("tests/support/slow.ts"));
    await Deno.writeTextFile(
      file,
      `import { ${declare} } from "${slow}";
      for (const name of ${JSON.stringify(NAMES)}) ${declare}(name, () => {});`,
    );
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["task", "-q", "test:slow", ...args, file],
      env: {
        NO_COLOR: "1",
        PREMISE_SLOW_SHARE: share,
        PREMISE_SLOW_SEED: "some",
        PREMISE_SLOW_PART: "",
      },
    }).output();
    const [out, told] = [stdout, stderr].map((bytes) =>
      new TextDecoder().decode(bytes)
    );
    const ran = NAMES.filter((name) => out.includes(`${name} (slow) ... ok`));
    return { code, ran, stderr: told };
  });
}

Deno.test("the parts of the slow tests are together all of them, each once", async () => {
  const parts = await Promise.all(
    [["--part", "1/3"], ["--part=2/3"], ["--part", "3/3"]].map((args) =>
      runSlow(args)
    ),
  );
  assertEquals(parts.map(({ code }) => code), [0, 0, 0]);
  assertEquals(parts.flatMap(({ ran }) => ran).sort(), NAMES);
});

Deno.test("test:slow without a part runs all slow tests", async () => {
  assertEquals((await runSlow([])).ran, NAMES);
});

Deno.test("a share of the slow tests takes fewer of a campaign", async () => {
  const [some, few, all] = await Promise.all([
    runSlow([], { share: "0.99" }),
    runSlow([], { share: "0.99", declare: "campaignTest" }),
    runSlow([], { share: "1", declare: "campaignTest" }),
  ]);
  assertGreater(some.ran.length, NAMES.length / 2);
  assertLess(few.ran.length, NAMES.length / 2);
  assertEquals(all.ran, NAMES);
});

for (const part of ["3/2", "0/2", "2", "1/2/3", ""]) {
  Deno.test(`test:slow refuses the part "${part}" by name`, async () => {
    const { code, ran, stderr } = await runSlow([`--part=${part}`]);
    assertEquals({ code, ran }, { code: 2, ran: [] });
    assertStringIncludes(stderr, `--part is "${part}"`);
  });
}
