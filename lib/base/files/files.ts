/**
 * Writing files so that a crash leaves the old one or the new one, never a
 * part: to a temporary sibling, synced, renamed.
 *
 * @module
 */
import { basename, dirname, join } from "@std/path";
import { UserError } from "../errors.ts";
import { joinBytes } from "../join_bytes.ts";
import { kindOf } from "./kind_of.ts";
import { followLinks } from "./links.ts";
import { isStill } from "./lock.ts";
import { isSystemError, naming } from "./system_error.ts";
import { writeAll } from "./write_all.ts";

/** A file's content in sections, so that it need not be copied together. */
export type FileSections = readonly Uint8Array<ArrayBuffer>[];

/**
 * Writes a new file and waits until it is on disk.
 *
 * @param path The file; it must not exist.
 * @param sections Its content.
 */
export async function writeSynced(
  path: string,
  sections: FileSections,
): Promise<void> {
  using file = await Deno.open(path, { write: true, createNew: true });
  await writeSections(file, path, sections);
}

async function writeSections(
  file: Deno.FsFile,
  path: string,
  sections: FileSections,
): Promise<void> {
  await naming(path, async () => {
    for (const block of blocksOf(sections)) await writeAll(file, block);
    await file.sync();
  });
}

/** Sections up to this size, in bytes, are written together. */
const BLOCK = 1 << 20;

/** Joins small sections, since a model has hundreds and each write costs. */
function* blocksOf(sections: FileSections): Generator<Uint8Array> {
  let joined: Uint8Array[] = [];
  let size = 0;
  for (const section of sections) {
    if (size + section.length > BLOCK && size > 0) {
      yield joined.length === 1 ? joined[0] : joinBytes(joined);
      joined = [];
      size = 0;
    }
    joined.push(section);
    size += section.length;
  }
  if (size > 0) yield joined.length === 1 ? joined[0] : joinBytes(joined);
}

/**
 * Writes a file, or replaces it, in one step. A symbolic link is followed; what
 * a process that was killed has left of an earlier try is removed.
 *
 * @param path The file.
 * @param content Its content: text, or bytes in sections.
 */
export async function replaceFile(
  path: string,
  content: string | FileSections,
): Promise<void> {
  const sections = typeof content === "string"
    ? [new TextEncoder().encode(content)]
    : content;
  const place = await followLinks(path);
  await refuseSpecial(place);
  await sweepPartials(place);
  // It stays locked until it has its name, so that no other sweeps it.
  const { file, path: partial } = await createPartial(place);
  try {
    await writeSections(file, partial, sections);
    await Deno.rename(partial, place);
  } catch (error) {
    await Deno.remove(partial).catch(() => {});
    throw error;
  } finally {
    file.close();
  }
  await syncFolder(dirname(place));
}

/** Creates a file beside another, and locks it before anybody sweeps it. */
async function createPartial(
  path: string,
): Promise<{ file: Deno.FsFile; path: string }> {
  for (;;) {
    const suffix = crypto.randomUUID().slice(0, 8);
    const partial = join(dirname(path), `.${basename(path)}.${suffix}.tmp`);
    const file = await Deno.open(partial, { write: true, createNew: true });
    await file.lock(true);
    if (await isStill(partial, file)) return { file, path: partial };
    file.close();
  }
}

/** A rename would put a file in the place of a pipe, or even of /dev/null. */
async function refuseSpecial(path: string): Promise<void> {
  const info = await Deno.stat(path).catch(() => null);
  if (info === null || info.isFile || info.isDirectory) return;
  throw new UserError(`Cannot write "${path}": it is ${kindOf(info)}`, {
    code: "cannot-write",
    hint: "name a file",
  });
}

/**
 * Removes unfinished files of this name that nobody is writing: as long as
 * somebody is, they are locked.
 */
async function sweepPartials(path: string): Promise<void> {
  const [start, end] = [`.${basename(path)}.`, ".tmp"];
  const folder = dirname(path);
  for await (const { name, isFile } of Deno.readDir(folder)) {
    const middle = name.slice(start.length, -end.length);
    const isPartial = name.startsWith(start) && name.endsWith(end) &&
      /^[0-9a-f]{8}$/.test(middle);
    if (isPartial && isFile) await removeUnlocked(join(folder, name));
  }
}

async function removeUnlocked(path: string): Promise<void> {
  try {
    using file = await Deno.open(path, { write: true });
    if (await file.tryLock(true)) await Deno.remove(path);
  } catch (error) {
    // What may not be removed, as another user's, is in nobody's way.
    if (!isSystemError(error)) throw error;
  }
}

/**
 * Makes renames in a folder last, where a folder can be opened: not on
 * Windows.
 */
export async function syncFolder(folder: string): Promise<void> {
  if (Deno.build.os === "windows") return;
  using file = await Deno.open(folder);
  await naming(folder, () => file.sync());
}
