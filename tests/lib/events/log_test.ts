import {
  assert,
  assertEquals,
  assertLess,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { fromFileUrl, join, resolve } from "@std/path";
import { UserError } from "../../../lib/base/errors.ts";
import { openLog } from "../../../lib/events/log.ts";
import {
  barsOf,
  runOnTerminal,
  screenOf,
  terminalTest,
} from "../../support/log/terminal.ts";
import { withFolder } from "../../support/with_folder.ts";

const program = fromFileUrl(
  new URL("../../support/log/tell_all.ts", import.meta.url),
);
const run = [Deno.execPath(), "run", "--no-prompt", "-R", "-W", program];

interface Output {
  stdout: string;
  stderr: string;
}

/** What the program writes where nobody watches. */
async function tellAll(...args: string[]): Promise<Output> {
  const [command, ...words] = run;
  const { stdout, stderr } = await new Deno.Command(command, {
    args: [...words, ...args],
    stdin: "null",
  }).output();
  const [out, err] = [stdout, stderr].map((b) => new TextDecoder().decode(b));
  return { stdout: out, stderr: err };
}

Deno.test("stdout carries one JSON object a line", async () => {
  const { stdout } = await tellAll();
  assertEquals(
    stdout.trimEnd().split("\n").map((line) => JSON.parse(line).event),
    ["start", "step", "progress", "done"],
  );
});

Deno.test("every line begins with its time and its kind", async () => {
  const { stdout } = await tellAll();
  for (const line of stdout.trimEnd().split("\n")) {
    const { ts } = JSON.parse(line);
    assertEquals(new Date(ts).toISOString(), ts);
    assertEquals(Object.keys(JSON.parse(line)).slice(0, 2), ["ts", "event"]);
  }
});

Deno.test("what is for people goes to stderr, without a bar", async () => {
  assertEquals((await tellAll()).stderr, "a note\n");
});

Deno.test("a log file gets the lines of stdout", () =>
  withFolder(async (folder) => {
    const file = join(folder, "log.jsonl");
    const { stdout } = await tellAll(file);
    assertEquals(await Deno.readTextFile(file), stdout);
  }));

Deno.test("a log file is appended to", () =>
  withFolder(async (folder) => {
    const file = join(folder, "log.jsonl");
    await Deno.writeTextFile(file, "older\n");
    const { stdout } = await tellAll(file);
    assertEquals(await Deno.readTextFile(file), "older\n" + stdout);
  }));

Deno.test("a log file that cannot be written is named", async () => {
  const error = await assertRejects(
    () => openLog({ file: "no/such/folder/log.jsonl" }),
    UserError,
    'Cannot write the log "no/such/folder/log.jsonl"',
  );
  assertEquals(error.exitCode, 2);
});

terminalTest(
  "a terminal shows prose, and no trace of the bar in the end",
  async () => {
    assertEquals(screenOf(await runOnTerminal(run, 100)), [
      "demo on cpu",
      "  step 2: loss 0.700, 9.5 examples/sec",
      "a note",
      "demo done",
      "  accuracy: 0.7500",
      "  wrote runs/a",
      "",
    ]);
  },
);

terminalTest(
  "a terminal shows the running phase as a bar with its facts",
  async () => {
    const [bar] = barsOf(await runOnTerminal(run, 100));
    const drawn = `epoch 1/1  ████${"░".repeat(20)}  16 %  1/6  loss 0.713`;
    assertStringIncludes(bar, drawn);
  },
);

terminalTest("the bar stays on one line of a narrow terminal", async () => {
  const [bar] = barsOf(await runOnTerminal(run, 30));
  assertLess(bar.length, 30);
});

terminalTest("the bar is shown on a terminal that tells no width", async () => {
  assert(barsOf(await runOnTerminal(run, 0)).length > 0);
});

terminalTest("--json gives the lines on a terminal, too", async () => {
  const screen = screenOf(await runOnTerminal([...run, "--json"], 400));
  const events = screen.filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line).event);
  assertEquals(events, ["start", "step", "progress", "done"]);
});

