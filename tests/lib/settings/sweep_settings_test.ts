import { assert, assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { UserError } from "../../../lib/base/errors.ts";
import { parseCommandLine } from "../../../lib/settings/cli.ts";

/** Reads a sweep's file. */
async function read(content: unknown, ...flags: string[]) {
  const folder = await Deno.makeTempDir();
  try {
    const file = join(folder, "sweep.json");
    await Deno.writeTextFile(file, JSON.stringify(content));
    return parseCommandLine("sweep", ["--config", file, ...flags]).config;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

for (
  const [text, seeds] of [
    ["3", [3]],
    ["0-4", [0, 1, 2, 3, 4]],
    ["0,7-9", [0, 7, 8, 9]],
  ] as const
) {
  Deno.test(`the seeds ${text} are ${seeds.join(", ")}`, () => {
    const { config } = parseCommandLine("finetune", ["--seeds", text]);
    assertEquals(config.seeds, [...seeds]);
  });
}

for (const text of ["4-0", "0-1000", "a", "0-", "1.5", ""]) {
  Deno.test(`the seeds "${text}" are refused`, () => {
    assertThrows(
      () => parseCommandLine("finetune", [`--seeds=${text}`]),
      UserError,
      `--seeds is ${JSON.stringify(text)}, expected`,
    );
  });
}

Deno.test("seeds may be a list in a file", async () => {
  assertEquals((await read({ seeds: [5, 1] })).seeds, [5, 1]);
});

Deno.test("a flag wins over the sweep's file", async () => {
  assertEquals((await read({ seeds: "0-4" }, "--seeds", "9")).seeds, [9]);
});

Deno.test("all that is wrong with a sweep's file is told at once", async () => {
  const error = await read({
    settings: { epochs: 0, lrr: 1, dropout: 0 },
    vary: { lr: [1e-3, -1], dropout: [0], seed: [1] },
    ranges: { batchSize: { min: 8, max: 4 }, model: { min: 1, max: 2 } },
    grid: {},
  }).catch((error) => error);
  assert(error instanceof UserError);
  assertEquals(error.exitCode, 2);
  assertEquals(
    error.message.split("\n").slice(1).map((line) =>
      line.replace(/^ {2}- /, "").replace(/the config file ".*" /, "")
    ),
    [
      'has an unknown field "grid"',
      "settings.epochs is 0, expected at least 1",
      'settings has unknown fields: "lrr"',
      "vary.lr is [0.001,-1], item 2: expected more than 0",
      'vary has unknown fields: "seed"',
      'ranges.batchSize is {"min":8,"max":4}, expected min below max',
      'ranges has unknown fields: "model"',
      "dropout: a setting stands in one of settings, vary and ranges",
      "ranges need --trials, the number of draws",
    ],
  );
});

Deno.test("a range on a log scale must be above 0", async () => {
  const ranges = { dropout: { min: 0, max: 0.5, scale: "log" } };
  const error = await read({ ranges, trials: 2 }).catch((error) => error);
  assert(
    String(error.message).endsWith("expected min above 0 on a log scale"),
  );
});
