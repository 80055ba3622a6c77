import { assert, assertEquals } from "@std/assert";
import { join, resolve } from "@std/path";
import { prepareTables } from "../../../lib/data/encode/prepare.ts";
import { resolveSource } from "../../../lib/hub/catalogue/resolve.ts";
import { momentsOf } from "../../support/moments.ts";
import { slowTest } from "../../support/slow.ts";
import { snapshot } from "../../support/tasks/workplace.ts";

const MODEL = resolve("fixtures/bert.tiny.zip");
const SNLI = resolve("fixtures/snli_1.0.zip");
/** Kills of one test. */
const KILLS = 5;
const LIMIT = 2000;

/** Starts the task, and waits until it has read its command line. */
async function start(cwd: string, cache: string): Promise<Deno.ChildProcess> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--no-prompt", "--config", resolve("deno.json")],
      ...["--allow-read", "--allow-write", resolve("tasks/preprocess.ts")],
      ...["--model", MODEL, "--data", SNLI, "--cache", cache],
      ...["--out", "out", "--workers", "2", "--limit", `${LIMIT}`],
    ],
    cwd,
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const reader = child.stdout.getReader();
  const { value } = await reader.read();
  reader.releaseLock();
  const [line] = new TextDecoder().decode(value).split("\n");
  assertEquals(JSON.parse(line).event, "start");
  return child;
}

async function end(child: Deno.ChildProcess): Promise<void> {
  await child.stdout.cancel();
  await child.status;
}

/** Kills the task at some moments, and compares what the next run leaves. */
async function killAll(seed: string): Promise<void> {
  const temporary = await Deno.makeTempDir();
  try {
    const cache = join(temporary, "cache");
    const folder = join(temporary, "work");
    await Deno.mkdir(folder);
    const { directory: data } = await resolveSource(SNLI, {
      cache,
      kind: "dataset",
    });
    const { directory: model } = await resolveSource(MODEL, {
      cache,
      kind: "model",
    });
    const next = () =>
      prepareTables(join(folder, "out"), {
        data: [data],
        vocabularyFile: join(model, "vocab.json"),
        tokenizer: { kind: "words", lowerCase: true },
        labels: ["entailment", "contradiction", "neutral"],
        maxLength: 128,
        truncation: "longest-first",
        limit: LIMIT,
        workers: 2,
      });
    await next();
    const expected = await snapshot(folder);
    const child = await start(folder, cache);
    const begun = performance.now();
    await end(child);
    const whole = performance.now() - begun;

    let unfinished = 0;
    for (const moment of momentsOf(KILLS, seed)) {
      await Deno.remove(join(folder, "out"), { recursive: true });
      const child = await start(folder, cache);
      const delay = moment * whole;
      await new Promise((done) => setTimeout(done, delay));
      try {
        child.kill("SIGKILL");
      } catch {
        // It was faster than the moment drawn: nothing is left to kill.
      }
      await end(child);
      if (!(await snapshot(folder))[join("out", "table.json")]) unfinished++;
      await next();
      assertEquals(
        await snapshot(folder),
        expected,
        `killed after ${delay} ms`,
      );
    }
    assert(unfinished > 0, "none was killed in time");
  } finally {
    await Deno.remove(temporary, { recursive: true });
  }
}

slowTest(
  "preprocess killed at any moment is made good by the next run",
  () => killAll("preprocess"),
);

for (const campaign of [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]) {
  slowTest(
    `preprocess killed at ${KILLS} moments more (${campaign}) is made good by the next run`,
    () => killAll(`preprocess ${campaign}`),
  );
}
