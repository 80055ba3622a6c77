import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { taskSchemas } from "../../lib/settings/config.ts";
import { unwrap } from "../../lib/settings/fields/field_meta.ts";
import { webgpuTest } from "../support/require.ts";
import { type Line, runTask } from "../support/tasks/run_task.ts";

/** The events of a run that found nothing broken. */
async function examine(
  args: string[],
  env: Record<string, string> = {},
): Promise<Line[]> {
  const { code, events, stderr } = await runTask("doctor", args, {
    cwd: ".",
    env,
  });
  assertEquals(code, 0, stderr);
  return events;
}

/** The checks by their names. */
function checksOf(events: readonly Line[]): Map<string, Line> {
  return new Map(
    events.filter(({ event }) => event === "check")
      .map((check) => [String(check.name), check]),
  );
}

/** What hides all drivers of Vulkan from its loader, older and newer. */
const noVulkan = {
  VK_ICD_FILENAMES: "/no/driver",
  VK_DRIVER_FILES: "/no/driver",
  DENO_WEBGPU_BACKEND: "vulkan,metal,dx12",
};

let seen: Promise<Line[]> | undefined;

/** What doctor says where no GPU can be reached and no BLAS is wanted. */
function examineCpu(): Promise<Line[]> {
  return seen ??= examine(["--blas=none"], noVulkan);
}

await webgpuTest(
  "doctor checks both devices, and measures all but software",
  async () => {
    const checks = checksOf(await examine(["--threads=1"]));
    const isSoftware = /isn't measured/.test(
      String(checks.get("webgpu adapter")?.found),
    );
    for (const device of ["cpu", "webgpu"]) {
      assertEquals(checks.get(`${device} attention`)?.outcome, "works");
      const measured = ["matrix products", "memory"]
        .map((what) => checks.get(`${device} ${what}`))
        .filter((check) => check !== undefined)
        .flatMap(({ timing }) => Object.entries(timing as object));
      assertEquals(
        measured.map(([unit, rate]) => [unit, rate > 0]),
        device === "webgpu" && isSoftware
          ? []
          : [["gigaflops", true], ["gigabytesPerSecond", true]],
      );
    }
    assertMatch(String(checks.get("cpu threads")?.found), /^1, on \d+ cores$/);
    assertMatch(
      String(checks.get("webgpu limits")?.found),
      /maxBufferSize \d+/,
    );
    assertMatch(String(checks.get("webgpu subgroups")?.found), /lanes|none/);
  },
);

Deno.test({
  name: "doctor says how to get a GPU that has no driver of Vulkan",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    const checks = checksOf(await examineCpu());
    const { outcome, found, hint } = checks.get("webgpu adapter")!;
    assertEquals(outcome, "missing");
    assertStringIncludes(String(found), "none that Vulkan reaches");
    assertStringIncludes(String(hint), "install its Vulkan driver");
    assertStringIncludes(String(hint), "DENO_WEBGPU_BACKEND=gl");
  },
});

Deno.test("doctor says what it is doing", async () => {
  const events = await examineCpu();
  const phases = events.filter(({ event }) => event === "progress")
    .map(({ phase }) => phase);
  assertEquals(
    [...new Set(phases)].slice(0, 2),
    ["check cpu kernels", "measure cpu"],
  );
});

Deno.test("doctor looks at nothing but what training can be told to take", async () => {
  const { device } = taskSchemas.finetune.shape;
  const { options } = unwrap(device) as unknown as { options: string[] };
  const events = await examineCpu();
  const names = [...checksOf(events).keys()];
  assert(names.length > 10);
  assertEquals(
    names.filter((name) => !options.includes(name.split(" ")[0])),
    [],
  );
});
