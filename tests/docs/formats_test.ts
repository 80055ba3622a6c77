import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { tableFromIPC } from "apache-arrow";
import {
  LABELS,
  PAIRS,
  SINGLES,
} from "../../lib/data/read/columns/usual_names.ts";
import { defaultLimits } from "../../lib/hub/archive/archive_rules.ts";
import {
  builtInEntries,
  catalogueEntrySchema,
  loadCatalogue,
} from "../../lib/hub/catalogue/catalogue.ts";
import { foreignName } from "../../lib/weights/families/names.ts";
import type { FamilyName } from "../../lib/weights/model_config.ts";
import { openModelDir } from "../../lib/weights/model_dir.ts";
import { parameterShapes } from "../../lib/weights/shapes.ts";
import { writeModelDir } from "../../lib/weights/write_model_dir.ts";
import {
  differences,
  none,
  rowsOf,
  sectionsOf,
} from "../support/pages/page.ts";
import { runTask } from "../support/tasks/run_task.ts";
import { makeWorkplace, namesIn } from "../support/tasks/workplace.ts";

const sections = sectionsOf(await Deno.readTextFile("docs/formats.md"));

/** The rows of the first table after some words of a section. */
function rowsAfter(heading: string, words: string): string[][] {
  const rest = sections.get(heading)!.split(words)[1];
  const table = /^\|[^]*?(?=\n\n|$(?![^]))/m.exec(rest)![0];
  return rowsOf(table);
}

/** Where a sweep has trained a model. */
let folder: string;
let run: string;

Deno.test.beforeAll(async () => {
  folder = await makeWorkplace();
  const settings = {
    model: "bert.tiny",
    device: "cpu",
    limit: 32,
    epochs: 1,
    profile: true,
    classWeights: "balanced",
  };
  await Deno.writeTextFile(
    join(folder, "sweep.json"),
    JSON.stringify({ settings, vary: { lr: [1e-3] }, out: "sweep" }),
  );
  const ended = await runTask("sweep", ["--config", "sweep.json"], {
    cwd: folder,
  });
  assertEquals(ended.code, 0, ended.stderr);
  const [name] = await namesIn(join(folder, "sweep/runs"));
  run = join(folder, "sweep/runs", name);
});

Deno.test.afterAll(async () => {
  await Deno.remove(folder, { recursive: true });
});

async function readJson(path: string): Promise<Record<string, unknown>> {
  return JSON.parse(await Deno.readTextFile(path));
}

/** A JSON file of the page: its section, what its table follows, its path. */
interface Described {
  section: string;
  after: string;
  path: () => string | Promise<string>;
  /** Fields that are documented, and not in every such file. */
  elsewhere?: string[];
}

const checkpoint = async () => {
  const folder = join(run, "checkpoints");
  return join(folder, (await namesIn(folder)).at(-1)!);
};

const described: Record<string, Described> = {
  "a run's config.json": {
    section: "Model directories",
    after: "**This program's `config.json`**",
    path: () => join(run, "config.json"),
    // The book's models have no padding that is told.
    elsewhere: ["paddingRow"],
  },
  "a run's config.json of a Hugging Face model": {
    section: "Model directories",
    after: "**A run's `config.json` of a Hugging Face model**",
    path: async () => {
      const model = await openModelDir("fixtures/golden/hf");
      const path = join(folder, "hf");
      await writeModelDir(path, model);
      const { premise } = await readJson(join(path, "config.json"));
      const own = join(folder, "own_fields.json");
      await Deno.writeTextFile(own, JSON.stringify({ premise }));
      return own;
    },
    elsewhere: ["premise.dropout", "premise.paddingRow"],
  },
  "table.json": {
    section: "Tables",
    after: "**`table.json`**",
    path: () => join(folder, ".premise/data/snli-bert.tiny/table.json"),
  },
  "run.json": {
    section: "Runs",
    after: "**`run.json`**",
    path: () => join(run, "run.json"),
    elsewhere: ["tuned.*"],
  },
  "state.json": {
    section: "Checkpoints",
    after: "**`state.json`**",
    path: async () => join(await checkpoint(), "state.json"),
  },
  "sweep.json": {
    section: "Sweeps",
    after: "**`sweep.json`**",
    path: () => join(folder, "sweep/sweep.json"),
  },
};

for (
  const [name, { section, after, path, elsewhere = [] }] of Object.entries(
    described,
  )
) {
  Deno.test(`docs/formats.md has every field of ${name}, and no other`, async () => {
    const fields = rowsAfter(section, after).map(([field]) => field);
    assertEquals(differences([await readJson(await path())], fields), {
      ...none,
      neverWritten: elsewhere,
    });
  });
}

Deno.test("docs/formats.md has every file of a run, and no other", async () => {
  const files = rowsAfter("Runs", "the last's.").map(([name]) => name);
  const found = await namesIn(run);
  assertEquals(files.map((name) => name.replace(/\/$/, "")).sort(), found);
});

Deno.test("docs/formats.md has every file of a checkpoint, and no other", async () => {
  const files = rowsAfter("Checkpoints", "at its beginning:");
  assertEquals(
    files.map(([name]) => name).sort(),
    await namesIn(await checkpoint()),
  );
});

