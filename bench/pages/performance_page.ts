/**
 * docs/performance.md, made from the benchmark's figures.
 *
 * @module
 */
import type { KernelRow, ProfileRow } from "../../lib/events/events.ts";
import {
  type CaseResult,
  ofKind,
  type Point,
  type Profile,
  type Scaling,
} from "../result.ts";
import { markdownTable } from "./tables.ts";

/** The columns of words in all tables. */
const WORDS = { words: ["phase", "kernel", "varied"] };

/** Kernels below this share of the time are summed up. */
const SMALL = 0.01;

/**
 * The page.
 *
 * @param results Of all cases that were run.
 * @return Markdown.
 */
export function renderPerformance(results: readonly CaseResult[]): string {
  return `# Performance

How fast the program is beside others, and against its targets, is told by
[the benchmark's results](../bench/RESULTS.md). This page is about why: where the
time goes, how the fast path works, and how cost grows. Its tables and charts are
made from [the benchmark's figures](../bench/results) by \`deno task bench\`.

For a run of your own, \`finetune --plan\` tells time and memory before anything is
written, and \`finetune --profile\` tells where the time went, with a trace that
chrome://tracing and [Perfetto](https://ui.perfetto.dev) open.

## Where the time goes

${ofKind(results, "profile").map(profileText).join("\n\n")}

### Where a target is missed

Beside transformers, at MiniLM's and bert.base's shapes, most of a step is
matrix products, which BLAS libraries make on both sides, here at three quarters and
more of their best rate. What this program does without is less there: only one of
six or twelve blocks is the last one, a norm after the embedding rules out projecting
each word once, and batches sorted by length have little padding. The book's MXNet code
made 14 examples a second where its target was set, and makes twice as many on the
machine of these results.

## How the fast path works

**No padding.** SNLI's pairs have 26 tokens on average and up to 113. Padded to
128, four fifths of the arithmetic would be on padding. A batch is one long row of
tokens with the places where examples begin: linear layers, norms and activations
see \`[T, H]\`, and only attention looks at the places. Nothing is masked, and batches
need not be sorted by length, so a plain shuffle will do.

**Only \`<cls>\` leaves the last block.** The classifier reads one row an example. The
last block's queries, output projection, feed-forward layer and norms run on those
B rows instead of T. It makes no keys and values either: with one query a head,
q (x Wk^T)^T is (q Wk) x^T, and the product in brackets is of B rows. With two blocks
that saves close to half of the work.

**A word is projected once.** Where the encoder's input is a plain sum of look-ups, the
first block's queries, keys and values are sums of look-ups too, in tables that are
projected: a batch of 512 pairs has some 13,500 tokens, but 1,750 different words.

**A dozen operations with kernels of their own**, in \`lib/ops/\`. Each does in one
pass over memory what plain tensor operations do in several: bias and activation
with the product, residual sum with dropout and norm, softmax and dropout inside of
attention. Dropout's masks are not stored: a hash of seed, step, layer and place
gives the same bit again when the gradient asks. The gradients' kernels are fused
likewise.

**Rows of the token table are updated when they are read.** A batch reads a few
thousand of its 60,005 rows. Adam moves the others too, since their moments decay;
a row that was left out makes up for the steps that it missed, one by one and
exactly, when it is read again. So there is no gradient as large as the table.

**Every core works.** Kernels split rows or examples into parts among threads that
share one memory. What a part is depends on the shapes alone, so the bits do not
depend on timing; who computes it does, so a thread that other programs hold up
leaves its parts to the others. Small kernels stay on one thread, which is faster
than waking others.

**Matrix products** go to OpenBLAS, MKL or Accelerate where there is one, straight
on the shared memory, and to SIMD kernels of our own where there is none
(\`--blas none\`). Our threads call the library for a tile of the result each: threads
of its own would fight with them for the cores. \`start\` events and \`run.json\` say which.
OpenBLAS knows processors by a list, and takes kernels of 2004 for one that is newer
than itself: then it is told newer ones that the processor has
(\`lib/device/cpu/blas/openblas_core.ts\`), unless \`OPENBLAS_CORETYPE\` is set.

**Memory does not grow.** Tensors live in an arena that is full after the first
steps, in pages of 2 MiB where Linux gives them. A batch that does not fit is computed in parts, whose gradients are summed
(\`--micro-batch-tokens\`).

## On a GPU

The same operations have kernels in WGSL, which Deno's WebGPU runs. What is special
to a GPU:

**The host must not be in the way.** Kernels are handed over with cached pipelines
and bind groups, and their numbers in one write for many; so are a batch's index
lists, of which a step has some twenty. Operations are recorded on
tfjs' tape directly, where its own way runs an operation within an operation and
copies what is saved by one more each. So a step of bert.small costs the host 3.7 ms
on an H100's machine, where the stock kernels take it 275.

**A step is recorded, then played.** The way to the kernels is the same for all steps
of the same sizes. So it is gone twice, and noted: which kernels, on which tensors,
with which numbers. If both notes agree, later steps leave it out: they send the
batch's lists and the few numbers that change, as dropout's keys and Adam's factors,
in one write, and run the kernels from the notes, three calls each. What the notes
don't agree in is not played but done, so that a kernel that is told something new at
each step costs time and nothing else. So that sizes recur, a batch is filled up to a
round number of tokens, 1 % more on average, with examples that count nothing: of
1,073 batches of 512 drawn from the fixtures' pairs, as many as SNLI has in an epoch,
97 of 100 are played. On a software adapter on two cores a step so takes the host's
thread 1.6 ms, 3.1 if it isn't played and 136 with the stock kernels (medians of 21 by
\`deno task bench gpu-steps\`). The bits are those of steps that aren't played. Steps
in parts, of \`--profile\` and of \`--skip-non-finite\` never are.

Waiting for a GPU costs 15 ms in Deno, which sleeps between two looks; so losses are
read every \`--log-every\` steps, all at once.

**Tiles of matrix products are chosen by the GPU's own clock**: after the first step
six forms are run in turn for each kind of product, once the GPU has come up to
speed, and the fastest is kept in the cache and in \`run.json\`. All of them add in the
same order, so that the choice changes no bit.

**Registers decide how fast a tile is.** A GPU hides the memory's latency behind other
workgroups, as many as its registers hold. So operands are copied a vector at a time:
four, turned into four others, would take fewer instructions but four times the
registers. Nor is there any question for an edge where sums are of whole steps.

**Attention works on 32 queries by 32 keys** in registers and workgroup memory, and its
gradient computes the probabilities once for all three gradients. All reads of a tile
are under way before the first of them is waited for.

**Shortcuts take few kernels.** A word is projected once on a GPU, too: one product
projects the rows in use of all three tables, and in the gradient rows are summed
before the products, which so have some 2,000 rows for 13,500 tokens. Where only
\`<cls>\` asks, a workgroup has an example and head, makes q Wk itself and reads no
keys and values. A step has no more kernels for either, and bert.small's linear layers
little more than half of the multiply-adds.

**What an H100 does.** bert.base's products reach 68 to 74 % of the multiply-adds that
shaders can make at all (63 TFLOP/s; WebGPU has no way to the tensor cores), and
bert.small's, whose sums have 256 terms, 54 to 58 %. At batch 512 the
kernels of a step of bert.small took the GPU 3.1 ms, one by one (linear layers 2.0,
attention 0.4), before they had these shortcuts, and the host 4 to 6 ms, depending on
the machine, before steps were recorded. An H100 has run neither yet. Beside PyTorch
there is but one measurement, without both and with two pairs of turns
(\`deno task bench gpu-train-torch gpu-base-torch --pairs 2\`): bert.small trained at
104,600 examples/s, 4.4 times (3.8 to 5.0) the book's PyTorch code on the same GPU in
fp32, padded to 128, and bert.base at 2,280, 3.9 times.

There, 160 steps on 56 examples lead the losses of our kernels and of the stock ones
apart by up to 3 %; on a software adapter they stay within 5e-7. The stock kernels
call the shaders' \`tanh\`, which NVIDIA's GPUs approximate to 11 bits, and one of so
many bits in our kernels leads them as far from the CPU's. Ours is exact to rounding:
the doctor found each kernel within 5e-7 of its reference there, and \`<cls>\`
attention, as it was, within 7e-6.

## How cost grows

${ofKind(results, "scaling").map(scalingText).join("\n\n")}
`;
}

