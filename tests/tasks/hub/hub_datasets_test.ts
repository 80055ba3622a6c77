/** Data sets of the Hugging Face hub, from the download to the table. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import type { HubRepository } from "../../support/hub/hub_server.ts";
import { filesAsked, withHub } from "../../support/hub/with_hub.ts";
import type { Ended } from "../../support/tasks/run_task.ts";

const NAME = "hf:someone/pairs";
const MODEL = ["--model", "bert.tiny"];

function csv(rows: number): string {
  const lines = Array.from(
    { length: rows },
    (_, i) =>
      `a man sleeps ${i},he rests ${i},${["entailment", "neutral"][i % 2]}`,
  );
  return ["premise,hypothesis,label", ...lines, ""].join("\n");
}

function jsonl(rows: number): string {
  return Array.from(
    { length: rows },
    (_, i) =>
      JSON.stringify({
        premise: `p ${i}`,
        hypothesis: `h ${i}`,
        label: "neutral",
      }) +
      "\n",
  ).join("");
}

function dataset(files: HubRepository["files"]): HubRepository {
  return { id: "someone/pairs", kind: "dataset", licence: "mit", files };
}

function assertDone({ code, stderr }: Ended): void {
  assertEquals(code, 0, stderr);
}

/** Rows by split of the table that was encoded. */
function rowsOf({ events }: Ended): Record<string, number> {
  const splits = events.at(-1)!.splits as Record<string, { rows: number }>;
  return Object.fromEntries(
    Object.entries(splits).map(([split, { rows }]) => [split, rows]),
  );
}

const byName = dataset({
  "README.md": "# Pairs\n",
  "train.csv": csv(6),
  "validation.csv": csv(4),
  "test.csv": csv(2),
  "images/cat.jpg": "no text",
  "train.py": "no data",
});

const configs = dataset({
  "README.md": `---
configs:
- config_name: first
  data_files:
  - split: train
    path: first/train-*
  - split: test
    path: first/t.csv
- config_name: second
  data_files: second/*.jsonl
---
`,
  "first/train-00000-of-00002.csv": csv(4),
  "first/train-00001-of-00002.csv": csv(3),
  "first/t.csv": csv(2),
  "second/a.jsonl": jsonl(5),
});

Deno.test("a data set of the hub is fetched and encoded by the names of its files", async () => {
  await withHub([byName], async ({ server, run }) => {
    const fetched = await run("download", ["--dataset", NAME]);
    assertDone(fetched);
    assertEquals(fetched.events.at(-1)!.licences, { [NAME]: "mit" });
    assertEquals(filesAsked(server), [
      "README.md",
      "train.csv",
      "validation.csv",
      "test.csv",
    ]);
    server.requests.length = 0;
    const encoded = await run("preprocess", [...MODEL, "--data", NAME]);
    assertDone(encoded);
    assertEquals(rowsOf(encoded), { train: 6, dev: 4, test: 2 });
    assertStringIncludes(
      `${encoded.events.at(-1)!.files}`,
      ".premise/data/pairs-bert.tiny/table.json",
    );
    assertEquals(server.requests, []);
  });
});

Deno.test("Parquet of the hub's own conversion is fetched by its revision", async () => {
  const parquet = await Deno.readFile("fixtures/cases/parquet/hub.parquet");
  const branches = {
    "refs/convert/parquet": { "default/train/0000.parquet": parquet },
  };
  const script = { ...dataset({ "pairs.py": "print()" }), branches };
  await withHub([script], async ({ run }) => {
    const refused = await run("download", ["--dataset", NAME]);
    assertStringIncludes(
      `${refused.events.at(-1)!.message}`,
      "it is a program, pairs.py, which is not run",
    );
    const converted = `${NAME}@refs/convert/parquet`;
    assertDone(await run("download", ["--dataset", converted]));
    const encoded = await run("preprocess", [...MODEL, "--data", converted]);
    assertDone(encoded);
    assertEquals(Object.keys(rowsOf(encoded)), ["train"]);
  });
});

