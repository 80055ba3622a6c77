import { join } from "@std/path";
import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { pack as packTar } from "tar-stream";
import { extractArchive } from "../../../lib/hub/archive/archive.ts";
import { type Bytes, type Mutate, mutateBytes } from "../mutate/bytes.ts";
import { mutateGzip } from "../mutate/gzip.ts";
import { mutateTar } from "../mutate/tar.ts";
import { mutateZip } from "../mutate/zip.ts";
import { pack as packZip } from "../mutate/zip_file.ts";
import type { Read, Reader } from "./reader.ts";

const FILES = {
  "bert/vocab.json": '["<unk>"]',
  "bert/pretrained.params": "0".repeat(2000),
  "bert/._vocab.json": "x",
  "empty": "",
};

/** The readers of archives out of the network. */
export const archiveReaders: Reader[] = [
  reader("zip", mutateZip(() => mutateBytes), () => [
    zip({ deflate: false, dataDescriptor: false, zip64: true }),
    zip({ deflate: true, dataDescriptor: true, zip64: false }),
  ]),
  reader("tar", mutateTar, async () => [await tar()]),
  reader("tar.gz", mutateGzip(mutateTar), async () => [
    new Uint8Array(gzipSync(await tar())),
  ]),
];

function reader(
  name: string,
  mutate: Mutate,
  seeds: () => Bytes[] | Promise<Bytes[]>,
): Reader {
  return { name, mutate, seeds: async () => await seeds(), prepare };
}

function prepare(folder: string): Read {
  const archive = join(folder, "archive");
  const out = join(folder, "out");
  return async (file) => {
    await Deno.writeFile(archive, file);
    try {
      await extractArchive(archive, out);
      await checkFolder(folder);
    } finally {
      await Deno.remove(out, { recursive: true }).catch(() => {});
    }
  };
}

/** Nothing may be written beside the folder, and nothing but files into it. */
async function checkFolder(folder: string): Promise<void> {
  for await (const { name } of Deno.readDir(folder)) {
    if (name !== "archive" && name !== "out") throw new Error(`wrote ${name}`);
  }
  const open = [join(folder, "out")];
  for (let path; (path = open.pop()) !== undefined;) {
    for await (const entry of Deno.readDir(path)) {
      if (entry.isDirectory) open.push(join(path, entry.name));
      else if (!entry.isFile) throw new Error(`made ${entry.name}, no file`);
    }
  }
}

function zip(options: Parameters<typeof packZip>[1]): Bytes {
  const encoder = new TextEncoder();
  const members = Object.entries(FILES).map(([name, text]) => ({
    name: encoder.encode(name),
    bytes: encoder.encode(text),
  }));
  return packZip(members, options);
}

async function tar(): Promise<Bytes> {
  const archive = packTar();
  for (const [name, text] of Object.entries(FILES)) {
    archive.entry({ name, mtime: new Date(0) }, text);
  }
  archive.entry({ name: `long/${"x".repeat(150)}`, mtime: new Date(0) }, "y");
  archive.finalize();
  return new Uint8Array(await buffer(archive));
}
