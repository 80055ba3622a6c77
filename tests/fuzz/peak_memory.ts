/**
 * Measures the most memory that some work takes beyond what the process has
 * before, in bytes. On Linux that is the peak; elsewhere what is left after.
 * Needs `--v8-flags=--expose-gc` to be exact.
 */
export async function peakMemory(work: () => Promise<void>): Promise<number> {
  // Memory that stays with the heap would hide what the work takes.
  (globalThis as { gc?: (options: object) => void }).gc?.({
    type: "major",
    execution: "sync",
    flavor: "last-resort",
  });
  if (Deno.build.os !== "linux") {
    const before = Deno.memoryUsage().rss;
    await work();
    return Math.max(0, Deno.memoryUsage().rss - before);
  }
  await Deno.writeTextFile("/proc/self/clear_refs", "5"); // peak := present
  const before = await highWaterMark();
  await work();
  return await highWaterMark() - before;
}

async function highWaterMark(): Promise<number> {
  const status = await Deno.readTextFile("/proc/self/status");
  return 1024 * Number(/^VmHWM:\s*(\d+) kB$/m.exec(status)![1]);
}
