/**
 * Directories of other programs, and of other things than models, by names in
 * them: each with what to do.
 *
 * @module
 */
import type { Listing } from "./listing.ts";

/** A kind of directory that is refused. */
interface ForeignKind {
  /** A name that only such directories have; folders' end in a slash. */
  mark: RegExp;
  /** What it holds, for the end of "it holds". */
  what: string;
  /** What to do; `DIR` stands for the directory. */
  hint: string;
  /**
   * What doesn't keep it from being refused if it is there, too; if nothing is
   * said, a configuration alone.
   */
  despite?: readonly ("config" | "weights")[];
}

/** A kind that was found. */
export interface FoundKind {
  /** What the directory holds. */
  what: string;
  /** The name that tells it. */
  name: string;
  /** What to do. */
  hint: string;
}

const NAME_MODEL = "name a directory of BERT, DistilBERT, ELECTRA or RoBERTa";

const NEEDED = "model.safetensors or pytorch_model.bin";

/** The more a name tells, the earlier it is looked for. */
const KINDS: readonly ForeignKind[] = [
  {
    mark: /^adapter_config\.json$/,
    what: "an adapter, as PEFT's LoRA, not a whole model",
    hint: "merge it into its base in Python: PeftModel.from_pretrained(base, " +
      '"DIR").merge_and_unload().save_pretrained("merged"), then --model merged',
    despite: ["config", "weights"],
  },
  {
    mark: /^model_index\.json$/,
    what: "a pipeline of diffusers",
    hint: NAME_MODEL,
    despite: ["config", "weights"],
  },
  {
    mark: /^(quantize_config|quant_config)\.json$/,
    what: "weights quantized by GPTQ or AWQ",
    hint: "take the model that was quantized, in 32 or 16 bits",
    despite: ["config", "weights"],
  },
  {
    mark: /^optimizer\.safetensors$/,
    what: "a checkpoint of a run, which only --resume reads",
    hint: "name the run's own directory, two levels up",
    despite: ["weights"],
  },
  {
    mark: /^data\.pkl$/,
    what: "what torch.save writes, taken for an archive of files",
    hint: "give the file a name that ends in .pt or .bin",
  },
  {
    mark: /\.gguf$|^ggml-.*\.bin$/,
    what: "a GGUF file of llama.cpp, whose weights are quantized",
    hint: `take the ${NEEDED} that it was made of`,
  },
  {
    // Optimum, transformers.js and `export` put it into a folder.
    mark: /\.onnx$|^onnx\/$/,
    what: "an ONNX graph, not the weights by name",
    hint: `take the ${NEEDED} that it was exported from; of an export, ` +
      "name the run",
  },
  {
    mark: /^openvino(_\w*\.(xml|bin)|\/)$/,
    what: "a model of OpenVINO",
    hint: `take the ${NEEDED} that it was made of`,
  },
  {
    mark: /\.(mlmodel|mlpackage\/|mlmodelc\/)$|^coreml\/$/,
    what: "a model of Core ML",
    hint: `take the ${NEEDED} that it was made of`,
  },
  {
    mark: /\.(tflite|engine|plan|trt)$/,
    what: "a model compiled for TensorFlow Lite or TensorRT",
    hint: `take the ${NEEDED} that it was made of`,
  },
  {
    mark: /^tf_model.*\.h5$/,
    what: "weights of TensorFlow alone",
    hint: "convert them with transformers 4 and TensorFlow in Python: " +
      "AutoModelForSequenceClassification.from_pretrained(" +
      "'DIR', from_tf=True).save_pretrained(OUT)",
  },
  {
    mark: /^flax_model.*\.msgpack$/,
    what: "weights of Flax alone",
    hint: "convert them with transformers 4 and Flax in Python: " +
      "AutoModelForSequenceClassification.from_pretrained(" +
      "'DIR', from_flax=True).save_pretrained(OUT)",
  },
  {
    mark: /\.ckpt(-\d+)?\.(index|meta|data-\d{5}-of-\d{5})$/,
    what: "a checkpoint of TensorFlow 1, as Google published BERT",
    hint: "convert it with transformers 4 and TensorFlow: transformers-cli " +
      "convert --model_type bert --tf_checkpoint bert_model.ckpt --config " +
      "bert_config.json --pytorch_dump_output pytorch_model.bin",
  },
  {
    mark: /^(saved_model\.pb|keras_metadata\.pb)$|\.(keras|h5)$/,
    what: "a model of TensorFlow or Keras",
    hint: `take the model's ${NEEDED}`,
  },
  {
    mark: /^rust_model\.ot$/,
    what: "weights of rust-bert alone",
    hint: `take the model's ${NEEDED}`,
  },
  {
    mark: /^(zero_to_fp32\.py|global_step\d+\/)$/,
    what: "a checkpoint of DeepSpeed, whose weights lie in parts",
    hint: "join them: python zero_to_fp32.py . pytorch_model.bin",
  },
  {
    mark: /\.distcp$|^pytorch_model_fsdp_\d+\/$/,
    what: "a checkpoint of FSDP, whose weights lie in parts",
    hint: "join them: accelerate merge-weights DIR/pytorch_model_fsdp_0 OUT",
  },
  {
    mark: /^config\.cfg$/,
    what: "a pipeline of spaCy",
    hint: NAME_MODEL,
  },
  {
    mark: /^(dict\.txt|encoder\.json|vocab\.bpe)$/,
    what: "a model of fairseq",
    hint: "take the same model from the Hugging Face hub, as roberta-base",
    despite: ["weights"],
  },
  {
    mark: /\.(vec|ftz|glove|w2v)$|^(glove|wiki)\b.*\.txt$/,
    what: "word vectors, as fastText's or GloVe's, no BERT",
    hint: NAME_MODEL,
  },
  {
    mark: /\.nemo$/,
    what: "a model of NeMo",
    hint: "it is a tar archive of a PyTorch file; save its encoder by " +
      "save_pretrained(OUT)",
  },
  {
    mark: /^MLmodel$/,
    what: "a model of MLflow",
    hint: "in Python: pipeline = mlflow.transformers.load_model('DIR'), then " +
      "save_pretrained(OUT) of its model and of its tokenizer",
  },
  {
    mark: /\.(joblib|sav)$|^model\.pkl$/,
    what: "a pickle of Python's, as scikit-learn's",
    hint: NAME_MODEL,
  },
  {
    mark: /^dataset_(infos?|dict)\.json$/,
    what: "a data set, not a model",
    hint: "give it as --data, as Parquet, CSV or JSON lines",
    despite: [],
  },
  {
    mark: /\.(csv|tsv|jsonl|ndjson|parquet|arrow|xlsx)(\.gz)?$/i,
    what: "data, not a model",
    hint: "give it as --data, and --model the model",
    despite: [],
  },
  {
    mark: /\.(zip|tar|tgz|tar\.gz)$/i,
    what: "an archive that is still packed",
    hint: "give the archive itself as --model, or unpack it",
    despite: [],
  },
];

/** What a directory has besides. */
export interface Besides {
  /** Whether there is a configuration. */
  config: boolean;
  /** Whether there are weights that may be taken. */
  weights: boolean;
}

/**
 * What a directory is that is of another program, or no model at all.
 *
 * @param listing The directory.
 * @param besides What it has besides.
 * @return Null if nothing in it is of such a kind.
 */
export function foreignKind(
  { files, folders }: Listing,
  { config, weights }: Besides,
): FoundKind | null {
  const names = [...files, ...[...folders].map((name) => `${name}/`)].sort();
  for (const { mark, what, hint, despite = ["config"] } of KINDS) {
    if (weights && !despite.includes("weights")) continue;
    if (config && !despite.includes("config")) continue;
    const name = names.find((name) => mark.test(name));
    if (name !== undefined) return { what, name, hint };
  }
  return null;
}

/**
 * What a lone file is that is of another program, or no model at all.
 *
 * @param name The file's name.
 * @return Null if its name tells nothing.
 */
export function foreignFileName(name: string): FoundKind | null {
  const kind = KINDS.find(({ mark }) => mark.test(name));
  return kind ? { what: kind.what, name, hint: kind.hint } : null;
}
