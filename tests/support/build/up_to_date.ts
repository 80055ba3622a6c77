/** Whether committed files are what the tasks of deno.json make of their sources. */
import { assert, assertEquals } from "@std/assert";
import { basename, join } from "@std/path";
import manifest from "../../../deno.json" with { type: "json" };

/**
 * Fails if a file is not what its task makes now.
 *
 * @param task Of deno.json; one of its commands names the file.
 * @param file The committed file, from the project's root.
 */
export async function assertUpToDate(
  task: keyof typeof manifest.tasks,
  file: string,
): Promise<void> {
  const build = manifest.tasks[task].command.split(" && ")
    .map((command) => command.split(" "))
    .find((words) => words.includes(file));
  assert(build?.[0] === "deno", `${task} does not make ${file}`);
  const folder = await Deno.makeTempDir();
  try {
    const made = join(folder, basename(file));
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: build.slice(1).map((word) => word === file ? made : word),
    }).output();
    assertEquals(code, 0, new TextDecoder().decode(stderr));
    const [now, committed] = await Promise.all(
      [made, file].map((path) => Deno.readFile(path)),
    );
    const same = now.length === committed.length &&
      now.every((byte, i) => byte === committed[i]);
    assert(same, `${file} is old: run deno task ${task}`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
