import { registerRoom } from "../../device/native/register.ts";
import type { GatherClsAttributes } from "./mod.ts";

// B rows are few: plain copies are as fast as a kernel.
registerRoom<GatherClsAttributes>("GatherCls", {
  forward: (backend, { x }, { packing: { offsets, examples } }) => {
    const width = x.shape[1];
    const y = backend.output([examples, width]);
    const [from, to] = [backend.floats(x), backend.floats(y)];
    for (let b = 0; b < examples; b++) {
      const start = offsets[b] * width;
      to.set(from.subarray(start, start + width), b * width);
    }
    return [y];
  },
  gradient: (backend, { dy }, { packing: { offsets, examples, tokens } }) => {
    const width = dy.shape[1];
    const dx = backend.zeros([tokens, width]);
    const [from, to] = [backend.floats(dy), backend.floats(dx)];
    for (let b = 0; b < examples; b++) {
      const row = from.subarray(b * width, (b + 1) * width);
      to.set(row, offsets[b] * width);
    }
    return [dx];
  },
});
