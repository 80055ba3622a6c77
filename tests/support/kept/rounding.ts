/**
 * Whether this machine can compute the bits that were kept.
 *
 * The CPU's kernels multiply and add by WebAssembly's relaxed instruction. It
 * rounds once where the processor has a fused multiply-add, as that of the
 * machine that made the kept files, and twice elsewhere, as on x86 without
 * FMA3. Nothing else in the kernels depends on the machine: no sum's order goes
 * by the number of threads.
 *
 * @module
 */
import { assertAlmostEquals, assertEquals } from "@std/assert";

/** `(a, b, c) => a * b + c`, in each lane of a vector; the first is told. */
const MULTIPLY_ADD = Uint8Array.from([
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00], // "\0asm", version 1
  ...[0x01, 0x08, 0x01, 0x60, 0x03, 0x7d, 0x7d, 0x7d, 0x01, 0x7d], // its type
  ...[0x03, 0x02, 0x01, 0x00], // one function of it
  ...[0x07, 0x08, 0x01, 0x04, 0x6d, 0x61, 0x64, 0x64, 0x00, 0x00], // "madd"
  ...[0x0a, 0x16, 0x01, 0x14, 0x00], // its code
  ...[0x20, 0x00, 0xfd, 0x13], // local.get 0, f32x4.splat
  ...[0x20, 0x01, 0xfd, 0x13],
  ...[0x20, 0x02, 0xfd, 0x13],
  ...[0xfd, 0x85, 0x02], // f32x4.relaxed_madd
  ...[0xfd, 0x1f, 0x00], // f32x4.extract_lane 0
  0x0b,
]);

const { exports } = new WebAssembly.Instance(
  new WebAssembly.Module(MULTIPLY_ADD),
);
const madd = exports.madd as (a: number, b: number, c: number) => number;
/** Its square, rounded to 32 bits, loses its last term, 2 ** -24. */
const a = 1 + 2 ** -12;

/** Whether a multiply-add rounds once. */
export const roundsOnce = madd(a, a, -(1 + 2 ** -11)) === 2 ** -24;

/** How far numbers may be apart where bits can't be the same. */
const TOLERANCE = 1e-3;

/** A test's name, which says so where it compares less than the bits. */
export function named(name: string): string {
  return roundsOnce
    ? name
    : `${name} (to ${TOLERANCE}: this machine rounds a multiply-add twice)`;
}

/**
 * Asserts that what was computed is what was kept: every bit of it, or where
 * this machine can't have them the same but for rounding.
 *
 * @param actual Values as JSON has them.
 * @param kept The same.
 */
export function assertKept(actual: unknown, kept: unknown, where = ""): void {
  if (roundsOnce) return assertEquals(actual, kept, where);
  if (typeof kept === "number" && typeof actual === "number") {
    return assertAlmostEquals(actual, kept, TOLERANCE, where);
  }
  if (Object(kept) !== kept || Object(actual) !== actual) {
    return assertEquals(actual, kept, where);
  }
  const [values, expected] = [actual, kept] as Record<string, unknown>[];
  assertEquals(Object.keys(values), Object.keys(expected), where);
  for (const key in expected) {
    assertKept(values[key], expected[key], `${where}.${key}`);
  }
}
