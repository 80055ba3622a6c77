// Whole rows of tables.

// y[i] = x[index[i]]. Words: 0 x [V, H], 1 index [M], 2 y [M, H], 3 M, 4 H.
export function gatherRows(args: usize, slice: i32, slices: i32): void {
  const x = load<usize>(args);
  const index = load<usize>(args, 4);
  const y = load<usize>(args, 8);
  const rows = load<i32>(args, 12);
  const bytes = <usize> load<i32>(args, 16) << 2;
  const last = rows * (slice + 1) / slices;
  for (let i = rows * slice / slices; i < last; i++) {
    const row = load<i32>(index + (<usize> i << 2));
    memory.copy(y + <usize> i * bytes, x + <usize> row * bytes, bytes);
  }
}

// x[index[i]] = y[i], and 0 elsewhere, for an index that rises from 0 and has V
// after its end. Words as above.
export function spreadRows(args: usize, slice: i32, slices: i32): void {
  const x = load<usize>(args);
  const index = load<usize>(args, 4);
  const y = load<usize>(args, 8);
  const rows = load<i32>(args, 12);
  const bytes = <usize> load<i32>(args, 16) << 2;
  const last = rows * (slice + 1) / slices;
  for (let i = rows * slice / slices; i < last; i++) {
    const row = load<i32>(index + (<usize> i << 2));
    const next = load<i32>(index + (<usize> i << 2), 4);
    const to = x + <usize> row * bytes;
    memory.copy(to, y + <usize> i * bytes, bytes);
    memory.fill(to + bytes, 0, <usize> (next - row - 1) * bytes);
  }
}
