/**
 * Weight files of MXNet, PyTorch, NumPy and safetensors as named arrays, and
 * the directories of models: the book's, Hugging Face's and this project's.
 *
 * Take this entry to look into a weight file, or to bring a model from one
 * program to another; it computes nothing.
 *
 * @example Write arrays as safetensors, and read them again
 * ```ts
 * import { readWeightFile, writeSafetensors } from "@premise/premise/weights";
 * import { assertEquals } from "@std/assert";
 *
 * const file = await Deno.makeTempFile({ suffix: ".safetensors" });
 * const bias = { shape: [2], data: Float32Array.of(1, -0.5) };
 * const content = new Blob(writeSafetensors(new Map([["bias", bias]])));
 * await Deno.writeFile(file, content.stream());
 *
 * const arrays = await readWeightFile(file);
 * assertEquals(arrays.get("bias")?.data, bias.data);
 * await Deno.remove(file);
 * ```
 *
 * @module
 */
export type { ModelFacts } from "../hub/catalogue/catalogue.ts";
export type { FloatArray, NamedArrays } from "./formats/arrays.ts";
export type {
  FamilyName,
  ModelConfig,
  ModelOverrides,
} from "./model_config.ts";
export {
  type OpenedModel,
  openModelDir,
  type OpenModelDirOptions,
} from "./model_dir.ts";
export { type ModelToWrite, writeModelDir } from "./write_model_dir.ts";
export { openModel, type OpenModelOptions } from "./open_model.ts";
export type { Naming } from "./families/family.ts";
export { foreignName, neutralName } from "./families/names.ts";
export {
  readSafetensors,
  type Safetensors,
  writeSafetensors,
} from "./formats/safetensors.ts";
export { parameterShapes, type ParameterShapesOptions } from "./shapes.ts";
export {
  readWeightFile,
  type ReadWeightFileOptions,
} from "./formats/weight_file.ts";
export type { LabelSource } from "./families/label_source.ts";