/** Appends to a record in this process, which has stdout of its own. */
async function record(
  folder: string,
  code: string,
): Promise<void> {
  const script = join(folder, "record.ts");
  const log = new URL("../../../lib/events/log.ts", import.meta.url);
  await Deno.writeTextFile(
    script,
    `import { openLog } from "${log}";
     const log = await openLog();
     const path = "${join(folder, "events.jsonl")}";
     const warn = (message: string) =>
       log.emit({ event: "warning", code: "x", message, hint: "" });
     ${code}
     await log.close();`,
  );
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--no-prompt", "--no-check", "--config", resolve("deno.json")],
      ...["-R", "-W", script],
    ],
    stdout: "null",
  }).output();
  assert(success);
}

async function messagesIn(folder: string): Promise<string[]> {
  const text = await Deno.readTextFile(join(folder, "events.jsonl"));
  return text.trimEnd().split("\n").map((line) => JSON.parse(line).message);
}

Deno.test("a record has the events after it was opened, less progress", () =>
  withFolder(async (folder) => {
    await record(
      folder,
      `warn("before");
       log.record(path);
       warn("one");
       log.progress({ phase: "p", done: 1, total: 1, unit: "rows" });
       warn("two");`,
    );
    assertEquals(await messagesIn(folder), ["one", "two"]);
  }));

Deno.test("a record that goes on keeps its first bytes and cuts off the rest", () =>
  withFolder(async (folder) => {
    await record(
      folder,
      `const length = log.record(path);
       warn("one");
       const keep = length();
       warn("lost");
       log.record(path, keep);
       warn("two");`,
    );
    assertEquals(await messagesIn(folder), ["one", "two"]);
  }));

Deno.test("a record that has lost lines goes on where it ends", () =>
  withFolder(async (folder) => {
    await record(folder, `log.record(path, 1000); warn("one");`);
    assertEquals(await messagesIn(folder), ["one"]);
  }));

Deno.test("a record that is begun anew loses what it had", () =>
  withFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, "events.jsonl"), "older\n");
    await record(folder, `log.record(path); warn("one");`);
    assertEquals(await messagesIn(folder), ["one"]);
  }));

terminalTest(
  "what a sentence hides from a terminal is seen as an escape",
  () =>
    withFolder(async (folder) => {
      const script = join(folder, "tell.ts");
      const log = new URL("../../../lib/events/log.ts", import.meta.url);
      await Deno.writeTextFile(
        script,
        `import { openLog } from "${log}";
       const log = await openLog();
       const text = "a\\x1b[31m\\u202eb\\rc\\x07";
       log.emit({ event: "prediction", premise: text, hypothesis: text,
         label: text, probabilities: { [text]: 1 }, logits: [0] });
       log.emit({ event: "entry", name: text, kind: "model", format: text,
         bytes: 1, licence: text, cached: false });
       log.progress({ phase: text, done: 1, total: 2, unit: "rows" });
       log.say("error: " + text);
       await log.close();`,
      );
      const config = `--config=${
        fromFileUrl(import.meta.resolve("../../../deno.json"))
      }`;
      const words = [
        Deno.execPath(),
        "run",
        "--no-check",
        config,
        "-R",
        script,
      ];
      const received = await runOnTerminal(words, 400);
      // The bar and the runtime may erase lines, and nothing else.
      // deno-lint-ignore no-control-regex
      const [erase, end] = [/\r?\x1b\[\d*[GJK]/g, /\r\n/g];
      const rest = received.replace(erase, "").replace(end, "\n");
      // deno-lint-ignore no-control-regex
      assertEquals(/[\x00-\x09\x0b-\x1f\x7f\u202e]/.test(rest), false, rest);
      assertEquals(
        rest.split("\\u001b[31m\\u202eb\\rc\\u0007").length > 6,
        true,
      );
    }),
);
