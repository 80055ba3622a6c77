import { assertEquals, assertRejects } from "@std/assert";
import { join, resolve, toFileUrl } from "@std/path";
import { withLock } from "../../../../lib/base/files/lock.ts";

async function withLockFile(
  test: (path: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(join(folder, "x.lock"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("withLock lets one at a time do its work", async () => {
  await withLockFile(async (path) => {
    let inside = 0;
    let most = 0;
    await Promise.all(
      Array.from({ length: 4 }, () =>
        withLock(path, async () => {
          most = Math.max(most, ++inside);
          await new Promise((resolve) => setTimeout(resolve));
          inside--;
        })),
    );
    assertEquals(most, 1);
  });
});

Deno.test("withLock removes its file, also after an error", async () => {
  await withLockFile(async (path) => {
    await assertRejects(() => withLock(path, () => Promise.reject(Error("x"))));
    await assertRejects(() => Deno.stat(path), Deno.errors.NotFound);
  });
});

Deno.test("withLock is not kept out by the file of a process that was killed", async () => {
  await withLockFile(async (path) => {
    const lock = toFileUrl(resolve("lib/base/files/lock.ts")).href;
    const script = `import { withLock } from "${lock}";
      await withLock(${JSON.stringify(path)}, () => {
        console.log("held");
        return new Promise((resolve) => setTimeout(resolve, 1e9));
      });`;
    const holder = new Deno.Command(Deno.execPath(), {
      args: ["eval", script],
      stdout: "piped",
    }).spawn();
    const output = holder.stdout.getReader();
    await output.read();
    holder.kill("SIGKILL");
    await holder.status;
    await output.cancel();
    assertEquals(await withLock(path, () => Promise.resolve("mine")), "mine");
  });
});

Deno.test("withLock tells that it waits, and stops waiting at a signal", async () => {
  await withLockFile(async (path) => {
    const stop = new AbortController();
    await withLock(path, async () => {
      await assertRejects(() =>
        withLock(path, () => Promise.resolve(), {
          signal: stop.signal,
          onWait: () => stop.abort(),
        })
      );
    });
  });
});
