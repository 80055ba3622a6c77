import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join, toFileUrl } from "@std/path";
import { webgpuTest } from "../require.ts";
import { type Ended, type Line, parseLines, taskWords } from "./run_task.ts";
import { makeWorkplace, namesIn, QUICK } from "./workplace.ts";

let cwd: string;

Deno.test.beforeAll(async () => {
  cwd = await makeWorkplace();
});

Deno.test.afterAll(() => Deno.remove(cwd, { recursive: true }));

/** Trains six steps on a GPU that breaks after the checkpoint at step 2. */
async function finetune(out: string, ...args: string[]): Promise<Ended> {
  const [program, run, ...words] = taskWords("finetune");
  const fault = new URL("break_gpu.ts", toFileUrl(import.meta.dirname! + "/"));
  const { code, stdout, stderr } = await new Deno.Command(program, {
    args: [
      ...[run, `--preload=${fault.href}`, ...words, ...QUICK],
      ...["--device=webgpu", "--epochs=1", "--checkpoint-every=2"],
      ...[`--out=${out}`, ...args],
    ],
    cwd,
    env: { NO_COLOR: "1" },
  }).output();
  const decoder = new TextDecoder();
  return {
    code,
    events: parseLines(decoder.decode(stdout)),
    stderr: decoder.decode(stderr),
  };
}

function stepsOf(lines: readonly Line[]): unknown[] {
  return lines.filter(({ event }) => event === "step").map(({ step }) => step);
}

await webgpuTest(
  "a GPU that breaks ends the run, and names kernels",
  async () => {
    const { code, events, stderr } = await finetune("broken");
    assertEquals(code, 1, stderr);
    const error = events.at(-1)!;
    assertEquals([error.event, error.code], ["error", "device-failed"]);
    assertMatch(String(error.message), /the last kernels: \w+/);
  },
);

await webgpuTest("a GPU that breaks leaves the last checkpoint", async () => {
  await finetune("kept");
  assertEquals((await namesIn(join(cwd, "kept/checkpoints"))).length, 1);
});

await webgpuTest(
  "--fallback cpu goes on from the last checkpoint",
  async () => {
    const { code, events, stderr } = await finetune("mended", "--fallback=cpu");
    assertEquals(code, 0, stderr);
    const warning = events.find(({ code }) => code === "device-failed")!;
    assertEquals(warning.event, "warning");
    assertStringIncludes(String(warning.message), "with --device cpu");
    const record = join(cwd, "mended/events.jsonl");
    const lines = parseLines(await Deno.readTextFile(record));
    assertEquals(stepsOf(lines), [1, 2, 3, 4, 5, 6]);
    assertEquals(events.at(-1)!.steps, 6);
  },
);
