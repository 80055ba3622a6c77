/**
 * Partial downloads, which were cut off, and the notes beside them that tell
 * how to continue them.
 *
 * @module
 */
import { removeIfThere } from "../../base/files/remove.ts";
import { publicAddress } from "../../base/public_address.ts";

/** What a partial download belongs to. */
export interface Note {
  /** The address that it came from, without what may be a secret. */
  url: string;
  /**
   * A strong ETag, or the date of the last change (RFC 9110, 13.1.5); null if
   * the address stands for one content for ever.
   */
  validator: string | null;
}

/** Removes a partial download and its note. */
export async function removePartial(file: string): Promise<void> {
  await removeIfThere(file);
  await dropNote(file);
}

/** Removes the note of a download that has become whole. */
export async function dropNote(file: string): Promise<void> {
  await removeIfThere(noteOf(file));
}

/** Reads the note of a partial download; null if it has none for this URL. */
export async function readNote(
  file: string,
  url: string,
): Promise<Note | null> {
  try {
    const note: Note = JSON.parse(await Deno.readTextFile(noteOf(file)));
    await Deno.stat(file);
    const isSame = publicAddress(`${note.url}`) === publicAddress(url);
    const { validator } = note;
    return isSame && (validator === null || typeof validator === "string")
      ? note
      : null;
  } catch {
    return null;
  }
}

/** Begins a download: notes what it is of, if it could be continued. */
export async function writeNote(
  file: string,
  url: string,
  { headers }: Response,
  { immutable = false }: { immutable?: boolean } = {},
): Promise<void> {
  await removePartial(file);
  const tag = headers.get("etag");
  const validator = immutable
    ? null
    : tag !== null && !tag.startsWith("W/")
    ? tag
    : headers.get("last-modified");
  if (validator === null && !immutable) return;
  const note: Note = { url: publicAddress(url), validator };
  await Deno.writeTextFile(noteOf(file), JSON.stringify(note));
}

function noteOf(file: string): string {
  return `${file}.json`;
}
