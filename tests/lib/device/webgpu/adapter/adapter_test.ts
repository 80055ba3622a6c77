import { assertEquals, assertNotEquals } from "@std/assert";
import { join } from "@std/path";
import { registerTest } from "../../../../support/require.ts";

const folder = await Deno.makeTempDir();
addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));

const ADAPTER = import.meta.resolve(
  "../../../../../lib/device/webgpu/adapter/adapter.ts",
);
const OURS = `import { findAdapter } from "${ADAPTER}";
  console.log((await findAdapter())?.info.description ?? "none");`;
const ANY = `const adapter = await navigator.gpu?.requestAdapter();
  console.log(adapter?.info.description ?? "none");`;

/** What a program says on a machine that has no GPU driver but OpenGL's. */
async function onOpenGl(
  { program, permissions = VARIABLES, backends }: {
    program: string;
    permissions?: string[];
    backends?: string;
  },
): Promise<string> {
  const file = join(folder, "program.ts");
  await Deno.writeTextFile(file, program);
  const noDriver = join(folder, "none.json");
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-check", ...permissions, file],
    clearEnv: true,
    env: {
      VK_DRIVER_FILES: noDriver,
      VK_ICD_FILENAMES: noDriver,
      ...backends && { DENO_WEBGPU_BACKEND: backends },
    },
    stderr: "null",
  }).output();
  return new TextDecoder().decode(stdout).trim();
}

const VARIABLES = ["--allow-env=DENO_WEBGPU_BACKEND,NODEVICE_SELECT"];

const linux = Deno.build.os === "linux";
const hasOpenGl = linux &&
  await onOpenGl({ program: ANY, backends: "gl" }) !== "none";
const onlyOpenGl = {
  part: "opengl",
  lack: hasOpenGl ? undefined : "there is no OpenGL",
};

registerTest({
  ...onlyOpenGl,
  name: "a GPU that only OpenGL reaches is not found",
  async fn() {
    assertNotEquals(await onOpenGl({ program: ANY }), "none");
    assertEquals(await onOpenGl({ program: OURS }), "none");
  },
});

registerTest({
  ...onlyOpenGl,
  name: "a program that may not set variables finds no GPU by OpenGL",
  async fn() {
    assertEquals(await onOpenGl({ program: OURS, permissions: [] }), "none");
  },
});

registerTest({
  ...onlyOpenGl,
  name: "a GPU that only OpenGL reaches is found by those who name OpenGL",
  async fn() {
    const found = await onOpenGl({ program: OURS, backends: "gl" });
    assertNotEquals(found, "none");
  },
});
