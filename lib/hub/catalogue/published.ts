/**
 * What others have published, and this program knows by name: addresses,
 * digests and terms.
 *
 * @module
 */

const bookModels = "http://d2l-data.s3-accelerate.amazonaws.com/";
const bookLicence =
  "published with Dive into Deep Learning (text CC BY-SA 4.0, code MIT-0)";
const snliLicence =
  "CC BY-SA 4.0, Stanford NLP Group (Bowman et al., EMNLP 2015)";
const labels = ["entailment", "contradiction", "neutral"];

/** Models of the hub: where they are, and under which terms. */
const hubModels: readonly [repository: string, licence: string][] = [
  ["google-bert/bert-base-uncased", "Apache-2.0"],
  ["google-bert/bert-base-cased", "Apache-2.0"],
  ["google-bert/bert-large-uncased", "Apache-2.0"],
  ["google/bert_uncased_L-2_H-128_A-2", "Apache-2.0"],
  ["google/bert_uncased_L-4_H-256_A-4", "Apache-2.0"],
  ["google/bert_uncased_L-4_H-512_A-8", "Apache-2.0"],
  ["google/bert_uncased_L-8_H-512_A-8", "Apache-2.0"],
  ["microsoft/MiniLM-L12-H384-uncased", "MIT"],
  ["nreimers/MiniLM-L6-H384-uncased", "MIT"],
  ["sentence-transformers/all-MiniLM-L6-v2", "Apache-2.0"],
  ["distilbert/distilbert-base-uncased", "Apache-2.0"],
  ["FacebookAI/roberta-base", "MIT"],
  ["google/electra-small-discriminator", "Apache-2.0"],
  ["google/electra-base-discriminator", "Apache-2.0"],
];

/** The built-in entries, as a catalogue file would have them. */
export const published: readonly unknown[] = [
  {
    name: "bert.small",
    kind: "model",
    url: bookModels + "bert.small.zip",
    sha1: "a4e718a47137ccd1809c9107ab4f5edd317bae2c",
    licence: bookLicence,
    format: "d2l-mxnet",
    facts: { heads: 4, dropout: 0.1, labels },
  },
  {
    name: "bert.base",
    kind: "model",
    url: bookModels + "bert.base.zip",
    sha1: "7b3820b35da691042e5d34c0971ac3edbd80d3f4",
    licence: bookLicence,
    format: "d2l-mxnet",
    facts: { heads: 12, dropout: 0.1, labels },
  },
  {
    name: "bert.small.torch",
    kind: "model",
    url: bookModels + "bert.small.torch.zip",
    sha1: "c72329e68a732bef0452e4b96a1c341c8910f81f",
    licence: bookLicence,
    format: "d2l-torch",
    facts: { heads: 4, dropout: 0.1, labels },
  },
  {
    name: "bert.base.torch",
    kind: "model",
    url: bookModels + "bert.base.torch.zip",
    sha1: "225d66f04cae318b841a13d32af3acc165f253ac",
    licence: bookLicence,
    format: "d2l-torch",
    facts: { heads: 12, dropout: 0.1, labels },
  },
  {
    name: "snli",
    kind: "dataset",
    url: "https://nlp.stanford.edu/projects/snli/snli_1.0.zip",
    sha1: "9fcde07509c7e87ec61c640c1b2753d9041758e4",
    licence: snliLicence,
    format: "snli",
  },
  {
    name: "bert.tiny",
    kind: "model",
    url: "fixture:bert.tiny.zip",
    sha1: "be688f04eb5cc367dbb09f059e9be4c3cf54bd1c",
    bytes: 2_483_362,
    licence: "CC BY-SA 4.0 (pretrained on sentences of SNLI)",
    format: "d2l-mxnet",
    facts: { heads: 4, dropout: 0.1, labels },
  },
  {
    name: "snli.sample",
    kind: "dataset",
    url: "fixture:snli_1.0.zip",
    sha1: "7b20e97b94813abd72efc906d534cc0d787d8ad7",
    bytes: 606_486,
    licence: snliLicence,
    format: "snli",
  },
  ...hubModels.map(([repository, licence]) => ({
    name: repository.slice(repository.indexOf("/") + 1),
    kind: "model",
    url: `hf:${repository}`,
    licence,
    format: "hf",
  })),
];
