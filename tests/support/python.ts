/** Python, for tests that hold this program against those of others. */
import type { Part } from "./require.ts";

/** The interpreter: PREMISE_PYTHON names one with the packages that it takes. */
const PYTHON = Deno.env.get("PREMISE_PYTHON") || "python3";

/** An interpreter with MXNet, which needs older packages than all others. */
export const MXNET_PYTHON = Deno.env.get("PREMISE_PYTHON_MXNET") || PYTHON;

/** The book's package, d2l, as a file; undefined if nobody names it. */
export const BOOK_WHEEL = Deno.env.get("PREMISE_BOOK");

/** What a program in Python said. */
export interface PythonOutput {
  code: number;
  stdout: string;
  stderr: string;
}

/**
 * Runs a program in Python.
 *
 * @param program Its text.
 * @param args Its arguments.
 * @param options Where it runs, and variables beside this process's.
 */
export async function runPython(
  program: string,
  args: readonly string[] = [],
  { python = PYTHON, ...options }: {
    python?: string;
    cwd?: string;
    env?: Record<string, string>;
  } = {},
): Promise<PythonOutput> {
  const { code, stdout, stderr } = await new Deno.Command(python, {
    args: ["-c", program, ...args],
    ...options,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).output();
  const decoder = new TextDecoder();
  return {
    code,
    stdout: decoder.decode(stdout).trimEnd(),
    stderr: decoder.decode(stderr),
  };
}

/** Whether a package of Python is there. */
export async function pythonPart(
  name: string,
  python = PYTHON,
): Promise<Part> {
  const isThere = await runPython(`import ${name}`, [], { python }).then(
    ({ code }) => code === 0,
    () => false,
  );
  return {
    part: name,
    lack: isThere
      ? undefined
      : `"${python}" has no package ${name} (PREMISE_PYTHON)`,
  };
}
