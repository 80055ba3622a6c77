import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { builtInEntries, fileNameOf } from "../lib/hub/catalogue/catalogue.ts";
import { serve } from "./support/hub/file_server.ts";
import { slowTest } from "./support/slow.ts";
import {
  type Line,
  readChain,
  runChain,
  runLink,
} from "./support/tasks/chain.ts";

/** Enough of each step to see that it works. */
const short = {
  preprocess: ["--expect-rows", "train=8842,test=1000"],
  finetune: ["--limit", "64", "--epochs", "1", "--device", "cpu"],
  eval: ["--limit", "64", "--min-accuracy", "0.1", "--device", "cpu"],
};

/** A hub that serves the fixtures under the published archives' names. */
async function serveFixtures(asked: string[]) {
  const model = await Deno.readFile("fixtures/bert.tiny.zip");
  const dataset = await Deno.readFile("fixtures/snli_1.0.zip");
  return serve((request) => {
    const { pathname } = new URL(request.url);
    asked.push(pathname);
    return new Response(pathname.startsWith("/bert.") ? model : dataset);
  });
}

/** A catalogue of the published entries with the fixtures' digests. */
function catalogue(): string {
  const digest = (name: string) =>
    builtInEntries.find((entry) => entry.name === name)!.sha1;
  const entries = builtInEntries
    .filter(({ name }) => /^(bert\.small|bert\.base|snli)$/.test(name))
    .map((entry) => ({
      ...entry,
      sha1: digest(entry.kind === "model" ? "bert.tiny" : "snli.sample"),
      facts: entry.kind === "model" ? { ...entry.facts, heads: 4 } : {},
    }));
  return JSON.stringify({ entries });
}

for (
  const [name, model, declare] of [
    ["reproduce", "bert.small", Deno.test],
    ["reproduce:base", "bert.base", slowTest],
  ] as const
) {
  declare(
    `${name} goes from the published archives to a checked run`,
    async () => {
      const asked: string[] = [];
      await using hub = await serveFixtures(asked);
      const folder = await Deno.makeTempDir();
      try {
        await Deno.writeTextFile(join(folder, "catalogue.json"), catalogue());
        const known = ["--catalogue=catalogue.json", "--cache=cache"];
        const outputs = await runChain(name, {
          folder,
          add: {
            download: [...known, "--hub", hub.url],
            preprocess: [...known, ...short.preprocess],
            finetune: [...known, ...short.finetune],
            eval: [...known, ...short.eval],
          },
        });
        // They are fetched side by side: either may ask first.
        assertEquals(asked.sort(), [`/${model}.zip`, "/snli_1.0.zip"]);
        const { stderr, lines } = outputs.get("demo")!;
        assertMatch(stderr, new RegExp(`\\.premise/runs/snli-${model}\n$`));
        assertEquals(typeof lines.at(-1)!.accuracy, "number");
        const training = readChain(name).find(({ task }) =>
          task === "finetune"
        )!;
        const again = await runLink(training, {
          folder,
          add: [...known, ...short.finetune],
        });
        const codes = again.lines.map(({ code }) => code).filter(Boolean);
        assertEquals([again.code, codes], [0, ["nothing-left"]]);
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  );
}

/** The settings that a link of a chain gives by flags. */
function flagsOf(name: "reproduce" | "reproduce:base", task: string) {
  const { args } = readChain(name).find((link) => link.task === task)!;
  return Object.fromEntries(
    Array.from({ length: args.length / 2 }, (_, i) => args.slice(2 * i)),
  );
}

Deno.test("reproduce trains by the book's recipe", () => {
  const { "--epochs": epochs, "--batch-size": batch, "--lr": rate } = flagsOf(
    "reproduce",
    "finetune",
  );
  assertEquals([epochs, batch, rate], ["5", "512", "1e-4"]);
  assertEquals(flagsOf("reproduce", "preprocess")["--max-len"], "128");
});

Deno.test("the recipes' chains expect all of SNLI's labelled pairs", () => {
  for (const name of ["reproduce", "reproduce:base"] as const) {
    const { "--expect-rows": rows } = flagsOf(name, "preprocess");
    assertEquals(rows, "train=549367,test=9824");
  }
});

Deno.test("the recipes' chains expect the book's accuracies", () => {
  assertEquals(flagsOf("reproduce", "eval")["--min-accuracy"], "0.77");
  assertEquals(flagsOf("reproduce:base", "eval")["--min-accuracy"], "0.86");
});

Deno.test("a chain fetches what the built-in catalogue has", () => {
  for (const name of ["reproduce", "reproduce:base"] as const) {
    const { "--model": model, "--dataset": dataset } = flagsOf(
      name,
      "download",
    );
    const found = builtInEntries.filter((entry) =>
      [model, dataset].includes(entry.name)
    );
    assertEquals(found.map(fileNameOf), [`${model}.zip`, "snli_1.0.zip"]);
  }
});

Deno.test("a chain ends where the data are not all of SNLI", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const small: Record<string, string> = {
      "bert.small": "bert.tiny",
      "snli": "snli.sample",
    };
    const [download, preprocess] = readChain("reproduce").map((link) => ({
      ...link,
      args: link.args.map((arg) => small[arg] ?? arg),
    }));
    await runLink(download, { folder });
    const { code, lines } = await runLink(preprocess, { folder });
    const { event, code: why } = lines.at(-1) as Line;
    assertEquals([code, event, why], [1, "error", "unexpected-rows"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
