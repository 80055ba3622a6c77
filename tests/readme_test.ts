import { assert, assertEquals } from "@std/assert";
import { join, normalize } from "@std/path";
import manifest from "../deno.json" with { type: "json" };
import type { TaskName } from "../lib/settings/config.ts";
import { type Ended, runTask } from "./support/tasks/run_task.ts";

const readme = await Deno.readTextFile("README.md");

/** The lines of the shell's code blocks. */
function commands(): string[] {
  return [...readme.matchAll(/```sh\n(.*?)```/gs)]
    .flatMap(([, block]) => block.trim().split("\n"));
}

Deno.test("the first two commands need npx alone", () => {
  const first = commands().filter((line) => line.startsWith("npx "));
  assertEquals(first, [
    "npx -y deno@2.9.5 task demo",
    "npx -y deno@2.9.5 task test",
  ]);
});

Deno.test("the README and the checks name the same Deno", async () => {
  const script = await Deno.readTextFile(".ci/run");
  const workflow = await Deno.readTextFile(".github/workflows/checks.yml");
  const guide = await Deno.readTextFile("CONTRIBUTING.md");
  const named = (readme + script + workflow + guide).match(/deno@[\w.]+/g);
  assertEquals([...new Set(named)], ["deno@2.9.5"]);
});

Deno.test("the README links every page", async () => {
  const links = new Set(
    [...readme.matchAll(/\]\(([^)#\s]+)/g)].map(([, link]) => link),
  );
  for (const folder of [".", "docs", "bench", "fixtures", "fixtures/golden"]) {
    for await (const { name } of Deno.readDir(folder)) {
      const path = normalize(join(folder, name));
      if (!name.endsWith(".md") || path === "README.md") continue;
      assert(links.has(path), `the README has no link to ${path}`);
    }
  }
  for (const path of ["LICENSE", "docs/config.schema.json", "mod.ts"]) {
    assert(links.has(path), `the README has no link to ${path}`);
  }
});

Deno.test("the README has at most 150 lines", () => {
  assert(readme.trimEnd().split("\n").length <= 150);
});

Deno.test("the README's reasons for its packages are those of deno.json", () => {
  const { imports } = manifest;
  for (const [alias, target] of Object.entries(imports)) {
    if (!alias.startsWith("@std/")) continue;
    assert(target.startsWith("./lib/base/std/"), `${alias} is ${target}`);
  }
  assert(!("@std/archive" in imports));
  for (const name of ["deno-std", "@zip.js/zip.js", "tar-stream"]) {
    assert(readme.includes(`\`${name}\``), `the README lacks ${name}`);
    const aliases = Object.values(imports);
    assert(aliases.some((target) => target.includes(name)), `${name} is gone`);
  }
});

Deno.test("the speeds of the README and of what has been run are the benchmark's", async () => {
  const tried = await Deno.readTextFile("docs/tried.md");
  const [, cores] = /\*\*Speed, on two cores\.\*\*(.*?)^- /ms.exec(tried)!;
  const results = await Deno.readTextFile("bench/RESULTS.md");
  for (const text of [readme, cores]) {
    const ratios = [
      ...text.matchAll(/(\d+\.\d+)\s+times|and (1\.\d+) without/g),
    ]
      .map(([, ratio, other]) => ratio ?? other);
    assert(ratios.length > 1);
    for (const ratio of ratios) {
      assert(results.includes(`**${ratio}x**`), `${ratio} is not among them`);
    }
  }
});

/** The section on the user's own data. */
const [own] = /^## Your own data$.*?(?=^## )/ms.exec(readme)!;
const [, shownCsv] = /```csv\n(.*?)```/s.exec(own)!;

/** The file that the README shows, with its pairs again and again. */
function csv(times: number): string {
  const [header, ...rows] = shownCsv.trim().split("\n");
  const pairs = Array.from(
    { length: times },
    // Each time a premise of its own, for the dev split is taken by it.
    (_, i) => rows.map((row) => row.replace(" .", ` with ${i} others .`)),
  );
  return [header, ...pairs.flat(), ""].join("\n");
}

/** Runs the section's commands one after the other. */
async function runOwn(folder: string): Promise<Ended[]> {
  const [, block] = /```sh\n(.*?)```/s.exec(own)!;
  const ended: Ended[] = [];
  for (const command of block.trim().split("\n")) {
    const [deno, word, task, ...args] = command.split(" ");
    assertEquals([deno, word], ["deno", "task"]);
    ended.push(await runTask(task as TaskName, args, { cwd: folder }));
  }
  return ended;
}

/** Does something in a folder with a train.csv and a test.csv. */
async function withOwnData(
  train: string | Uint8Array<ArrayBuffer>,
  act: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const bytes = typeof train === "string"
      ? new TextEncoder().encode(train)
      : train;
    await Deno.writeFile(join(folder, "train.csv"), bytes);
    await Deno.writeTextFile(join(folder, "test.csv"), csv(5));
    await act(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("the README's commands train, measure and predict on one's own files", () =>
  withOwnData(csv(40), async (folder) => {
    const ended = await runOwn(folder);
    assertEquals(ended.map(({ code, stderr }) => code === 0 ? "" : stderr), [
      "",
      "",
      "",
    ]);
    const [trained, measured, predicted] = ended.map(({ events }) => events);
    const { columns } = trained.find(({ event }) => event === "data")!;
    assertEquals(columns, {
      premise: "premise",
      hypothesis: "hypothesis",
      label: "label",
    });
    const { examples, accuracy } = measured.at(-1)!;
    assertEquals(examples, 15);
    // What is wrongly read is guessed at a third.
    assert(Number(accuracy) > 0.9, `the accuracy is ${accuracy}`);
    const said = predicted.filter(({ event }) => event === "prediction");
    assertEquals(
      said.filter(({ label, input }) =>
        label === (input as { label: string }).label
      ).length,
      Math.round(15 * Number(accuracy)),
    );
  }));

/** The file in UTF-16, as Excel's "Unicode text". */
function utf16(text: string): Uint8Array<ArrayBuffer> {
  const units = Uint16Array.from(`\ufeff${text}`, (char) => char.charCodeAt(0));
  return new Uint8Array(units.buffer);
}

for (
  const [what, train, told] of [
    [
      "another label",
      csv(1) + "A man .,A dog .,maybe\n",
      '"train.csv", line 5, column "label": the label is "maybe"',
    ],
    [
      "no sentence",
      csv(1) + "A man .,,neutral\n",
      '"train.csv", line 5, column "hypothesis"',
    ],
    [
      "two columns of labels",
      csv(2).replaceAll(/,(\w+)$/gm, ",$1,$1").replace(
        "label,label",
        "label,gold_label",
      ),
      "--label-field",
    ],
    ["text in UTF-16", utf16(csv(1)), "UTF-16"],
    ["a workbook", Uint8Array.from([0x50, 0x4b, 3, 4, 20, 0]), "train.csv"],
  ] as const
) {
  Deno.test(`the README's finetune refuses ${what}, and says where`, () =>
    withOwnData(train, async (folder) => {
      const [{ code, events }] = await runOwn(folder);
      const { message, hint } = events.at(-1)!;
      assertEquals(code, 2);
      assert(`${message} ${hint}`.includes(told), `${message} ${hint}`);
    }));
}
