/**
 * Copies a block of a matrix into panels, the order in which the matrix
 * product reads it.
 *
 * A panel holds `width` lanes (rows of A or columns of B) side by side, one
 * depth k after another: lane l at depth k lies at panel[k * width + l]. The
 * last panel is filled up with lanes of zeros, so the product meets full panels
 * alone.
 *
 * @module
 */

/**
 * Packs `lanes` lanes of `depth` elements from `source` into panels at
 * `target`. `width` is 4 to 8: four lanes are moved at a time, and the second
 * four overlaps the first where the width is not 8.
 *
 * @param source Byte address of lane 0 at depth 0.
 * @param laneStep Bytes from a lane to the next.
 * @param depthStep Bytes from a depth to the next. This or `laneStep` is 4.
 */
export function pack(
  source: usize,
  laneStep: usize,
  depthStep: usize,
  lanes: i32,
  depth: i32,
  target: usize,
  width: i32,
): void {
  const panelBytes = <usize>depth * <usize>width * 4;
  const second: usize = width - 4;
  while (lanes >= width) {
    if (laneStep == 4) {
      copyFour(source, depthStep, depth, target, width);
      copyFour(
        source + 4 * second,
        depthStep,
        depth,
        target + 4 * second,
        width,
      );
    } else {
      transposeFour(source, laneStep, depth, target, width);
      transposeFour(
        source + second * laneStep,
        laneStep,
        depth,
        target + 4 * second,
        width,
      );
    }
    source += <usize>width * laneStep;
    target += panelBytes;
    lanes -= width;
  }
  if (lanes > 0) {
    memory.fill(target, 0, panelBytes);
    for (let lane = 0; lane < lanes; lane++) {
      copyLane(
        source + <usize>lane * laneStep,
        depthStep,
        depth,
        target + 4 * lane,
        width,
      );
    }
  }
}

/** Four lanes that lie side by side at each depth. */
function copyFour(
  source: usize,
  depthStep: usize,
  depth: i32,
  target: usize,
  width: i32,
): void {
  for (let k = 0; k < depth; k++) {
    v128.store(target, v128.load(source));
    source += depthStep;
    target += 4 * width;
  }
}

/** Four lanes, each of which lies in one run: squares of 4 by 4, turned. */
function transposeFour(
  source: usize,
  laneStep: usize,
  depth: i32,
  target: usize,
  width: i32,
): void {
  let lane0 = source;
  let lane1 = lane0 + laneStep;
  let lane2 = lane1 + laneStep;
  let lane3 = lane2 + laneStep;
  const step = 4 * width;
  let k = 0;
  for (; k + 4 <= depth; k += 4) {
    const row0 = v128.load(lane0);
    const row1 = v128.load(lane1);
    const row2 = v128.load(lane2);
    const row3 = v128.load(lane3);
    const low01 = v128.shuffle<f32>(row0, row1, 0, 4, 1, 5);
    const low23 = v128.shuffle<f32>(row2, row3, 0, 4, 1, 5);
    const high01 = v128.shuffle<f32>(row0, row1, 2, 6, 3, 7);
    const high23 = v128.shuffle<f32>(row2, row3, 2, 6, 3, 7);
    v128.store(target, v128.shuffle<f32>(low01, low23, 0, 1, 4, 5));
    v128.store(target + step, v128.shuffle<f32>(low01, low23, 2, 3, 6, 7));
    v128.store(
      target + 2 * step,
      v128.shuffle<f32>(high01, high23, 0, 1, 4, 5),
    );
    v128.store(
      target + 3 * step,
      v128.shuffle<f32>(high01, high23, 2, 3, 6, 7),
    );
    lane0 += 16;
    lane1 += 16;
    lane2 += 16;
    lane3 += 16;
    target += 4 * step;
  }
  copyLane(lane0, 4, depth - k, target, width);
  copyLane(lane1, 4, depth - k, target + 4, width);
  copyLane(lane2, 4, depth - k, target + 8, width);
  copyLane(lane3, 4, depth - k, target + 12, width);
}

/** One lane, element by element. */
function copyLane(
  source: usize,
  depthStep: usize,
  depth: i32,
  target: usize,
  width: i32,
): void {
  for (let k = 0; k < depth; k++) {
    store<f32>(target, load<f32>(source));
    source += depthStep;
    target += 4 * width;
  }
}
