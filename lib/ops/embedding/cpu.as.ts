// Look-ups of the encoder's input, and the sums of rows that are their gradient.
import { storeUpTo } from "../../device/cpu/kernels/simd.as";

// Words: 0 y [T, H], 1..3 tables, 4..6 indices [T], 7 T, 8 H.
export function embeddingSum(args: usize, slice: i32, slices: i32): void {
  const y = load<usize>(args);
  const a = load<usize>(args, 4);
  const b = load<usize>(args, 8);
  const c = load<usize>(args, 12);
  const ia = load<usize>(args, 16);
  const ib = load<usize>(args, 20);
  const ic = load<usize>(args, 24);
  const rows = load<i32>(args, 28);
  const width = load<i32>(args, 32);
  const bytes = <usize> width << 2;
  const first = rows * slice / slices;
  const last = rows * (slice + 1) / slices;
  for (let t = first; t < last; t++) {
    const at = <usize> t << 2;
    const row = y + <usize> t * bytes;
    const pa = a + <usize> load<i32>(ia + at) * bytes;
    const pb = b + <usize> load<i32>(ib + at) * bytes;
    const pc = c + <usize> load<i32>(ic + at) * bytes;
    let i: usize = 0;
    for (; i + 16 <= bytes; i += 16) {
      v128.store(
        row + i,
        f32x4.add(
          f32x4.add(v128.load(pa + i), v128.load(pb + i)),
          v128.load(pc + i),
        ),
      );
    }
    for (; i < bytes; i += 4) {
      store<f32>(
        row + i,
        load<f32>(pa + i) + load<f32>(pb + i) + load<f32>(pc + i),
      );
    }
  }
}

// The sums of the rows of dy that look up the same row of a table: the gradient
// of two tables. Words: 0 dy [T, H], 1 and 2 sums, 3 uses [2 T], the rows of dy by
// table, row and index, 4 where each row's uses begin, and 2 T at the end, 5 H,
// 6 and 7 rows of the tables. Each slice has rows of its own, about as many uses
// as the others, and adds them in order.
export function embeddingGradient(args: usize, slice: i32, slices: i32): void {
  const starts = load<usize>(args, 16);
  const rows = load<i32>(args, 24) + load<i32>(args, 28);
  const total = <i64> load<i32>(starts + (<usize> rows << 2));
  const first = <i32> (total * slice / slices);
  const last = slice + 1 == slices
    ? i32.MAX_VALUE
    : <i32> (total * (slice + 1) / slices);
  for (let row = 0; row < rows; row++) {
    const start = load<i32>(starts + (<usize> row << 2));
    if (start >= first && start < last) sumUses(args, row);
  }
}

function sumUses(args: usize, row: i32): void {
  const dy = load<usize>(args);
  const bytes = <usize> load<i32>(args, 20) << 2;
  const start = load<usize>(args, 16) + (<usize> row << 2);
  const uses = load<usize>(args, 12);
  let use = uses + (<usize> load<i32>(start) << 2);
  const end = uses + (<usize> load<i32>(start, 4) << 2);
  const own = load<i32>(args, 24);
  const to = row < own
    ? load<usize>(args, 4) + <usize> row * bytes
    : load<usize>(args, 8) + <usize> (row - own) * bytes;
  memory.fill(to, 0, bytes);
  // Four at a time, as most of the work is to load and store the sum.
  for (; use + 16 <= end; use += 16) {
    const a = dy + <usize> load<i32>(use) * bytes;
    const b = dy + <usize> load<i32>(use, 4) * bytes;
    const c = dy + <usize> load<i32>(use, 8) * bytes;
    const d = dy + <usize> load<i32>(use, 12) * bytes;
    for (let at: usize = 0; at < bytes; at += 16) {
      let sum = f32x4.add(v128.load(to + at), v128.load(a + at));
      sum = f32x4.add(sum, v128.load(b + at));
      sum = f32x4.add(sum, v128.load(c + at));
      sum = f32x4.add(sum, v128.load(d + at));
      storeUpTo(to + at, sum, bytes - at);
    }
  }
  for (; use < end; use += 4) {
    const a = dy + <usize> load<i32>(use) * bytes;
    for (let at: usize = 0; at < bytes; at += 16) {
      const sum = f32x4.add(v128.load(to + at), v128.load(a + at));
      storeUpTo(to + at, sum, bytes - at);
    }
  }
}
