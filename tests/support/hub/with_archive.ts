import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { UserError } from "../../../lib/base/errors.ts";
import { extractArchive } from "../../../lib/hub/archive/archive.ts";
import type { ArchiveLimits } from "../../../lib/hub/archive/archive_rules.ts";

/** Runs a test with an archive on disk and a directory to extract it to. */
export async function withArchive(
  bytes: Uint8Array,
  test: (archive: string, directory: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const archive = join(folder, "archive");
    await Deno.writeFile(archive, bytes);
    await test(archive, join(folder, "out"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The error by which an archive is refused; it must be one for the user. */
export async function refusal(
  bytes: Uint8Array,
  limits: Partial<ArchiveLimits> = {},
): Promise<UserError> {
  return (await refuse(bytes, limits)).error;
}

/** The same, of an archive of which nothing may have been written. */
export async function refusalAtOnce(
  bytes: Uint8Array,
  limits: Partial<ArchiveLimits> = {},
): Promise<UserError> {
  const { error, wrote } = await refuse(bytes, limits);
  assert(!wrote, "something was extracted");
  return error;
}

async function refuse(
  bytes: Uint8Array,
  limits: Partial<ArchiveLimits>,
): Promise<{ error: UserError; wrote: boolean }> {
  let result: { error: UserError; wrote: boolean } | undefined;
  await withArchive(bytes, async (archive, directory) => {
    const error = await assertRejects(
      () => extractArchive(archive, directory, { limits }),
      UserError,
    );
    assertEquals(error.code, "bad-archive");
    const wrote = await Deno.stat(directory).then(() => true, () => false);
    result = { error, wrote };
  });
  return result!;
}