function profileText(
  { model, batchSize, device, steps, seconds, rows, gpu }: CaseResult<Profile>,
): string {
  const phases = [...new Set(rows.map(({ phase }) => phase))];
  const sum = (chosen: readonly ProfileRow[]) =>
    chosen.reduce((total, row) => total + row.seconds, 0);
  const share = (part: number) => `${(100 * part / seconds).toFixed(1)} %`;
  const step = (part: number) => (1000 * part / steps).toFixed(1);
  const byPhase = phases.map((phase) => {
    const own = rows.filter((row) => row.phase === phase);
    const outside = sum(own.filter(({ kernel }) => kernel === ""));
    return [phase, step(sum(own)), share(sum(own)), share(outside)];
  });
  const large = rows.filter(({ kernel, seconds: part }) =>
    kernel !== "" && part >= SMALL * seconds
  ).sort((a, b) => b.seconds - a.seconds);
  const rest = rows.filter((row) => row.kernel !== "" && !large.includes(row));
  return `### ${model}, batch ${batchSize}

An epoch of ${steps} steps with real SNLI pairs, an evaluation and a checkpoint, on
${device}.

${
    markdownTable(
      ["phase", "ms a step", "share", "outside of kernels"],
      byPhase,
      WORDS,
    )
  }

Outside of kernels are the tape's bookkeeping, the packing of batches, and files.
Of the kernels, those that take at least ${100 * SMALL} %:

${
    markdownTable(["kernel", "phase", "calls a step", "ms a step", "share"], [
      ...large.map(({ kernel, phase, calls, seconds: part }) => [
        kernel,
        phase,
        `${+(calls / steps).toFixed(1)}`,
        step(part),
        share(part),
      ]),
      ["all others", "", "", step(sum(rest)), share(sum(rest))],
    ], WORDS)
  }${gpu.length > 0 ? gpuKernels(gpu, steps) : ""}`;
}

