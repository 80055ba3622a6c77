/**
 * Runs the project's tasks as a user does, in processes of their own.
 *
 * @module
 */

/** Any line of a task's standard output. */
export type Line = Record<string, unknown> & { event: string };

/**
 * Runs a task.
 *
 * @param task Its name in deno.json.
 * @param args Its flags.
 * @return Its events.
 * @throws {Error} With all that it said, if it fails.
 */
export async function runTask(task: string, args: string[]): Promise<Line[]> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", task, ...args],
  }).output();
  const decoder = new TextDecoder();
  const text = decoder.decode(stdout);
  if (!success) throw new Error(decoder.decode(stderr) + text);
  return text.split("\n").filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line));
}
