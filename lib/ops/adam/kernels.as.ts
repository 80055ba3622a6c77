// Adam on one parameter, in place.
import { madd } from "../../device/native/simd.as";

// Words: 0 p, 1 m, 2 v, 3 g, 4 elements, 5 rate (f32), 6 root scale (f32).
export function adamUpdate(args: usize, part: i32, parts: i32): void {
  const p = load<usize>(args);
  const m = load<usize>(args, 4);
  const v = load<usize>(args, 8);
  const g = load<usize>(args, 12);
  const count = <i64> load<i32>(args, 16);
  const rate = load<f32>(args, 20);
  const rootScale = load<f32>(args, 24);
  const end = part + 1 == parts
    ? <usize> count << 2
    : <usize> (count * (part + 1) / parts & ~3) << 2;
  const b1 = f32x4.splat(0.9);
  const a1 = f32x4.splat(0.1);
  const b2 = f32x4.splat(0.999);
  const a2 = f32x4.splat(0.001);
  const rate4 = f32x4.splat(rate);
  const scale4 = f32x4.splat(rootScale);
  const epsilon = f32x4.splat(1e-8);
  let at = <usize> (count * part / parts & ~3) << 2;
  for (; at + 16 <= end; at += 16) {
    const d = v128.load(g + at);
    const mm = madd(b1, v128.load(m + at), f32x4.mul(a1, d));
    const vv = madd(b2, v128.load(v + at), f32x4.mul(a2, f32x4.mul(d, d)));
    v128.store(m + at, mm);
    v128.store(v + at, vv);
    v128.store(
      p + at,
      f32x4.sub(
        v128.load(p + at),
        f32x4.div(
          f32x4.mul(rate4, mm),
          madd(f32x4.sqrt(vv), scale4, epsilon),
        ),
      ),
    );
  }
  for (; at < end; at += 4) {
    const d = load<f32>(g + at);
    const mm = <f32> 0.9 * load<f32>(m + at) + <f32> 0.1 * d;
    const vv = <f32> 0.999 * load<f32>(v + at) + <f32> 0.001 * (d * d);
    store<f32>(m + at, mm);
    store<f32>(v + at, vv);
    store<f32>(
      p + at,
      load<f32>(p + at) - rate * mm / (sqrt<f32>(vv) * rootScale + <f32> 1e-8),
    );
  }
}