/** What a GPU took for its kernels, of a run of some steps. */
function gpuKernels(rows: readonly KernelRow[], steps: number): string {
  const sum = (chosen: readonly KernelRow[]) =>
    chosen.reduce((total, { seconds }) => total + seconds, 0);
  const all = sum(rows);
  const cells = (part: number) => [
    (1000 * part / steps).toFixed(2),
    `${(100 * part / all).toFixed(1)} %`,
  ];
  const large = rows.filter(({ seconds }) => seconds >= SMALL * all);
  const rest = rows.filter((row) => !large.includes(row));
  return `

These are the host's times, which hands the work over. The GPU itself took, each
kernel in a pass of its own and the evaluation's among them:

${
    markdownTable(["kernel", "calls a step", "ms a step", "share"], [
      ...large.map(({ kernel, calls, seconds }) => [
        kernel,
        `${+(calls / steps).toFixed(1)}`,
        ...cells(seconds),
      ]),
      ["all others", "", ...cells(sum(rest))],
      ["all", "", ...cells(all)],
    ], WORDS)
  }`;
}

function scalingText(result: CaseResult<Scaling>): string {
  const { device, points } = result;
  return `One thing is varied and the others are bert.small's, with batches of 128
pairs of SNLI's lengths (512 for threads; 64 of one length each for length), on
${device}. A width has a feed-forward layer twice as wide and heads of 64.

![Seconds a step over batch, length, width, depth and threads](scaling.svg)

${growthText(points)}

${
    markdownTable(
      [
        "varied",
        "value",
        "ms a step",
        "examples/s",
        "tokens/s",
        "memory, MiB",
        "of the peak",
      ],
      points.map((point) => [
        point.sweep,
        `${point.value}`,
        (1000 * point.seconds).toFixed(0),
        point.examplesPerSecond.toFixed(0),
        point.tokensPerSecond.toFixed(0),
        point.memory === null ? "" : (point.memory / 2 ** 20).toFixed(0),
        `${(100 * point.productShare).toFixed(0)} %`,
      ]),
      WORDS,
    )
  }

The last column is the arithmetic of the matrix products a second, as a share of
the best rate that big products alone reach in the same process.`;
}

/** What doubling each thing costs, at the larger end of its sweep. */
function growthText(points: readonly Point[]): string {
  const sweeps = [...new Set(points.map(({ sweep }) => sweep))];
  const growths = sweeps.flatMap((sweep) => {
    const [from, to] = points.filter((point) => point.sweep === sweep).slice(
      -2,
    );
    if (to === undefined) return [];
    const exponent = Math.log(to.seconds / from.seconds) /
      Math.log(to.value / from.value);
    return [`${sweep} x${(2 ** exponent).toFixed(2)}`];
  });
  return `What doubling costs, from the last two points of each: ${
    growths.join(", ")
  }.`;
}