Deno.test("docs/formats.md has the columns of a table with their types", async () => {
  const file = join(folder, ".premise/data/snli-bert.tiny/train.arrow");
  const { fields } = tableFromIPC(await Deno.readFile(file)).schema;
  assertEquals(
    rowsAfter("Tables", "**`SPLIT.arrow`**").map(([name, type]) =>
      `${name} ${type}`
    ),
    fields.map(({ name, type, nullable }) =>
      `${name} ${type}${nullable ? ", nullable" : ""}`
    ),
  );
});

Deno.test("docs/formats.md calls every weight by its names in each program", async () => {
  const { config } = await openModelDir(run);
  const table = rowsAfter("Model directories", "### Names of the weights");
  const documented = table.map(([neutral]) => neutral.replace("{i}", "0"));
  const weights = [
    ...parameterShapes({ ...config, embeddingNorm: true, blocks: 1 }).keys(),
  ]
    .filter((name) => name.endsWith(".weight"));
  assertEquals(documented.sort(), weights.sort());
  for (const [neutral, mxnet, torch, hf] of table) {
    const told = {
      "d2l-mxnet": mxnet,
      "d2l-torch": torch === "the same" ? mxnet : torch,
      hf,
    } as const;
    for (const [naming, name] of Object.entries(told)) {
      const own = neutral.replace("{i}", "1");
      const found = foreignName(own, naming as keyof typeof told);
      const expected = name === "none" ? null : name.replace("{i}", "1");
      assertEquals(found?.replace(/^bert\./, "") ?? null, expected, neutral);
    }
  }
});

Deno.test("docs/formats.md calls every weight as BERT's relatives do", () => {
  const table = rowsAfter(
    "Model directories",
    "relatives call these otherwise:",
  );
  const families = ["distilbert", "electra", "roberta"] as const;
  for (const [neutral, ...names] of table) {
    for (const [i, family] of families.entries()) {
      const own = neutral.replace("{i}", "1");
      const bert = foreignName(own, "hf")?.replace(/^bert\./, "");
      const expected = names[i] === "as BERT" ? bert : names[i];
      const found = foreignName(own, "hf", family) ?? "none";
      const plain = found.replace(`${family}.`, "");
      assertEquals(
        plain,
        expected?.replace("{i}", "1"),
        `${neutral} ${family}`,
      );
    }
  }
  const all = rowsAfter("Model directories", "### Names of the weights");
  const bare = (neutral: string, family: FamilyName) =>
    foreignName(neutral, "hf", family)?.replace(
      /^(?:bert|distilbert|electra|roberta)\./,
      "",
    );
  const told = new Set(table.map(([neutral]) => neutral));
  const untold = all.map(([neutral]) => neutral).filter((neutral) =>
    !told.has(neutral) &&
    families.some((family) =>
      bare(neutral, family) !== bare(neutral, "hf-bert")
    )
  );
  assertEquals(untold, []);
});

Deno.test("docs/formats.md has the names of sentences and labels that are found", () => {
  const pairs = ["the first one in this order:", "stands beside them:"]
    .flatMap((start) => rowsAfter("Data", start))
    .flatMap(([first, second]) => {
      const [firsts, seconds] = [first, second].map((c) => c.split(", "));
      return firsts.length === seconds.length
        ? firsts.map((name, i) => `${name} ${seconds[i]}`)
        : firsts.flatMap((one) => seconds.map((other) => `${one} ${other}`));
    });
  assertEquals(
    pairs.sort(),
    PAIRS.map(({ first, second }) => `${first} ${second}`).sort(),
  );
  for (const name of [...SINGLES, ...LABELS]) {
    assertStringIncludes(sections.get("Data")!, `\`${name}\``);
  }
});

Deno.test("the catalogue of docs/formats.md is one that the program reads", async () => {
  const [, example] = /```json\n(.*?)```/s.exec(sections.get("Catalogues")!)!;
  const file = join(folder, "catalogue.json");
  await Deno.writeTextFile(file, example);
  const catalogue = await loadCatalogue(file);
  const { entries } = JSON.parse(example);
  assertEquals(catalogue.size, builtInEntries.length + entries.length);
  assertEquals(
    catalogue.get("bert.mine")?.url,
    join(await Deno.realPath(folder), "archives/bert.mine.zip"),
  );
});

Deno.test("docs/formats.md has every field of a catalogue's entry, and no other", () => {
  const table = rowsAfter("Catalogues", '"snli"\n    }\n  ]\n}\n```');
  const documented = table.flatMap(([names]) => names.split(", "));
  assertEquals(documented.sort(), Object.keys(builtInEntries[0]).sort());
  assert(catalogueEntrySchema.safeParse(builtInEntries[0]).success);
});

Deno.test("docs/formats.md has the limits of archives", () => {
  const { entries, bytes, depth, ratio } = defaultLimits;
  const told = `${entries.toLocaleString("en")} entries, ${bytes / 2 ** 30} ` +
    `GiB extracted, ${depth} folders deep, ${ratio} times its size`;
  assert(sections.get("Limits")!.includes(told), told);
});
