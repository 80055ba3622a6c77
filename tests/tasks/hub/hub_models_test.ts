/** Models of the Hugging Face hub in the tasks that have no network. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { tinyModel } from "../../support/hub/hub_repositories.ts";
import { type HubPlace, withHub } from "../../support/hub/with_hub.ts";
import type { Ended } from "../../support/tasks/run_task.ts";

const NAME = "hf:someone/tiny";
const tiny = await tinyModel();

const ROWS = "premise,hypothesis,label\n" +
  Array.from(
    { length: 8 },
    (_, i) =>
      `a man sleeps ${i},he rests ${i},${i % 2 ? "neutral" : "entailment"}\n`,
  )
    .join("");

const TRAIN = [
  ...["--model", NAME, "--data", "train.csv", "--labels", "auto"],
  ...["--new-head", "--batch-size", "4", "--device", "cpu", "--blas", "none"],
];

function assertDone({ code, stderr }: Ended): void {
  assertEquals(code, 0, stderr);
}

/** Fetches the model, and writes a file to train on. */
async function prepare({ folder, run }: HubPlace): Promise<void> {
  assertDone(await run("download", ["--model", NAME]));
  await Deno.writeTextFile(join(folder, "train.csv"), ROWS);
}

/** Puts the model where the hub's own programs keep what they fetched. */
async function putInHubCache(
  cache: string,
  commit: string,
  names = Object.keys(tiny.files),
): Promise<void> {
  const repository = join(cache, "models--someone--tiny");
  const snapshot = join(repository, "snapshots", commit);
  for (const folder of ["blobs", "refs", `snapshots/${commit}`]) {
    await Deno.mkdir(join(repository, folder), { recursive: true });
  }
  for (const name of names.filter((name) => !name.includes("/"))) {
    const content = tiny.files[name];
    const bytes = typeof content === "string"
      ? new TextEncoder().encode(content)
      : content;
    await Deno.writeFile(join(repository, "blobs", name), bytes);
    await Deno.symlink(`../../blobs/${name}`, join(snapshot, name));
  }
  await Deno.writeTextFile(join(repository, "refs/main"), commit);
}

async function recordOf(folder: string, run: string): Promise<string> {
  const text = await Deno.readTextFile(join(folder, run, "run.json"));
  return JSON.parse(text).config.model;
}

Deno.test("a run of a model of the hub records its commit, and goes on with that one", async () => {
  const moved = { moved: { ...tiny.files, "README.md": "newer" } };
  await withHub([{ ...tiny, branches: moved }], async (place) => {
    const { server, folder, run } = place;
    await prepare(place);
    server.requests.length = 0;
    const args = [...TRAIN, "--out", "run", "--epochs"];
    assertDone(await run("finetune", [...args, "1"]));
    const pinned = `${NAME}@${server.commitOf(tiny.id)}`;
    assertEquals(await recordOf(folder, "run"), pinned);
    assertDone(await run("finetune", [...args, "2", "--resume"]));
    // As if the branch had been fetched again meanwhile.
    const ref = ".premise/cache/hub/models--someone--tiny/refs/main";
    assertDone(await run("download", ["--model", `${NAME}@moved`]));
    await Deno.writeTextFile(
      join(folder, ref),
      server.commitOf(tiny.id, "moved"),
    );
    const other = await run("finetune", [...args, "3", "--resume"]);
    assertEquals(other.events.at(-1)!.code, "changed-config");
    assertStringIncludes(`${other.events.at(-1)!.message}`, pinned);
    const same = args.map((word) => word === NAME ? pinned : word);
    assertDone(await run("finetune", [...same, "3", "--resume"]));
    assertEquals(
      server.requests.filter(({ path }) => path.includes("/main")),
      [],
    );
  });
});

Deno.test("a fine-tuned model of the hub answers without being trained", async () => {
  await withHub([tiny], async (place) => {
    await prepare(place);
    const { code, events, stderr } = await place.run("predict", [
      ...["--model", NAME, "--premise", "a man sleeps", "--hypothesis", "he"],
      ...["--device", "cpu", "--blas", "none"],
    ]);
    assertEquals(code, 0, stderr);
    assertEquals(
      events.filter(({ event }) => event === "prediction").length,
      1,
    );
  });
});

Deno.test("tables and runs of a model of the hub are called after it", async () => {
  await withHub([tiny], async (place) => {
    const { folder, run } = place;
    await prepare(place);
    const encoded = await run("preprocess", [
      ...["--model", NAME, "--data", "train.csv", "--labels", "auto"],
    ]);
    assertDone(encoded);
    assertStringIncludes(
      `${encoded.events.at(-1)!.files}`,
      join(".premise/data", `${nameOf(folder)}-tiny`),
    );
  });
});

/** A file of a split is called after its folder. */
function nameOf(folder: string): string {
  return folder.split(/[/\\]/).at(-1)!;
}

