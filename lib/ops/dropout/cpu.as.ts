// Dropout of whole rows.
import { keepScale, keepScale4, rowKey } from "../../device/cpu/kernels/dropout.as";

// y = x with dropout. Words: 0 x [T, H], 1 y, 2 T, 3 H, 4 examples, 5
// positions, 6 key, 7 threshold, 8 scale (f32).
export function dropRows(args: usize, slice: i32, slices: i32): void {
  const x = load<usize>(args);
  const y = load<usize>(args, 4);
  const rows = load<i32>(args, 8);
  const width = load<i32>(args, 12);
  const threshold = load<u32>(args, 28);
  const scale = load<f32>(args, 32);
  const whole = width & ~3;
  const last = rows * (slice + 1) / slices;
  for (let t = rows * slice / slices; t < last; t++) {
    const row = rowKey(
      load<i32>(args, 24),
      load<i32>(load<usize>(args, 16) + (<usize> t << 2)),
      load<i32>(load<usize>(args, 20) + (<usize> t << 2)),
    );
    const offset = <usize> t * width << 2;
    for (let i = 0; i < whole; i += 4) {
      const at = offset + (<usize> i << 2);
      v128.store(
        y + at,
        f32x4.mul(v128.load(x + at), keepScale4(row, i, threshold, scale)),
      );
    }
    for (let i = whole; i < width; i++) {
      const at = offset + (<usize> i << 2);
      store<f32>(
        y + at,
        load<f32>(x + at) * keepScale(row, i, threshold, scale),
      );
    }
  }
}
