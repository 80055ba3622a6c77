/** How often a waiting process looks again, in ms. */
const INTERVAL = 100;

/** How to wait for a lock. */
export interface LockOptions {
  /** Ends the waiting. */
  signal?: AbortSignal;
  /** Called once if another process holds the lock. */
  onWait?: () => void;
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
  using file = await acquire(path, options);
  try {
    return await work();
  } finally {
    await Deno.remove(path);
    await file.unlock();
  }
}

async function acquire(
  path: string,
  { signal, onWait }: LockOptions,
): Promise<Deno.FsFile> {
  for (let waited = false;;) {
    signal?.throwIfAborted();
    const file = await Deno.open(path, { write: true, create: true });
    // The last holder may have removed the file between open and lock.
    if (await file.tryLock(true) && await isStill(path, file)) return file;
    file.close();
    if (!waited) onWait?.();
    waited = true;
    await new Promise((resolve) => setTimeout(resolve, INTERVAL));
  }
}

/** Whether a path still leads to an open file. */
async function isStill(path: string, file: Deno.FsFile): Promise<boolean> {
  try {
    return (await Deno.stat(path)).ino === (await file.stat()).ino;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
