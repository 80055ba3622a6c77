/**
 * Paths in a config file start from that file's folder, so that the file means
 * the same wherever it is used.
 *
 * @module
 */
import { isAbsolute, join, resolve } from "@std/path";
import { z } from "zod";
import { metaOf, unwrap } from "./fields/field_meta.ts";
import type { PathKind } from "./fields/help.ts";

/** Where a config file lies, and who reads it. */
export interface ConfigPlace {
  /** The file's folder, from `directory`. */
  folder: string;
  /** The directory that the task's relative paths start from. */
  directory: string;
}

/**
 * Rewrites the paths of a config file so that they start from the directory
 * that the task works in.
 *
 * A word without a separator may be a path or the name of something that was
 * downloaded: it is a path if the file's folder has it.
 *
 * @param fields What the file says; settings of any form.
 * @param shape The schemas of the settings.
 * @param place Where the file is.
 * @param problems Gets a sentence about each word that could mean two things.
 * @return The settings with their paths from `place.directory`.
 */
export function pathsFromFolder(
  fields: Readonly<Record<string, unknown>>,
  shape: Readonly<Record<string, z.ZodType>>,
  place: ConfigPlace,
  problems: string[],
): Record<string, unknown> {
  const rewrite = (value: unknown, key: string): unknown => {
    const schema = shape[key];
    if (schema === undefined) return value;
    const inner = unwrap(schema);
    if (inner instanceof z.ZodObject && isObject(value)) {
      return pathsFromFolder(value, inner.shape, place, problems);
    }
    const kind = metaOf(schema).path as PathKind | undefined;
    if (kind === undefined) return value;
    const each = (item: unknown) => {
      if (typeof item !== "string" || item === "") return item;
      const { path, doubt } = pathOf(item, kind, place);
      if (doubt) problems.push(`"${key}" of the config file is ${doubt}`);
      return path;
    };
    return Array.isArray(value) ? value.map(each) : each(value);
  };
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [key, rewrite(value, key)]),
  );
}

/** A value as a path from the directory; and why it may be meant otherwise. */
function pathOf(
  value: string,
  kind: PathKind,
  { folder, directory }: ConfigPlace,
): { path: string; doubt?: string } {
  const [, split, file] = kind === "source"
    ? /^([a-z][a-z0-9_]*=)?(.*)$/s.exec(value)!
    : [value, "", value];
  if (isAbsolute(file) || OTHER_WORDS[kind].test(file)) return { path: value };
  const path = `${split ?? ""}${join(folder, file)}`;
  const mayBeName = kind === "name" || kind === "source" && !split;
  if (!mayBeName || /[/\\]/.test(file)) return { path };
  if (exists(resolve(directory, folder, file))) return { path };
  if (!exists(resolve(directory, file))) return { path: value };
  return {
    path: value,
    doubt: `"${value}", which is not beside the file but is in the directory ` +
      `that the task works in; expected a path from the file's folder, as ` +
      `"./${value}", or an absolute one`,
  };
}

/** What a setting may hold in place of a path. */
const OTHER_WORDS: Record<PathKind, RegExp> = {
  path: /^$/,
  name: /^hf:/, // a repository of the Hugging Face hub
  source: /^(?:-$|hf:)/, // or standard input
  weights: /^random$/,
  address: /^[a-z][a-z0-9+.-]+:/i,
};

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
