/**
 * Checks a model's configuration as a whole.
 *
 * @module
 */
import { listProblems } from "../errors.ts";
import { type ModelConfig, modelConfigSchema } from "./model_config.ts";

/**
 * Checks that a configuration describes a model that can be built.
 *
 * @param candidate What should be a {@link ModelConfig}.
 * @param source The file or directory that it comes from, for the error.
 * @return The configuration.
 * @throws UserError `bad-model` that lists every problem at once.
 */
export function checkConfig(candidate: unknown, source: string): ModelConfig {
  const parsed = modelConfigSchema.safeParse(candidate);
  const problems = parsed.success
    ? contradictions(parsed.data)
    : parsed.error.issues.map(({ path, message }) =>
      `${path.join(".") || "the whole"}: ${message}`
    );
  if (!parsed.success || problems.length > 0) {
    throw listProblems(`Cannot use the model "${source}"`, problems, {
      code: "bad-model",
      hint:
        "--heads, --labels, --dropout and --max-len replace what a model says",
    });
  }
  return parsed.data;
}

function contradictions(config: ModelConfig): string[] {
  const { hidden, heads, maxLength, positions, labels } = config;
  const problems: string[] = [];
  if (hidden % heads !== 0) {
    problems.push(
      `${hidden} hidden units cannot be split evenly among ${heads} heads`,
    );
  }
  if (maxLength > positions) {
    problems.push(
      `inputs of up to ${maxLength} tokens do not fit in ${positions} positions`,
    );
  }
  if (new Set(labels).size < labels.length) {
    problems.push(`labels ${labels.join(", ")} are not all different`);
  }
  return problems;
}
