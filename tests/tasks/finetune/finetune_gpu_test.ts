import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join, resolve, toFileUrl } from "@std/path";
import { type Part, softwareGpu, webgpuTest } from "../../support/require.ts";
import {
  type Ended,
  type Line,
  parseLines,
  taskWords,
} from "../../support/tasks/run_task.ts";
import {
  makeWorkplace,
  namesIn,
  QUICK,
} from "../../support/tasks/workplace.ts";

let cwd: string;

Deno.test.beforeAll(async () => {
  cwd = await makeWorkplace();
});

Deno.test.afterAll(() => Deno.remove(cwd, { recursive: true }));

/** How the GPU breaks: see break_gpu.ts. */
type Fault = "destroy" | "memory";

/** What the task may hold where its memory is what breaks the GPU. */
const MOST_BYTES = 4e9;

/** Trains six steps on a GPU that breaks after the checkpoint at step 2. */
async function finetune(
  fault: Fault,
  out: string,
  ...args: string[]
): Promise<Ended> {
  const preload = toFileUrl(resolve("tests/support/tasks/break_gpu.ts"));
  preload.searchParams.set("by", fault);
  const [run, ...words] = taskWords("finetune").slice(1);
  const [program, ...all] = [
    ...(fault === "memory" ? ["prlimit", `--data=${MOST_BYTES}`] : []),
    ...[Deno.execPath(), run, `--preload=${preload.href}`, ...words, ...QUICK],
    ...["--device=webgpu", "--epochs=1", "--checkpoint-every=2"],
    ...[`--out=${out}`, ...args],
  ];
  const { code, stdout, stderr } = await new Deno.Command(program, {
    args: all,
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

/** What a run says that its GPU has ended. */
function failureOf({ code, events, stderr }: Ended): string {
  assertEquals(code, 1, stderr);
  const error = events.at(-1)!;
  assertEquals([error.event, error.code], ["error", "device-failed"]);
  return String(error.message);
}

let broken: Promise<Ended> | undefined;

/** What a run says whose GPU breaks; it is `broken`. */
function runBroken(): Promise<Ended> {
  return broken ??= finetune("destroy", "broken");
}

await webgpuTest(
  "a GPU that breaks ends the run, and names kernels",
  async () => {
    const failure = failureOf(await runBroken());
    assertMatch(failure, /the last kernels: \w+/);
  },
);

/** What it takes to limit the GPU's memory: a GPU in software, and prlimit. */
async function memoryLimit(): Promise<Part> {
  const software = await softwareGpu();
  if (software.lack !== undefined) return software;
  const part = "prlimit";
  try {
    await new Deno.Command(part, { args: ["--version"] }).output();
    return { part, lack: undefined };
  } catch {
    return { part, lack: "there is no prlimit" };
  }
}

await webgpuTest(
  "a GPU without memory ends the run, and leaves the last checkpoint",
  async () => {
    const failure = failureOf(await finetune("memory", "full"));
    assertMatch(
      failure,
      /^The GPU failed: not enough memory left \(the last kernels: \w+/,
    );
    assertEquals((await namesIn(join(cwd, "full/checkpoints"))).length, 1);
  },
  memoryLimit,
);

await webgpuTest("a GPU that breaks leaves the last checkpoint", async () => {
  await runBroken();
  assertEquals((await namesIn(join(cwd, "broken/checkpoints"))).length, 1);
});

await webgpuTest(
  "--fallback cpu goes on from the last checkpoint",
  async () => {
    const { code, events, stderr } = await finetune(
      "destroy",
      "mended",
      "--fallback=cpu",
    );
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
