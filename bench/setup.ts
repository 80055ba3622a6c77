/**
 * Installs the programs that the benchmark compares with, each in a virtual
 * environment of its own: `deno task bench:setup [--peers DIR]
 * [--python PYTHON]`. PYTHON is 3.10 or 3.11, which all of them run on.
 *
 * @module
 */
import { parseArgs } from "@std/cli";
import { join } from "@std/path";

const BOOK = "d2l==1.0.3";

const flags = parseArgs(Deno.args, {
  string: ["peers", "python"],
});
const { peers = ".premise/bench", python = "python3" } = flags as {
  peers?: string;
  python?: string;
};
for (const name of ["torch", "mxnet"]) {
  const folder = join(peers, name);
  await run(python, "-m", "venv", folder);
  const requirements = join("bench", "peers", `requirements-${name}.txt`);
  await pip(folder, "install", "--requirement", requirements);
}
// The book's package as a file: installed, it would bring older libraries.
await pip(
  join(peers, "torch"),
  ...["download", "--no-deps", "--dest", peers, BOOK],
);

async function pip(folder: string, ...args: string[]): Promise<void> {
  const installed = Deno.build.os === "windows"
    ? join(folder, "Scripts", "python.exe")
    : join(folder, "bin", "python");
  await run(installed, "-m", "pip", "--quiet", ...args);
}

async function run(command: string, ...args: string[]): Promise<void> {
  const { code } = await new Deno.Command(command, { args }).spawn().status;
  if (code !== 0) Deno.exit(code);
}
