import { dirname, resolve } from "@std/path";

/** Links that lead to links, as Linux counts them (path_resolution(7)). */
const MOST_LINKS = 40;

/**
 * Where a path leads, link by link, even if nothing is there yet: a rename onto
 * a link would take the link's place instead.
 *
 * @param path The path.
 * @return The path itself, if it is no link.
 */
export async function followLinks(path: string): Promise<string> {
  let place = path;
  for (let links = 0; links < MOST_LINKS; links++) {
    const info = await Deno.lstat(place).catch((error) => {
      if (error instanceof Deno.errors.NotFound) return null;
      throw error;
    });
    if (!info?.isSymlink) return place;
    place = resolve(dirname(place), await Deno.readLink(place));
  }
  return place; // The system will tell of the circle.
}