Deno.test("every task names the command that fetches a model of the hub", async () => {
  await withHub([], async ({ folder, run }) => {
    await Deno.writeTextFile(join(folder, "train.csv"), ROWS);
    const tasks = [
      ["preprocess", "--data", "train.csv"],
      ["finetune", "--data", "train.csv"],
      ["eval", "--data", "train.csv"],
      ["predict", "--premise", "a", "--hypothesis", "b"],
    ] as const;
    for (const [task, ...args] of tasks) {
      const { code, events } = await run(task, ["--model", NAME, ...args]);
      const { code: fault, hint } = events.at(-1)!;
      assertEquals([code, fault], [2, "missing-input"], task);
      assertStringIncludes(
        `${hint}`,
        `download it: deno task download --model ${NAME}`,
      );
    }
  });
});

Deno.test("a model in the cache of the hub's own programs is used, and nothing is written there", async () => {
  await withHub([tiny], async ({ server, folder, run }) => {
    const cache = join(folder, "home/hub");
    await putInHubCache(cache, server.commitOf(tiny.id));
    await Deno.writeTextFile(join(folder, "train.csv"), ROWS);
    const before = await everythingIn(cache);
    const args = [...TRAIN, "--out", "run", "--epochs", "1"];
    assertDone(await run("finetune", args));
    assertEquals(
      await recordOf(folder, "run"),
      `${NAME}@${server.commitOf(tiny.id)}`,
    );
    const offline = await run(
      "download",
      ["--model", NAME],
      { HF_HUB_OFFLINE: "1" },
    );
    assertDone(offline);
    assertStringIncludes(`${offline.events.at(-1)!.files}`, cache);
    assertEquals(await everythingIn(cache), before);
    assertEquals(server.requests, []);
  });
});

Deno.test("a name of the catalogue that the hub has is fetched by its own command", async () => {
  await withHub([], async ({ folder, run }) => {
    await Deno.writeTextFile(join(folder, "train.csv"), ROWS);
    const args = ["--model", "bert-base-uncased", "--data", "train.csv"];
    const { events } = await run("preprocess", args);
    assertStringIncludes(
      `${events.at(-1)!.hint}`,
      "download it: deno task download --model bert-base-uncased",
    );
  });
});

Deno.test("the cache of HF_HUB_CACHE is read in place of the one in HF_HOME", async () => {
  await withHub([tiny], async ({ server, folder, run }) => {
    await putInHubCache(join(folder, "elsewhere"), server.commitOf(tiny.id));
    await Deno.writeTextFile(join(folder, "train.csv"), ROWS);
    const args = ["--model", NAME, "--data", "train.csv", "--labels", "auto"];
    const env = { HF_HUB_CACHE: join(folder, "elsewhere") };
    assertDone(await run("preprocess", args, env));
    assertEquals((await run("preprocess", args)).code, 2);
  });
});

Deno.test("a model of which the hub's own programs have a part alone is not used", async () => {
  await withHub([tiny], async ({ server, folder, run }) => {
    await putInHubCache(join(folder, "home/hub"), server.commitOf(tiny.id), [
      "config.json",
      "tokenizer.json",
    ]);
    await Deno.writeTextFile(join(folder, "train.csv"), ROWS);
    const args = ["--model", NAME, "--data", "train.csv"];
    const { events } = await run("preprocess", args);
    assertStringIncludes(
      `${events.at(-1)!.hint}`,
      `deno task download --model ${NAME}`,
    );
  });
});

Deno.test("a flipped bit in a model of the hub is noticed when it is read", async () => {
  await withHub([tiny], async (place) => {
    const { folder, run, snapshot } = place;
    await prepare(place);
    const file = join(folder, snapshot(tiny.id), "model.safetensors");
    const bytes = await Deno.readFile(file);
    bytes[bytes.length - 9] ^= 1;
    await Deno.writeFile(file, bytes);
    const { events } = await run("finetune", [...TRAIN, "--out", "run"]);
    assertEquals(events.at(-1)!.code, "changed-file");
    assertStringIncludes(
      `${events.at(-1)!.hint}`,
      `deno task download --model ${NAME}@`,
    );
  });
});

Deno.test("a catalogue file may name a repository of the hub", async () => {
  await withHub([tiny], async ({ server, folder, run }) => {
    const entry = {
      name: "mine",
      kind: "model",
      url: NAME,
      licence: "MIT",
      format: "hf",
    };
    await Deno.writeTextFile(
      join(folder, "catalogue.json"),
      JSON.stringify({ entries: [entry] }),
    );
    await Deno.writeTextFile(join(folder, "train.csv"), ROWS);
    const mine = ["--model", "mine", "--catalogue", "catalogue.json"];
    assertDone(await run("download", mine));
    const args = TRAIN.slice(2);
    assertDone(
      await run("finetune", [
        ...mine,
        ...args,
        "--out",
        "run",
        "--epochs",
        "1",
      ]),
    );
    assertEquals(
      await recordOf(folder, "run"),
      `${NAME}@${server.commitOf(tiny.id)}`,
    );
  });
});

/** The paths below a folder. */
async function everythingIn(folder: string): Promise<string[]> {
  const paths: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = join(folder, name);
    paths.push(path);
    if (isDirectory) paths.push(...await everythingIn(path));
  }
  return paths.sort();
}
