import { assertEquals } from "@std/assert";
import { parseTaskLine } from "../../../lib/package/task_line.ts";

Deno.test("a task line is taken apart into flags and script", () => {
  assertEquals(
    parseTaskLine("deno run --no-prompt --allow-env=A,B  tasks/a.ts"),
    { flags: ["--no-prompt", "--allow-env=A,B"], script: "tasks/a.ts" },
  );
});

Deno.test("a task line without flags has none", () => {
  assertEquals(parseTaskLine("deno run a.ts"), { flags: [], script: "a.ts" });
});

Deno.test("a task with a description is read by its command", () => {
  assertEquals(
    parseTaskLine({ command: "deno run --no-prompt a.ts" }),
    { flags: ["--no-prompt"], script: "a.ts" },
  );
});

for (
  const line of [
    "deno test --allow-read",
    "deno task download --model a && deno task finetune",
    "deno run --allow-read a.ts --model a",
    "deno run --allow-read a.ts && deno run b.ts",
    'deno run "--allow-read=a b" a.ts',
    "",
  ]
) {
  Deno.test(`"${line}" is not the line of a single script`, () => {
    assertEquals(parseTaskLine(line), undefined);
  });
}