Deno.test("download tells which data of the hub it leaves out", async () => {
  const more = dataset({ ...byName.files, "extra.csv": csv(1) });
  await withHub([more], async ({ server, run }) => {
    const { events } = await run("download", ["--dataset", NAME]);
    const told = events.find(({ code }) => code === "passed-over");
    assertStringIncludes(`${told?.message}`, "extra.csv");
    assertEquals(filesAsked(server).includes("extra.csv"), false);
  });
});

Deno.test("the configuration of a data set of the hub is fetched that is named", async () => {
  await withHub([configs], async ({ server, run }) => {
    assertDone(await run("download", ["--dataset", `${NAME}/first`]));
    assertEquals(filesAsked(server), [
      "README.md",
      "first/train-00000-of-00002.csv",
      "first/train-00001-of-00002.csv",
      "first/t.csv",
    ]);
    const first = await run("preprocess", [
      ...MODEL,
      "--data",
      `${NAME}/first`,
    ]);
    assertEquals(rowsOf(first), { train: 7, test: 2 });
    const other = ["--data", `${NAME}/second`];
    const missing = await run("preprocess", [...MODEL, ...other]);
    assertStringIncludes(
      `${missing.events.at(-1)!.hint}`,
      `deno task download --dataset ${NAME}/second`,
    );
    assertDone(await run("download", ["--dataset", `${NAME}/second`]));
    const second = await run("preprocess", [...MODEL, ...other]);
    assertEquals(rowsOf(second), { train: 5 });
    // The first one is still there.
    server.requests.length = 0;
    const commit = server.commitOf("someone/pairs");
    const pinned = `${NAME}@${commit}/first`;
    assertDone(await run("download", ["--dataset", pinned]));
    assertEquals(server.requests, []);
  });
});

Deno.test("a data set of the hub with several configurations is refused with their names", async () => {
  await withHub([configs], async ({ run }) => {
    const { code, events } = await run("download", ["--dataset", NAME]);
    assertEquals([code, events.at(-1)!.code], [2, "bad-data"]);
    assertStringIncludes(
      `${events.at(-1)!.message}`,
      "it has several configurations: first, second",
    );
    assertStringIncludes(`${events.at(-1)!.hint}`, "hf:OWNER/NAME/first");
  });
});

Deno.test("a data set in the cache of the hub's own programs is read as its card says", async () => {
  await withHub([configs], async ({ server, folder, run }) => {
    const commit = server.commitOf("someone/pairs");
    const repository = join(folder, "home/hub/datasets--someone--pairs");
    for (const [name, content] of Object.entries(configs.files)) {
      const file = join(repository, "snapshots", commit, name);
      await Deno.mkdir(join(file, ".."), { recursive: true });
      await Deno.writeTextFile(file, `${content}`);
    }
    await Deno.mkdir(join(repository, "refs"));
    await Deno.writeTextFile(join(repository, "refs/main"), commit);
    const first = await run("preprocess", [
      ...MODEL,
      "--data",
      `${NAME}/first`,
    ]);
    assertDone(first);
    assertEquals(rowsOf(first), { train: 7, test: 2 });
    assertEquals(server.requests, []);
  });
});

Deno.test("finetune and eval take a data set of the hub by its name", async () => {
  await withHub([byName], async ({ run }) => {
    assertDone(await run("download", ["--dataset", NAME]));
    const cpu = ["--device", "cpu", "--blas", "none"];
    assertDone(
      await run("finetune", [
        ...[...MODEL, "--data", NAME, "--out", "run", "--epochs", "1"],
        ...["--batch-size", "4", ...cpu],
      ]),
    );
    const measured = await run("eval", [
      ...["--model", "run", "--data", NAME, ...cpu],
    ]);
    assertDone(measured);
    assertEquals(measured.events.at(-1)!.examples, 2);
  });
});

Deno.test("a model and a data set of the hub are fetched at once", async () => {
  await withHub(
    [byName, { ...configs, id: "someone/other" }],
    async ({ run }) => {
      const { code, events } = await run("download", [
        ...["--dataset", NAME, "--model", "hf:someone/missing"],
      ]);
      // The one that is there is whole, though the other failed.
      assertEquals([code, events.at(-1)!.code], [1, "not-on-hub"]);
      const again = await run("download", ["--dataset", NAME, "--offline"]);
      assertDone(again);
    },
  );
});
