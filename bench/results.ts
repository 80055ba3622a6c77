/**
 * The page of a benchmark's results, made from its figures alone.
 *
 * @module
 */

/** What a comparison measured. */
export interface Results {
  date: string;
  machine: string;
  deno: string;
  threads: number;
  batchSize: number;
  cases: {
    /** The other side. */
    peer: string;
    /** Our device. */
    device: string;
    /** Examples a second of both sides, a pair of steps each. */
    rates: [ours: number, theirs: number][];
    /** Most memory of both sides, in MB. */
    memory: [ours: number, theirs: number];
  }[];
}

/**
 * The page.
 *
 * @param results The figures.
 * @return Markdown.
 */
export function renderResults(results: Results): string {
  const rows = results.cases.map(({ peer, device, rates, memory }) => {
    const ratios = rates.map(([ours, theirs]) => ours / theirs);
    const side = (i: 0 | 1) => median(rates.map((pair) => pair[i])).toFixed(0);
    return `| ${peer} | ${device} | ${side(0)} | ${side(1)} | ${
      median(ratios).toFixed(1)
    } (${Math.min(...ratios).toFixed(1)}-${Math.max(...ratios).toFixed(1)}) | ${
      (memory[0] / memory[1]).toFixed(2)
    } |`;
  });
  return `# Training, side by side

bert.small's shape with random weights, batch ${results.batchSize}, Adam, dropout 0.1, the
lengths of real SNLI pairs; one step of each side in turn, ${
    results.cases[0].rates.length
  } pairs. Ratios
are the medians of the pairs' ratios, with the least and the largest.

| against | our device | ours, examples/s | theirs | ratio | memory |
| --- | --- | --- | --- | --- | --- |
${rows.join("\n")}

Machine: ${results.machine}; ${results.threads} threads on both sides; Deno ${results.deno};
${results.date}. Memory is the ratio of the most that the processes had.

Made by \`deno run -A bench/train.ts --python PYTHON --wheel D2L_WHEEL\`, where
PYTHON has torch 2.13.0 and D2L_WHEEL is d2l 1.0.3's. The figures are in
[train.json](train.json).
`;
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1];
}
