/**
 * Removes a file or a folder with all that is in it, if there is any.
 *
 * @param path The file or folder to remove.
 */
export async function removeIfThere(path: string): Promise<void> {
  try {
    await Deno.remove(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
