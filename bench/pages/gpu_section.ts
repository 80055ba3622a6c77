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
} from "../result.ts";
import { markdownTable } from "./tables.ts";

const WORDS = { words: ["model", "layer", "pass", "side", "reached"] };

/**
 * The section.
 *
 * @param results Of all cases that were run.
 * @return Markdown.
 */
export function renderGpu(results: readonly CaseResult[]): string {
  const sections = [
    ...ofKind(results, "products").map(productText),
    ...ofKind(results, "steps").map(stepText),
  ];
  const devices = results.map((result) =>
    "device" in result ? String(result.device) : ""
  );
  return [
    `\`bench/gpu.sh\` measures a machine's GPU: matrix products, steps, training, and
PyTorch with CUDA beside it where there is one.${
      devices.some((device) => SOFTWARE.test(device)) ? SOFTWARE_NOTE : ""
    }`,
    ...sections,
  ].join("\n\n");
}

/** Devices whose figures tell nothing of a GPU in hardware. */
const SOFTWARE = /^webgpu .*llvmpipe/;
const SOFTWARE_NOTE = ` Where the device is llvmpipe, the
GPU is a program on the CPU: its figures tell how our kernels do beside others, not
how fast a GPU is.`;

function productText(
  { title, device, hardware, roof, rows, target }: CaseResult<Products>,
): string {
  return `**Matrix products**, ${title}: ${device}.
In registers alone it makes ${
    gigaflops(roof)
  } GFLOP/s of multiply-adds, which a product's
share is of. The floor is ${percent(target.floor)}, the target ${
    percent(target.target)
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

/** Beside the same program on the stock kernels. */
function stepText(
  { title, device, peer, rows, ...bounds }: CaseResult<Steps>,
): string {
  const { mostDispatches, mostShare } = bounds;
  return `**Steps**, ${title}: ${device},
beside the same program on the WebGPU kernels of ${peer}. There may be
${mostDispatches} dispatches, and ${
    percent(mostShare)
  } of the other side's host time: the time until the GPU
has been told all of the step, which of most steps it has recorded before. (On a GPU
in software, it is what the thread that tells it computes itself.)

${
    markdownTable(
      [
        "model",
        "batch",
        "dispatches",
        "theirs",
        "host, ms",
        "not recorded, ms",
        "theirs, ms",
        "share",
        "first losses differ by",
        "reached",
      ],
      rows.map(({ model, examples, ours, taken, theirs, firstDifference }) => [
        model,
        `${examples}`,
        `${ours.dispatches}`,
        `${theirs.dispatches}`,
        // Older results are of steps that were not recorded.
        taken ? (1000 * ours.hostSeconds).toFixed(2) : "not measured",
        (1000 * (taken ?? ours).hostSeconds).toFixed(2),
        (1000 * theirs.hostSeconds).toFixed(2),
        percent(ours.hostSeconds / theirs.hostSeconds),
        firstDifference?.toExponential(1) ?? "not compared",
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
