import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { tinyModel } from "../support/hub/hub_repositories.ts";
import { serveHub } from "../support/hub/hub_server.ts";
import {
  differences,
  none,
  rowsOf,
  sectionsOf,
} from "../support/pages/page.ts";
import {
  type Line,
  type LinkOutput,
  readChain,
  runChain,
  runLink,
} from "../support/tasks/chain.ts";
import { poison } from "../support/tasks/poison.ts";

const sections = sectionsOf(await Deno.readTextFile("docs/events.md"));
const cpu = ["--device", "cpu"];
let lines: Line[];

Deno.test.beforeAll(async () => {
  const folder = await Deno.makeTempDir();
  try {
    const outputs = await runChain("demo", {
      folder,
      add: {
        preprocess: ["--limit", "200"],
        finetune: [
          "--limit",
          "96",
          "--epochs",
          "1",
          "--log-every",
          "1",
          "--profile",
          ...cpu,
        ],
        predict: cpu,
        eval: [
          ...["--limit", "64", "--show-hardest", "1", ...cpu],
          ...["--against", ".premise/runs/bert.tiny"],
        ],
      },
    });
    const evaluation = readChain("demo").find(({ task }) => task === "eval")!;
    const failed = await runLink(evaluation, {
      folder,
      add: ["--limit", "64", "--min-accuracy", "1", ...cpu],
    });
    const training = readChain("demo").find(({ task }) => task === "finetune")!;
    const planned = await runLink(training, {
      folder,
      add: ["--limit", "64", "--plan", ...cpu],
    });
    const fetching = readChain("demo").find(({ task }) => task === "download")!;
    const listed = await runLink({ ...fetching, args: ["--list"] }, { folder });
    const verified = await runLink({ ...fetching, args: ["--verify"] }, {
      folder,
    });
    await using hub = serveHub([await tinyModel()]);
    const ofHub = await runLink({
      ...fetching,
      args: ["--model", "hf:someone/tiny", "--hub", hub.url],
    }, { folder });
    const sweep = (file: string, heads: number[]) => {
      const settings = {
        model: "bert.tiny",
        data: ".premise/data/snli.sample",
        limit: 32,
        epochs: 1,
        device: "cpu",
      };
      Deno.writeTextFileSync(
        `${folder}/${file}`,
        JSON.stringify({ settings, vary: { heads } }),
      );
      // It has the permissions of eval.
      const link = { ...evaluation, task: "sweep", args: ["--config", file] };
      return runLink(link, { folder });
    };
    const swept = await sweep("good.json", [4]);
    const halfSwept = await sweep("bad.json", [4, 7]);
    const examined = await runLink(
      { ...evaluation, task: "doctor", args: ["--blas", "none"] },
      { folder },
    );
    const exported = await runLink(
      {
        ...evaluation,
        task: "export",
        args: ["--model", ".premise/runs/bert.tiny", "--format", "onnx"],
      },
      { folder },
    );
    const using = readChain("demo").find(({ task }) => task === "predict")!;
    await Deno.writeTextFile(
      join(folder, "rows.csv"),
      "id,premise,hypothesis\n7,A man sleeps .,He rests .\n",
    );
    const told = await runLink(using, {
      folder,
      add: [...cpu, "--data", "rows.csv"],
    });
    const trained = await trainOnDev(folder);
    lines = [
      ...[...outputs.values(), ...trained],
      ...[
        told,
        failed,
        planned,
        listed,
        verified,
        ofHub,
        swept,
        halfSwept,
        examined,
        exported,
      ],
    ].flatMap(({ lines }) => lines);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

/** Chooses a model on a dev split; fails to learn from one; learns nothing. */
async function trainOnDev(folder: string): Promise<LinkOutput[]> {
  const link = (task: string) =>
    readChain("demo").find((link) => link.task === task)!;
  await runLink(link("preprocess"), {
    folder,
    add: ["--dev-fraction", "0.3", "--limit", "24"],
  });
  const train = (...args: string[]) =>
    runLink(link("finetune"), {
      folder,
      add: ["--epochs", "1", ...args, ...cpu],
    });
  const run = join(folder, ".premise/runs/bert.tiny");
  const chosen = await train("--class-weights", "balanced");
  await poison(run, "<cls>");
  const again = ["--model", run, "--out", "lost", "--limit", "4"];
  return [
    chosen,
    await train(...again),
    await train(...again, "--skip-non-finite"),
  ];
}

/** Whether a table's name is a code: fields have no dashes. */
function isCode(name: string): boolean {
  return name.includes("-");
}

/** An event's own fields. */
function facts({ ts: _, event: __, ...fields }: Line): object {
  return fields;
}

Deno.test("docs/events.md has every kind of event, and no other", () => {
  const kinds = new Set(lines.map(({ event }) => event));
  assertEquals([...sections.keys()].sort(), [...kinds].sort());
});

Deno.test("every line has a time", () => {
  for (const { ts } of lines) {
    assertEquals(new Date(String(ts)).toISOString(), ts);
  }
});

for (const [kind, section] of sections) {
  if (kind === "done") continue;
  Deno.test(`docs/events.md has every field of ${kind}, and no other`, () => {
    const fields = rowsOf(section).map(([name]) => name)
      .filter((name) => !isCode(name));
    const events = lines.filter(({ event }) => event === kind);
    assertEquals(differences(events.map(facts), fields), none);
  });
}

Deno.test("docs/events.md has every field of done by task, and no other", () => {
  const table = rowsOf(sections.get("done")!);
  const tasks = new Set(lines.map(({ task }) => task).filter(Boolean));
  for (const task of tasks) {
    const fields = table.filter(([, of]) => of === "" || of === task)
      .map(([field]) => field);
    const events = lines.filter((line) =>
      line.event === "done" && line.task === task
    );
    assertEquals(differences(events.map(facts), fields), none, String(task));
  }
});

Deno.test("docs/events.md has every code, and no other", async () => {
  const documented = ["warning", "error"].flatMap((kind) =>
    rowsOf(sections.get(kind)!).map(([name]) => name).filter(isCode)
  );
  const used = new Set<string>();
  for await (const text of sources("lib", "tasks")) {
    for (const [, code] of text.matchAll(/\bcode: "([a-z-]+)"/g)) {
      used.add(code);
    }
  }
  assertEquals(documented.sort(), [...used].sort());
});

/** The text of every TypeScript file under some folders. */
async function* sources(...folders: string[]): AsyncGenerator<string> {
  for (const folder of folders) {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      const path = `${folder}/${name}`;
      if (isDirectory) yield* sources(path);
      else if (name.endsWith(".ts")) yield await Deno.readTextFile(path);
    }
  }
}
