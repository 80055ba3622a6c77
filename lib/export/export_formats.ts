/**
 * The forms that a model can be exported in, by the values of `--format`.
 *
 * @module
 */
import type { Config } from "../settings/config.ts";
import { bookInMxnet, bookInTorch } from "./book.ts";
import type { ExportFormat } from "./export_format.ts";
import { huggingFace } from "./hugging_face.ts";
import { onnx } from "./onnx/onnx_format.ts";

/** What `--format` may be. */
export type FormatName = Config<"export">["format"];

/** The forms. */
export const EXPORT_FORMATS: Record<FormatName, ExportFormat> = {
  hf: huggingFace,
  "d2l-torch": bookInTorch,
  "d2l-mxnet": bookInMxnet,
  onnx,
};
