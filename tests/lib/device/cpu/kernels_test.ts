import { assertUpToDate } from "../../../support/build/up_to_date.ts";

Deno.test("the committed kernels are what build:kernels makes", async () => {
  await assertUpToDate("build:kernels", "lib/device/cpu/kernels/kernels.wasm");
});

Deno.test("the threads' bundle is what the build makes of its source", async () => {
  await assertUpToDate("build:workers", "lib/device/cpu/worker.bundle.js");
});
