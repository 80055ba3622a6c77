import { assertEquals } from "@std/assert";
import { deferredArray } from "../../../../lib/weights/formats/arrays.ts";

Deno.test("an array's elements are made at the first question, once", () => {
  let made = 0;
  const array = deferredArray([1], () => new Float32Array([++made]));
  const before = made;
  assertEquals([before, array.data[0], array.data[0]], [0, 1, 1]);
});
