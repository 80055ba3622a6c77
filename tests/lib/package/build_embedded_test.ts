import { assert, assertEquals } from "@std/assert";
import {
  embeddedFiles,
  embeddedModule,
} from "../../../lib/package/build_embedded.ts";

for (const [module, source] of embeddedFiles) {
  Deno.test(`${module} is what build:embedded makes of ${source}`, async () => {
    const text = await Deno.readTextFile(module);
    // Not by assertEquals, which would show megabytes.
    assert(
      text === await embeddedModule(source),
      "they differ: run deno task build:embedded",
    );
  });

  Deno.test(`${module} gives the bytes of ${source}`, async () => {
    const embedded = (await import(`../../../${module}`)).bytes();
    const file = await Deno.readFile(source);
    assertEquals(embedded.length, file.length);
    assert(file.every((byte, i) => byte === embedded[i]));
  });
}
