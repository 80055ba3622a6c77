import { writeAll } from "./write_all.ts";

/** How often a waiting process looks again, in ms. */
const INTERVAL = 100;

/** How to wait for a lock. */
export interface LockOptions {
  /** Ends the waiting. */
  signal?: AbortSignal;
  /**
   * Called once if another process holds the lock, whose number the file holds;
   * what it throws ends the waiting.
   */
  onWait?: () => void | Promise<void>;
}

/**
 * Does some work while no other process does any under the same lock file.
 *
 * The lock is the operating system's (`flock`), so it ends with its process,
 * however that ends: there are no stale ones. The file is removed afterwards.
 *
 * @param path The lock file; its folder must exist.
 * @param work The work to do meanwhile.
 * @param options A signal, and whom to tell about waiting.
 * @return What the work returns.
 */
export async function withLock<T>(
  path: string,
  work: () => Promise<T>,
  options: LockOptions = {},
): Promise<T> {
  await using _lock = await takeLock(path, options);
  return await work();
}

/**
 * Does some work unless another process does any under the same lock file.
 *
 * @param path The lock file; its folder must exist.
 * @param work The work to do meanwhile.
 */
export async function whereFree(
  path: string,
  work: () => Promise<void>,
): Promise<void> {
  const taken = new Error("another process holds the lock");
  const refuse = () => {
    throw taken;
  };
  try {
    await withLock(path, work, { onWait: refuse });
  } catch (error) {
    if (error !== taken) throw error;
  }
}

/**
 * Does some work under a lock, or without one where nobody may write, so that
 * there is nobody to keep off.
 *
 * @param path The lock file; its folder must exist.
 * @param work The work to do meanwhile.
 * @param options A signal, and whom to tell about waiting.
 * @return What the work returns.
 */
export async function withLockIfWritable<T>(
  path: string,
  work: () => Promise<T>,
  options: LockOptions = {},
): Promise<T> {
  let lock: AsyncDisposable | undefined;
  try {
    lock = await takeLock(path, options);
  } catch (error) {
    const { code } = error as { code?: string };
    if (!["EROFS", "EACCES", "EPERM"].includes(code ?? "")) throw error;
  }
  await using _lock = lock;
  return await work();
}

/**
 * Takes a lock as {@link withLock} does, which is freed by disposing of it.
 *
 * @param path The lock file; its folder must exist.
 * @param options A signal, and whom to tell about waiting.
 */
export async function takeLock(
  path: string,
  options: LockOptions = {},
): Promise<AsyncDisposable> {
  const file = await acquire(path, options);
  return {
    async [Symbol.asyncDispose]() {
      try {
        await Deno.remove(path);
      } finally {
        file.close(); // which unlocks
      }
    },
  };
}

async function acquire(
  path: string,
  { signal, onWait }: LockOptions,
): Promise<Deno.FsFile> {
  for (let waited = false;;) {
    signal?.throwIfAborted();
    const file = await Deno.open(path, { write: true, create: true });
    // The last holder may have removed the file between open and lock.
    if (await file.tryLock(true) && await isStill(path, file)) {
      // Who waits may know for whom; a full disk doesn't matter here.
      await signFile(file).catch(() => {});
      return file;
    }
    file.close();
    if (!waited) await onWait?.();
    waited = true;
    await new Promise((resolve) => setTimeout(resolve, INTERVAL));
  }
}

/** Writes this process' number in place of a former holder's. */
async function signFile(file: Deno.FsFile): Promise<void> {
  await file.truncate();
  await writeAll(file, new TextEncoder().encode(`${Deno.pid}\n`));
}

/**
 * Whether a path still leads to an open file.
 *
 * @param path Where it was opened.
 * @param file The file.
 */
export async function isStill(
  path: string,
  file: Deno.FsFile,
): Promise<boolean> {
  try {
    return (await Deno.stat(path)).ino === (await file.stat()).ino;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
