import { gunzipSync, gzipSync } from "node:zlib";
import { type Mutate, mutateBytes } from "./bytes.ts";

/** Changes a compressed file, or what is compressed in it. */
export function mutateGzip(mutate: Mutate): Mutate {
  return async (file, random) => {
    if (random.once(3)) return mutateBytes(file, random);
    try {
      const content = gunzipSync(file, { maxOutputLength: 2 ** 22 });
      const changed = await mutate(new Uint8Array(content), random);
      return new Uint8Array(gzipSync(changed));
    } catch {
      return mutateBytes(file, random);
    }
  };
}
