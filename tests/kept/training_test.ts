import { join } from "@std/path";
import { Driver } from "../support/faults/driver.ts";
import { assertKeptArrays, digestRun } from "../support/kept/arrays.ts";
import {
  assertKeptEvents,
  FAMILIES,
  KEPT,
  keptEvents,
  Place,
  settings,
  trainingEvents,
} from "../support/kept/place.ts";
import { named } from "../support/kept/rounding.ts";
import { type Line, parseLines, runTask } from "../support/tasks/run_task.ts";

let place: Place;
let driver: Driver;

Deno.test.beforeAll(async () => {
  place = await Place.make();
  driver = new Driver(place.path);
});

Deno.test.afterAll(async () => {
  await driver[Symbol.asyncDispose]();
  await place[Symbol.asyncDispose]();
});

/** Trains with kept settings into another directory. Returns what was told. */
async function train(
  name: string,
  out: string,
  ...flags: string[]
): Promise<Line[]> {
  const args = [
    ...await settings(name),
    ...[`--out=${KEPT}/runs/${out}`, ...flags],
  ];
  return await driver.finish(args);
}

/** The digests of a reference run's arrays. */
async function reference(name: string): Promise<Record<string, string>> {
  return JSON.parse(
    await Deno.readTextFile(`${KEPT}/reference/${name}.json`),
  );
}

/** What a run's own file tells of its training. */
async function recorded(run: string): Promise<Line[]> {
  const text = await Deno.readTextFile(join(run, "events.jsonl"));
  return trainingEvents(parseLines(text));
}

Deno.test(
  named("hf-finished is trained anew with every kept event"),
  async () => {
    await using place = await Place.make();
    const run = place.of("runs/hf-finished");
    await Deno.remove(run, { recursive: true });
    const log = join(place.path, "log.jsonl");
    const flags = [...await settings("hf-finished"), `--log=${log}`];
    await runTask("finetune", flags, { cwd: place.path });
    assertKeptEvents(
      parseLines(await Deno.readTextFile(log)),
      await keptEvents("events/hf-finetune"),
    );
    await assertKeptArrays(run, await digestRun(`${KEPT}/runs/hf-finished`));
  },
);

Deno.test(
  named("hf-interrupted goes on to its reference"),
  async () => {
    await using place = await Place.make();
    const flags = [...await settings("hf-interrupted"), "--resume"];
    await runTask("finetune", flags, { cwd: place.path });
    const run = place.of("runs/hf-interrupted");
    assertKeptEvents(
      await recorded(run),
      trainingEvents(await keptEvents("reference/hf-interrupted")),
    );
    await assertKeptArrays(run, await reference("hf-interrupted"));
  },
);

Deno.test(named("d2l-finished is trained anew to its arrays"), async () => {
  const told = await train("d2l-finished", "anew");
  assertKeptEvents(
    trainingEvents(told),
    trainingEvents(await keptEvents("events/d2l-finetune")),
  );
  const kept = await digestRun(`${KEPT}/runs/d2l-finished`);
  await assertKeptArrays(place.of("runs/anew"), kept);
});

Deno.test(named("d2l-interrupted goes on to its reference"), async () => {
  await train("d2l-interrupted", "d2l-interrupted", "--resume");
  const run = place.of("runs/d2l-interrupted");
  assertKeptEvents(
    await recorded(run),
    trainingEvents(await keptEvents("reference/d2l-interrupted")),
  );
  await assertKeptArrays(run, await reference("d2l-interrupted"));
});

for (const family of FAMILIES) {
  const finished = `${family}-finished`;
  const interrupted = `${family}-interrupted`;

  Deno.test(
    named(`${interrupted} is trained anew to its reference`),
    async () => {
      const out = `${interrupted}-anew`;
      assertKeptEvents(
        trainingEvents(await train(interrupted, out)),
        trainingEvents(await keptEvents(`reference/${interrupted}`)),
      );
      await assertKeptArrays(
        place.of(`runs/${out}`),
        await reference(interrupted),
      );
    },
  );

  Deno.test(
    named(`${finished} stays what it is when it is resumed`),
    async () => {
      const told = await train(finished, finished, "--resume");
      assertKeptEvents(
        trainingEvents(told),
        trainingEvents(await keptEvents(`events/${family}-finetune`)).slice(-1),
      );
      await assertKeptArrays(
        place.of(`runs/${finished}`),
        await digestRun(`${KEPT}/runs/${finished}`),
      );
    },
  );

  Deno.test(named(`${finished} goes on for one more epoch`), async () => {
    await train(finished, finished, "--resume", "--epochs=5");
    const run = place.of(`runs/${finished}`);
    assertKeptEvents(
      await recorded(run),
      trainingEvents(await keptEvents(`reference/${family}-longer`)),
    );
    await assertKeptArrays(run, await reference(`${family}-longer`));
  });
}
