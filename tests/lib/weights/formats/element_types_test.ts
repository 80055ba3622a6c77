import { assertEquals } from "@std/assert";
import { toFloats } from "../../../../lib/weights/formats/element_types.ts";

Deno.test("floats keep every bit, a signalling NaN's payload included", () => {
  const bits = new Uint32Array([
    0x7fa00001,
    0x80000000,
    0x00000001,
    0xffc12345,
  ]);
  const floats = toFloats(new Uint8Array(bits.buffer), "f32");
  assertEquals(new Uint32Array(floats.buffer), bits);
});

Deno.test("floats at an odd address are read", () => {
  const bytes = new Uint8Array([9, 0, 0, 0x80, 0x3f]).subarray(1);
  assertEquals(toFloats(bytes, "f32"), new Float32Array([1]));
});

Deno.test("big-endian doubles are turned round", () => {
  const bytes = new Uint8Array([0xc0, 0x04, 0, 0, 0, 0, 0, 0]);
  assertEquals(
    toFloats(bytes, "f64", { bigEndian: true }),
    new Float32Array([-2.5]),
  );
});

Deno.test("turning bytes round leaves the file's own alone", () => {
  const bytes = new Uint8Array([0x3f, 0x80, 0, 0]);
  toFloats(bytes, "f32", { bigEndian: true });
  assertEquals(bytes, new Uint8Array([0x3f, 0x80, 0, 0]));
});
