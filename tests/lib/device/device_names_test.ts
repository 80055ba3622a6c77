import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { UserError } from "../../../lib/base/errors.ts";
import { openBlas } from "../../../lib/device/cpu/blas/blas.ts";
import { type DeviceKind, openDevice } from "../../../lib/device/mod.ts";

Deno.test("a device of no kind is refused with the kinds there are", async () => {
  const error = await assertRejects(
    () => openDevice("gpu" as DeviceKind),
    UserError,
  );
  assertEquals(
    error.message,
    'Cannot open the device "gpu": expected one of auto, webgpu, cpu; ' +
      "is webgpu meant?",
  );
});

for (const value of ["", "no/such.so"]) {
  Deno.test(`PREMISE_BLAS="${value}" is refused by the variable's name`, () => {
    const memory = new WebAssembly.Memory({ initial: 1 });
    const before = Deno.env.get("PREMISE_BLAS");
    Deno.env.set("PREMISE_BLAS", value);
    try {
      assertThrows(
        () => openBlas({ memory }),
        UserError,
        `"${value}" that the variable PREMISE_BLAS names: `,
      );
    } finally {
      if (before === undefined) Deno.env.delete("PREMISE_BLAS");
      else Deno.env.set("PREMISE_BLAS", before);
    }
  });
}
