import { assertEquals, assertStringIncludes } from "@std/assert";
import { cases } from "../../bench/cases/mod.ts";

async function bench(...args: string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "-A", "bench/bench.ts", ...args],
  }).output();
  const decoder = new TextDecoder();
  return {
    code,
    stdout: decoder.decode(stdout),
    stderr: decoder.decode(stderr),
  };
}

Deno.test("bench --list shows every case", async () => {
  const { code, stdout } = await bench("--list");
  assertEquals(code, 0);
  assertEquals(
    stdout.trim().split("\n").map((line) => line.split(" ")[0]),
    cases.map(({ name }) => name),
  );
});

Deno.test("bench --against shows the cases with that other side", async () => {
  const { stdout } = await bench("--list", "--against", "mxnet");
  assertEquals(stdout.split(" ")[0], "train-mxnet");
});

Deno.test("bench takes cases in the order in which they are named", async () => {
  const named = ["gpu-train-torch", "gpu-train", "gpu-steps"];
  const { stdout } = await bench("--list", ...named, "gpu-train");
  const shown = stdout.trim().split("\n").map((line) => line.split(" ")[0]);
  assertEquals(shown, named);
});

Deno.test("bench tells all that is wrong with its flags at once", async () => {
  const { code, stderr } = await bench("train-fast", "--pairs=0", "--speed");
  assertEquals(code, 2);
  assertStringIncludes(stderr, "--pairs is 0, expected a whole number");
  assertStringIncludes(stderr, "there is no flag --speed");
  assertStringIncludes(stderr, 'there is no case "train-fast"');
});

Deno.test("bench says how to install what is missing", async () => {
  const { code, stderr } = await bench("losses", "--peers", "/nowhere");
  assertEquals(code, 2);
  assertStringIncludes(stderr, "deno task bench:setup");
});

Deno.test("bench --device webgpu has the cases of a GPU alone", async () => {
  const { stdout } = await bench("--list", "--device", "webgpu");
  assertEquals(
    stdout.trim().split("\n").map((line) => line.split(" ")[0]),
    cases.filter(({ device }) => device === "webgpu").map(({ name }) => name),
  );
});

Deno.test("bench refuses a device that it does not know", async () => {
  const { code, stderr } = await bench("--device", "tpu");
  assertEquals(code, 2);
  assertStringIncludes(stderr, "--device is tpu, expected cpu or webgpu");
});
