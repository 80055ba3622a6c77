/**
 * Parts of downloads that broke off, and the notes that tell how to go on.
 *
 * @module
 */

/** What the part on disk is a part of. */
export interface Note {
  /** Where it came from. */
  url: string;
  /** A strong ETag, or the date of the last change (RFC 9110, 13.1.5). */
  validator: string;
}

/** Removes a part and its note. */
export async function removePart(file: string): Promise<void> {
  await removeIfThere(file);
  await dropNote(file);
}

/** Removes the note of a part that has become whole. */
export async function dropNote(file: string): Promise<void> {
  await removeIfThere(noteOf(file));
}

/** The note beside a part; null without one, or if it is of another URL. */
export async function readNote(
  file: string,
  url: string,
): Promise<Note | null> {
  try {
    const note: Note = JSON.parse(await Deno.readTextFile(noteOf(file)));
    await Deno.stat(file);
    return note.url === url && typeof note.validator === "string" ? note : null;
  } catch {
    return null;
  }
}

/** Starts a part anew: notes what it is of, if it can be continued. */
export async function writeNote(
  file: string,
  url: string,
  { headers }: Response,
): Promise<void> {
  await removePart(file);
  const tag = headers.get("etag");
  const validator = tag !== null && !tag.startsWith("W/")
    ? tag
    : headers.get("last-modified");
  if (validator === null) return;
  const note: Note = { url, validator };
  await Deno.writeTextFile(noteOf(file), JSON.stringify(note));
}

async function removeIfThere(path: string): Promise<void> {
  try {
    await Deno.remove(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

function noteOf(file: string): string {
  return `${file}.json`;
}
