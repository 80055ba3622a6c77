/**
 * What the page of results says of a GPU, beside the comparisons.
 *
 * @module
 */
import {
  type CaseResult,
  ofKind,
  type Products,
  rank,
  type Steps,
} from "./result.ts";
import { markdownTable } from "./tables.ts";

const WORDS = { words: ["model", "layer", "pass", "side", "reached"] };

/**
 * The section.
 *
 * @param results Of all cases that were run.
 * @return Markdown.
 */
export function renderGpu(results: readonly CaseResult[]): string {
  const products = ofKind(results, "products");
  return [
    `\`bench/gpu.sh\` measures a machine's GPU: matrix products, steps, training, and
PyTorch with CUDA beside it where there is one.${
      products.some(({ hardware }) => hardware)
        ? ""
        : ` **It has not been run on hardware
yet:** the figures are of a GPU that is a program on the CPU. They tell what a step
costs the host, and how our kernels do beside others, not how fast a GPU is.`
    }`,
    ...products.map(productText),
    ...ofKind(results, "steps").map(stepText),
  ].join("\n\n");
}

function productText(
  { title, device, hardware, roof, rows, target }: CaseResult<Products>,
): string {
  return `**Matrix products**, ${title}: ${device}.
In registers alone it makes ${
    gigaflops(roof)
  } GFLOP/s of multiply-adds, which a product's
share is of. The target is ${percent(target.target)}, better ${
    percent(target.stretch)
  }, of hardware.

${
    markdownTable(
      ["model", "layer", "size", "pass", "GFLOP/s", "share", "reached"],
      rows.map(({ model, layer, pass, rows, columns, inner, rate }) => [
        model,
        layer,
        `${rows} x ${inner} x ${columns}`,
        pass,
        gigaflops(rate),
        percent(rate / roof),
        hardware ? rank(rate / roof, target) : "software",
      ]),
      WORDS,
    )
  }`;
}

function stepText(
  { title, device, peer, rows, ...bounds }: CaseResult<Steps>,
): string {
  const { mostDispatches, mostShare } = bounds;
  return `**Steps**, ${title}: ${device},
beside the same program on the WebGPU kernels of ${peer}. There may be
${mostDispatches} dispatches, and ${
    percent(mostShare)
  } of the other side's host time: the time until the GPU
has been told all of the step.

${
    markdownTable(
      [
        "model",
        "batch",
        "dispatches",
        "theirs",
        "host, ms",
        "theirs, ms",
        "share",
        "losses differ by",
        "reached",
      ],
      rows.map(({ model, examples, ours, theirs, largestDifference }) => [
        model,
        `${examples}`,
        `${ours.dispatches}`,
        `${theirs.dispatches}`,
        (1000 * ours.hostSeconds).toFixed(2),
        (1000 * theirs.hostSeconds).toFixed(2),
        percent(ours.hostSeconds / theirs.hostSeconds),
        largestDifference.toExponential(1),
        ours.dispatches <= mostDispatches &&
          ours.hostSeconds <= mostShare * theirs.hostSeconds
          ? "target"
          : "missed",
      ]),
      WORDS,
    )
  }`;
}

function gigaflops(rate: number): string {
  return (rate / 1e9).toFixed(rate < 1e11 ? 1 : 0);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
