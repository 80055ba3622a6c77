/**
 * Starts a chain of deno.json by its last link, which depends on those before
 * it: `chain.ts demo:sum`.
 *
 * Deno would hand what is written after a chain's name to the last link alone,
 * when all others are done. So it is refused here, before anything begins.
 *
 * @module
 */
import { UserError } from "../lib/base/errors.ts";
import { openLog } from "../lib/events/log.ts";
import { report } from "../lib/task/task.ts";

const [link, ...given] = Deno.args;

if (given.length > 0) {
  const chain = link.slice(0, link.lastIndexOf(":"));
  const error = new UserError(
    `Cannot run ${chain} with ${given.map(quoted).join(" ")}: a chain takes ` +
      "no flags, since each of its links has its own",
    {
      code: "bad-usage",
      hint: `run ${chain} alone, or the tasks one by one: deno.json has them`,
    },
  );
  const log = await openLog({ json: given.includes("--json") });
  const code = report(error, log);
  await log.close();
  Deno.exit(code);
}

/** A word as it is, or in quotes where it would not be seen as one. */
function quoted(word: string): string {
  return /^[^\s"]+$/.test(word) ? word : JSON.stringify(word);
}

const chain = new Deno.Command(Deno.execPath(), { args: ["task", link] })
  .spawn();
// A terminal sends Ctrl-C to all of a chain's processes by itself.
Deno.addSignalListener("SIGINT", () => {});
if (Deno.build.os !== "windows") {
  Deno.addSignalListener("SIGTERM", () => chain.kill("SIGTERM"));
}
Deno.exit((await chain.status).code);
