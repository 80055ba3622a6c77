import { assertRejects } from "@std/assert";
import { join } from "@std/path";
import { UserError } from "../../../lib/base/errors.ts";
import type { NamedArrays } from "../../../lib/weights/formats/arrays.ts";
import { writeSafetensors } from "../../../lib/weights/formats/safetensors.ts";
import { readWeightFile } from "../../../lib/weights/formats/weight_file.ts";
import {
  openModelDir,
  type OpenModelDirOptions,
} from "../../../lib/weights/model_dir.ts";

const GOLDEN = "fixtures/golden";
/** The book's model, as MXNet wrote it. */
export const MXNET = `${GOLDEN}/mxnet`;
/** The book's model, as PyTorch wrote it. */
export const TORCH = `${GOLDEN}/torch`;
/** A model of Hugging Face's. */
export const HF = `${GOLDEN}/hf`;

/** A model directory made of the golden one, for one test. */
export class Copy implements AsyncDisposable {
  private constructor(readonly path: string) {}

  static async of(source: string, ...names: string[]): Promise<Copy> {
    const path = await Deno.makeTempDir();
    for (const name of names) {
      await Deno.copyFile(join(source, name), join(path, name));
    }
    return new Copy(path);
  }

  static hf(): Promise<Copy> {
    return Copy.of(HF, "config.json", "model.safetensors", "vocab.txt");
  }

  async editJson(
    name: string,
    fields: Record<string, unknown>,
  ): Promise<void> {
    const file = join(this.path, name);
    const json = JSON.parse(await Deno.readTextFile(file));
    await Deno.writeTextFile(file, JSON.stringify({ ...json, ...fields }));
  }

  /** Writes arrays, changed at will, as safetensors. */
  async editArrays(
    from: string,
    to: string,
    change: (arrays: NamedArrays) => NamedArrays | void,
  ): Promise<void> {
    const arrays = await readWeightFile(from);
    const changed = change(arrays) ?? arrays;
    await Deno.writeFile(
      join(this.path, to),
      await new Blob(writeSafetensors(changed)).bytes(),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.path, { recursive: true });
  }
}

/** The message with which a directory is refused. */
export async function refusal(
  directory: string,
  options: OpenModelDirOptions = {},
): Promise<string> {
  const error = await assertRejects(
    () => openModelDir(directory, options),
    UserError,
  );
  return error.message;
}
