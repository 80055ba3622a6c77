/**
 * What training scripts keep in a checkpoint beside the state dict.
 *
 * @module
 */

/** Names of Python that hold settings and figures; nothing of them is made. */
const BESIDE: readonly RegExp[] = [
  /^argparse Namespace$/,
  /^types SimpleNamespace$/,
  /^collections (?:defaultdict|Counter)$/,
  /^(?:builtins|__builtin__) (?:set|frozenset|bytearray|complex|int|float|str|bool|list|dict|tuple)$/,
  /^_codecs encode$/,
  /^datetime (?:datetime|timedelta|date|timezone)$/,
  /^pathlib(?:\._local)? (?:Pure)?(?:Posix|Windows)?Path$/,
  /^numpy (?:dtype|ndarray)$/,
  /^numpy\._?core\.multiarray (?:scalar|_reconstruct)$/,
  /^torch (?:Size|device|float16|float32|float64|bfloat16|u?int(?:8|16|32|64)|bool)$/,
  /^torch\.torch_version TorchVersion$/,
  /^omegaconf\.\S+ \w+$/,
  /^(?:pytorch_lightning|lightning|lightning_fabric)(?:\.\w+)+ \w+$/,
  /^transformers\.(?:training_args|trainer_utils|models\.\w+\.configuration_\w+) \w+$/,
];

/**
 * Whether a name is of something that may lie beside a state dict. No such
 * thing is ever made: a pickle that mentions it gets a thing without a content.
 *
 * @param name Module and name, separated by a blank.
 */
export function isBeside(name: string): boolean {
  return BESIDE.some((pattern) => pattern.test(name));
}
