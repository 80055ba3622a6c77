/**
 * The text of every TypeScript file under a folder, by path. Modules that hold
 * other files are left out: no person writes them.
 *
 * @param folder A folder, from the repository's root.
 */
export async function* sourcesIn(
  folder: string,
): AsyncGenerator<[path: string, text: string]> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) yield* sourcesIn(path);
    else if (name.endsWith(".ts") && !name.endsWith(".embedded.ts")) {
      yield [path, await Deno.readTextFile(path)];
    }
  }
}
