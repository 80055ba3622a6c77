import { assert, assertEquals, assertLess, assertMatch } from "@std/assert";
import {
  barsOf,
  runOnTerminal,
  screenOf,
  terminal,
  terminalTest,
} from "../../support/log/terminal.ts";
import { GOLDEN, makeGoldenPlace } from "../../support/tasks/golden_place.ts";
import { runTask, taskWords } from "../../support/tasks/run_task.ts";

const COLUMNS = 70;

let cwd: string;
/** What the terminal received of a run that was stopped by Ctrl-C. */
let received: string;

Deno.test.beforeAll(async () => {
  cwd = await makeGoldenPlace();
  if (terminal.lack !== undefined) return;
  const words = [...taskWords("finetune"), ...GOLDEN, "--epochs=1000"];
  received = await runOnTerminal(words, COLUMNS, {
    cwd,
    interruptAt: "step 6:",
  });
});

Deno.test.afterAll(() => Deno.remove(cwd, { recursive: true }));

function isBar(line: string): boolean {
  return /[█░]/.test(line);
}

terminalTest("at no moment is there more than one bar on the screen", () => {
  const pieces = received.split("\r\x1b[K");
  assert(pieces.length > 6);
  for (let i = 1; i <= pieces.length; i++) {
    const screen = screenOf(pieces.slice(0, i).join("\r\x1b[K"));
    assertLess(screen.filter(isBar).length, 2);
  }
});

terminalTest(
  "no bar is as wide as the terminal, which would break its line",
  () => {
    const bars = barsOf(received);
    assert(bars.length > 0);
    for (const bar of bars) assertLess(bar.length, COLUMNS);
  },
);

terminalTest(
  "Ctrl-C leaves no bar behind, and says that the run was stopped",
  () => {
    const screen = screenOf(received);
    assertEquals(screen.filter(isBar), []);
    assertMatch(
      screen.filter((line) => line !== "").at(-2)!,
      /interrupted: the run "run" is/,
    );
  },
);

Deno.test("there is no bar where stderr is no terminal", async () => {
  const { stderr } = await runTask("finetune", [...GOLDEN, "--out=piped"], {
    cwd,
  });
  assertEquals(stderr, "");
});
