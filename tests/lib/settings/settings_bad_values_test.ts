import { assertEquals } from "@std/assert";
import { UserError } from "../../../lib/base/errors.ts";
import { parseCommandLine } from "../../../lib/settings/cli.ts";
import { type TaskName, taskSchemas } from "../../../lib/settings/config.ts";
import { commonFields } from "../../../lib/settings/fields/common.ts";
import { flagName, kindOf } from "../../../lib/settings/schema.ts";

/** What people write where another kind of value is wanted. */
// deno-fmt-ignore
const VALUES = [
  "", " ", "a", "a,b", "1,a", "-1", "0", "1.5", "1e9", "1e400", "NaN",
  "Infinity", "-Infinity", "0x10", "ab", "é", "\t\t", ",", "a,", "a=", "a=b",
  "=", "true", "yes", "1-", "3-1", "0-99999", "null", "[]", "{}", "1,5",
  "x".repeat(300), "\u001b[31m", "1_000", "10%", "auto ", "CPU", "../..",
];

/** What no message for people should hold: words of parsers and of programs. */
const INTERNALS =
  /invalid|pattern|zod|regex|undefined|object Object|\bNaN\b(?!")|\n\s+at /i;

/** The errors of a task's command lines with one flag and one value. */
function* errorsOf(task: TaskName): Generator<[line: string, error: unknown]> {
  const fields = { ...taskSchemas[task].shape, ...commonFields };
  for (const [name, field] of Object.entries(fields)) {
    if (kindOf(field) === "object") continue;
    // Without one of these it has nothing to do.
    const flags = task === "download" && !["model", "dataset"].includes(name)
      ? ["--list"]
      : task === "export" && name !== "format"
      ? ["--format=hf"]
      : [];
    for (const value of VALUES) {
      const flag = `--${flagName(name)}=${value}`;
      try {
        parseCommandLine(task, [...flags, flag]);
      } catch (error) {
        yield [flag, error];
      }
    }
  }
}

for (const task of Object.keys(taskSchemas) as TaskName[]) {
  Deno.test(`every bad value of ${task}'s flags is refused in plain words`, () => {
    const odd = [...errorsOf(task)].filter(([flag, error]) => {
      if (!(error instanceof UserError) || error.exitCode !== 2) return true;
      const told = error.message.replaceAll(/"[^"]*"/g, "");
      return INTERNALS.test(told) || error.message.length > 1000 ||
        !/--(config|cwd)=/.test(flag) &&
          !error.message.includes(flag.split("=")[0]);
    });
    assertEquals(odd, []);
  });
}
