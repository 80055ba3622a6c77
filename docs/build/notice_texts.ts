/**
 * The licences of npm packages, as the packages themselves tell them.
 *
 * @module
 */
import { join } from "@std/path";
import type { NpmPackage } from "./notice_packages.ts";

/** What a package says of its terms. */
export interface PackageTerms {
  /** By the names of SPDX, as `MIT`. */
  licence: string;
  /** Its lines of copyright, or else who its author is. */
  copyright: string[];
  /** Its licence's text without these lines; empty if it brings none. */
  text: string;
  /** What its NOTICE file says, which Apache-2.0 wants passed on. */
  notice: string;
}

/** Copyright of packages that bring no licence file, from their sources. */
const HOLDERS: Record<string, string[]> = {
  "@tensorflow/": [
    "Copyright 2017-2022 Google LLC",
    "Copyright 2022 CodeSmith LLC",
  ],
  "deno-std": [
    "Copyright 2018-2026 the Deno authors",
    "Copyright the Browserify authors",
    "Copyright (c) 2015 The Rust Project Developers",
  ],
  "seedrandom": ["Copyright 2019 David Bau"],
};

const COPYRIGHT =
  /^[\s*]*copyright\b(?! (notice|owner|licen[cs]e|holder)| and )/i;
const PLACE_HOLDER = /copyright [[{]yyyy/i;

/**
 * Reads a package's terms in Deno's cache.
 *
 * @param registry The folder of the cache in which packages are.
 * @param npmPackage The package.
 * @throws {Error} If the package is not in the cache.
 */
export async function readTerms(
  registry: string,
  { name, version }: NpmPackage,
): Promise<PackageTerms> {
  const folder = join(registry, name, version);
  const { license, author } = JSON.parse(
    await Deno.readTextFile(join(folder, "package.json")),
  );
  const names = await Array.fromAsync(Deno.readDir(folder), (e) => e.name);
  const read = async (pattern: RegExp) => {
    const found = names.filter((name) => pattern.test(name)).sort();
    const texts = found.map((name) => Deno.readTextFile(join(folder, name)));
    return (await Promise.all(texts)).join("\n").trim();
  };
  const whole = await read(/^(licen[cs]e|copying)/i);
  const lines = whole.replaceAll("\r", "").split("\n");
  const isCopyright = (line: string) =>
    COPYRIGHT.test(line) && !PLACE_HOLDER.test(line);
  const copyright = lines.filter(isCopyright).map((line) => line.trim());
  const holder = Object.keys(HOLDERS).find((key) => name.startsWith(key));
  if (copyright.length === 0 && holder) copyright.push(...HOLDERS[holder]);
  if (copyright.length === 0) copyright.push(`by ${author?.name ?? author}`);
  return {
    licence: String(license),
    copyright,
    text: lines.filter((line) => !isCopyright(line)).join("\n").trim(),
    notice: await read(/^notice/i),
  };
}

/**
 * A licence's words, the same for texts that differ only in line breaks, case,
 * quotes and title.
 */
export function wordsOf(text: string): string {
  return text.toLowerCase().replace(/["'“”`#*]/g, "").replace(/\s+/g, " ")
    .trim()
    .replace(
      /^(the )?\(?(the )?(mit|isc|bsd 3-clause)( license)?\)?( \(mit\))?[:.]? /,
      "",
    )
    .replace(/^all rights reserved\. /, "");
}
