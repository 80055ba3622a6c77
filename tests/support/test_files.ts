/** The tests' own files. */

/** A test that was registered. */
export interface ListedTest {
  /** From the project's root. */
  file: string;
  name: string;
  /** Whether it would be skipped here. */
  ignored: boolean;
}

/** The test files below a folder, in order. */
export async function testFiles(folder: string): Promise<string[]> {
  const files: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) files.push(...await testFiles(path));
    else if (name.endsWith("_test.ts")) files.push(path);
  }
  return files.sort();
}
