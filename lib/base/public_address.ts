/**
 * Addresses without what may be a secret.
 *
 * @module
 */

/**
 * An address as it may be told: without name, password, query and fragment,
 * any of which may be what lets somebody in. Paths stay as they are.
 *
 * @param address A URL or a path.
 *
 * @example
 * ```ts
 * import { publicAddress } from "./public_address.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const address = "https://me:secret@host/bert.zip?token=secret";
 * assertEquals(publicAddress(address), "https://host/bert.zip");
 * ```
 */
export function publicAddress(address: string): string {
  if (!ADDRESS.test(address)) return address;
  return address
    .replace(/^([a-z][a-z0-9+.-]*:[\\/]*)[^\\/?#]*@/i, "$1")
    .replace(/[?#][^]*$/, "");
}

/**
 * A text in which every address is as it may be told.
 *
 * @param text The text, as a system's error that names an address.
 */
export function withPublicAddresses(text: string): string {
  return text.replace(ADDRESSES, publicAddress);
}

/**
 * What begins as an address: a scheme and two slashes (RFC 3986); those of the
 * web do without (WHATWG URL).
 */
const ADDRESS = /^(?:(?:https?|ftp|wss?):[\\/]*|[a-z][a-z0-9+.-]*:[\\/]{2})/i;
const ADDRESSES =
  /\b(?:(?:https?|ftp|wss?):[\\/]*|[a-z][a-z0-9+.-]*:[\\/]{2})[^\s"'<>()]+/gi;
