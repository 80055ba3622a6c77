import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { UserError } from "../../../../lib/base/errors.ts";
import { infoOf } from "../../../../lib/base/files/info.ts";
import { resolveSource } from "../../../../lib/hub/catalogue/resolve.ts";
import { verifyCache } from "../../../../lib/hub/catalogue/verify.ts";
import { unixTest } from "../../../support/require.ts";
import { withFolder } from "../../../support/with_folder.ts";

Deno.test("what is not there is told apart from what is", () =>
  withFolder(async (folder) => {
    assertEquals((await infoOf(folder))?.isDirectory, true);
    assertEquals(await infoOf(join(folder, "none")), null);
  }));

/** Paths that may be there, for all that the system tells. */
const HIDDEN: Record<string, (folder: string) => Promise<string>> = {
  "below a file": async (folder) => {
    await Deno.writeTextFile(join(folder, "file"), "");
    return join(folder, "file", "inner");
  },
  "behind a circle of links": async (folder) => {
    await Deno.symlink("link", join(folder, "link"));
    return join(folder, "link");
  },
  "with too long a name": (folder) =>
    Promise.resolve(join(folder, "a".repeat(300))),
};

for (const [what, make] of Object.entries(HIDDEN)) {
  unixTest(
    `a path ${what} is not told to be missing`,
    () =>
      withFolder(async (folder) => {
        const path = await make(folder);
        const options = { cache: folder, kind: "model" } as const;
        for (
          const look of [
            () => infoOf(path),
            () => verifyCache(path),
            () => resolveSource(path, options),
          ]
        ) {
          const { code } = await assertRejects(look, UserError, path);
          assertEquals(code, "cannot-read");
        }
      }),
  );
}
