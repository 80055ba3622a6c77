// Look-ups of the encoder's input, and the sums of rows that are their gradient.

// Words: 0 y [T, H], 1..3 tables, 4..6 indices [T], 7 T, 8 H.
export function embeddingSum(args: usize, part: i32, parts: i32): void {
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
  const first = rows * part / parts;
  const last = rows * (part + 1) / parts;
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

// Adds rows to the rows of a table that they were looked up in. Words: 0 dy
// [T, H], 1 index [T], 2 sums [V, H], zero before, 3 T, 4 H. Each part has
// columns of its own and goes through the rows in order.
export function embeddingScatter(args: usize, part: i32, parts: i32): void {
  const dy = load<usize>(args);
  const index = load<usize>(args, 4);
  const sums = load<usize>(args, 8);
  const rows = load<i32>(args, 12);
  const width = load<i32>(args, 16);
  const bytes = <usize> width << 2;
  const first = <usize> ((width * part / parts) & ~3) << 2;
  const end = part + 1 == parts
    ? bytes
    : <usize> ((width * (part + 1) / parts) & ~3) << 2;
  for (let t = 0; t < rows; t++) {
    const from = dy + <usize> t * bytes;
    const to = sums + <usize> load<i32>(index + (<usize> t << 2)) * bytes;
    let i = first;
    for (; i + 16 <= end; i += 16) {
      v128.store(to + i, f32x4.add(v128.load(to + i), v128.load(from + i)));
    }
    for (; i < end; i += 4) {
      store<f32>(to + i, load<f32>(to + i) + load<f32>(from + i));
    }
  }
}
