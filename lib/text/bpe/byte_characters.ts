/**
 * How byte-level BPE writes bytes in its vocabulary (GPT-2's
 * `bytes_to_unicode`): printable ones of Latin-1 as they are, the others as the
 * characters from U+0100 on, so that no token has a blank or a control character.
 *
 * @module
 */

/**
 * The character of each byte.
 *
 * @example
 * ```ts
 * import { byteCharacters } from "./byte_characters.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const characters = byteCharacters();
 * const bytes = new TextEncoder().encode(" é\n");
 * assertEquals(Array.from(bytes, (byte) => characters[byte]).join(""), "ĠÃ©Ċ");
 * ```
 */
export function byteCharacters(): string[] {
  let next = 0x100;
  return Array.from(
    { length: 256 },
    (_, byte) =>
      String.fromCharCode(
        /[!-~\xa1-\xac\xae-\xff]/.test(String.fromCharCode(byte))
          ? byte
          : next++,
      ),
  );
}
