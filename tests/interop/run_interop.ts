/**
 * Installs the programs of Python that this one is held against, each version
 * named, below `.premise/interop`, and runs the tests of this folder: `deno task
 * test:interop [FILE...]`. What is there is used again.
 */
import { join, resolve } from "@std/path";

const FOLDER = resolve(".premise/interop");
/** The book's package as a file: installed, it would bring older libraries. */
const BOOK = "d2l==1.0.3";
const PYTHON = Deno.env.get("PREMISE_PYTHON") || "python3";

const env = {
  PREMISE_PYTHON: await install("torch"),
  PREMISE_PYTHON_MXNET: await install("mxnet"),
  PREMISE_BOOK: await fetchBook(),
  PREMISE_REQUIRE: "book,huggingface_hub,onnxruntime,transformers,mxnet",
};
const files = Deno.args.length > 0 ? Deno.args : ["tests/interop"];
const { code } = await new Deno.Command(Deno.execPath(), {
  args: ["test", "-A", "--no-check", ...files],
  env,
}).spawn().status;
Deno.exit(code);

/** An environment with what a list names; its interpreter. */
async function install(name: string): Promise<string> {
  const folder = join(FOLDER, name);
  const python = Deno.build.os === "windows"
    ? join(folder, "Scripts", "python.exe")
    : join(folder, "bin", "python");
  const list = `tests/interop/requirements-${name}.txt`;
  const done = join(folder, "requirements.txt");
  const wanted = await Deno.readTextFile(list);
  if (await Deno.readTextFile(done).catch(() => "") === wanted) return python;
  await run(PYTHON, "-m", "venv", folder);
  await run(python, "-m", "pip", "install", "--quiet", "--requirement", list);
  await Deno.writeTextFile(done, wanted);
  return python;
}

async function fetchBook(): Promise<string> {
  const python = await install("torch");
  const wheel = join(FOLDER, `${BOOK.replace("==", "-")}-py3-none-any.whl`);
  if (await Deno.stat(wheel).catch(() => null) === null) {
    const flags = ["--quiet", "--no-deps", "--dest", FOLDER];
    await run(python, "-m", "pip", "download", ...flags, BOOK);
  }
  return wheel;
}

async function run(command: string, ...args: string[]): Promise<void> {
  const { code } = await new Deno.Command(command, { args }).spawn().status;
  if (code !== 0) Deno.exit(code);
}
