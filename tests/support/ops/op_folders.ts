/** Which folders of lib/ops are ops. */

/** What batches are: ops use it, but it computes nothing. */
const NO_OPS = ["batch"];

/** The names of the ops' folders, sorted. */
export async function opFolders(): Promise<string[]> {
  const names: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir("lib/ops")) {
    if (isDirectory && !NO_OPS.includes(name)) names.push(name);
  }
  return names.sort();
}
