/** Runs shell scripts that mount disks, which only they can see. */
import { type Part, registerTest } from "../require.ts";

/** A program that gives a process mounts of its own, of util-linux. */
const mounts: Part = { part: "mounts", lack: lackOfMounts() };

function lackOfMounts(): string | undefined {
  const script = "mount -t tmpfs none /tmp";
  try {
    const { success } = new Deno.Command("unshare", {
      args: ["-rm", "sh", "-c", script],
    }).outputSync();
    if (success) return undefined;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return "unshare may not mount a disk here";
}

/** Registers a test that mounts disks. */
export function mountTest(name: string, fn: () => Promise<void>): void {
  registerTest({ ...mounts, name, fn });
}

/** What a script has written, and how it ended. */
export interface Mounted {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a script that may mount disks, by `sh`. */
export async function runMounted(
  script: string,
  cwd: string,
): Promise<Mounted> {
  const { code, stdout, stderr } = await new Deno.Command("unshare", {
    args: ["-rm", "sh", "-c", script],
    cwd,
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const [out, err] = [stdout, stderr].map((b) => new TextDecoder().decode(b));
  return { code, stdout: out, stderr: err };
}
