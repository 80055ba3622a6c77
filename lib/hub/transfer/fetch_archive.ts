/**
 * Fetches archives from where they are: the network, this machine, or this
 * program.
 *
 * @module
 */
import { dirname } from "@std/path";
import { UserError } from "../../base/errors.ts";
import { isDiskFull } from "../../base/files/system_error.ts";
import {
  type CatalogueEntry,
  fileNameOf,
  localPath,
} from "../catalogue/catalogue.ts";
import type { DownloadOptions } from "../download_options.ts";
import { fetchFile } from "./fetch_file.ts";
import { readFixture } from "./fixtures.ts";
import { removePartial } from "./partial.ts";
import { failed } from "./request.ts";
import { checkSpace } from "./space.ts";

/** The address that an entry is fetched from. */
export function addressOf(entry: CatalogueEntry, hub?: string): string {
  return hub === undefined
    ? entry.url
    : `${hub.replace(/\/+$/, "")}/${fileNameOf(entry)}`;
}

/**
 * Fetches an entry's archive into a file, whatever kind its address is of.
 *
 * @param entry The entry whose archive it is.
 * @param file The file to write; its folder must exist.
 * @param options The address, and the options of the download.
 * @return Whether the file is put together of more than one answer.
 * @throws {UserError} `download-failed`, `disk-full` or `not-cached`.
 */
export async function fetchArchive(
  entry: CatalogueEntry,
  file: string,
  { address, offline, ...options }: DownloadOptions & { address: string },
): Promise<boolean> {
  const onBytes = (done: number, total: number | null) =>
    options.onProgress?.({
      phase: `download ${entry.name}`,
      done,
      total: total ?? entry.bytes,
      unit: "bytes",
    });
  if (/^https?:/i.test(address)) {
    if (offline) throw notCached(entry, options.cache);
    const size = entry.bytes === null ? {} : { bytes: entry.bytes };
    return await fetchFile(address, file, { ...options, ...size, onBytes });
  }
  // A partial download may be of another address.
  await removePartial(file);
  await copyLocal(address, file);
  const { size } = await Deno.stat(file);
  onBytes(size, size);
  return false;
}

/** Copies what is on this machine, or within this program. */
async function copyLocal(address: string, file: string): Promise<void> {
  if (address.startsWith("fixture:")) {
    const bytes = await readFixture(address.slice("fixture:".length));
    if (bytes === null) throw failed("this program holds no such archive");
    return await removeUnlessWritten(file, () => Deno.writeFile(file, bytes));
  }
  const path = localPath(address);
  if (path === null) throw failed("expected an http, https or file address");
  try {
    await checkSpace(dirname(file), (await Deno.stat(path)).size);
    await removeUnlessWritten(file, () => Deno.copyFile(path, file));
  } catch (cause) {
    if (cause instanceof UserError || isDiskFull(cause)) throw cause;
    throw failed((cause as Error).message, cause);
  }
}

async function removeUnlessWritten(
  file: string,
  write: () => Promise<void>,
): Promise<void> {
  try {
    await write();
  } catch (error) {
    await removePartial(file);
    throw error;
  }
}

function notCached({ name }: CatalogueEntry, cache: string): UserError {
  return new UserError(
    `it is not in the cache "${cache}", and --offline keeps off the network`,
    {
      code: "not-cached",
      hint: `leave out --offline, or put ${name}'s archive into a folder and ` +
        "name that: --hub DIR",
    },
  );
}
