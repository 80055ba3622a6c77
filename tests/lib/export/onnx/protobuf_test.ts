import { assertEquals } from "@std/assert";
import {
  type Encoded,
  floatField,
  integerField,
  messageField,
  textField,
} from "../../../../lib/export/onnx/protobuf.ts";

/** What was encoded, in hexadecimal digits. */
function hexOf(encoded: Encoded): string {
  return encoded.flatMap((section) => [...section])
    .map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
}

Deno.test("numbers, texts and messages are encoded as the documentation of Protocol Buffers shows", () => {
  // "Encoding" of protobuf.dev: 150, "testing", and a message with 150.
  assertEquals(hexOf(integerField(1, 150)), "08 96 01");
  assertEquals(hexOf(textField(2, "testing")), "12 07 74 65 73 74 69 6e 67");
  assertEquals(hexOf(messageField(3, integerField(1, 150))), "1a 03 08 96 01");
});

Deno.test("a negative number is encoded in ten bytes, as two's complement", () => {
  assertEquals(
    hexOf(integerField(1, -2)),
    "08 fe ff ff ff ff ff ff ff ff 01",
  );
});

Deno.test("a field with a number above 15 has a tag of two bytes", () => {
  assertEquals(hexOf(integerField(20, 1)), "a0 01 01");
});

Deno.test("a float is encoded in four bytes, the lowest first", () => {
  assertEquals(hexOf(floatField(2, -0.5)), "15 00 00 00 bf");
});

Deno.test("a text's length is that of its bytes", () => {
  assertEquals(hexOf(textField(1, "é")), "0a 02 c3 a9");
});
