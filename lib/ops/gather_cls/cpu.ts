import { registerCpuOp } from "../../device/cpu/register.ts";
import { gatherClsDefinition } from "./reference.ts";

registerCpuOp(gatherClsDefinition, {
  forward: (backend, { x }, { packing: { starts, examples } }) => {
    const width = x.shape[1];
    const y = backend.output([examples, width]);
    backend.run("gatherRows", examples * width, [
      ...[x, starts, y].map((tensor) => backend.address(tensor)),
      examples,
      width,
    ]);
    return [y];
  },
  gradient: (backend, { dy }, { packing: { starts, examples, tokens } }) => {
    const width = dy.shape[1];
    const dx = backend.output([tokens, width]);
    backend.run("spreadRows", tokens * width, [
      ...[dx, starts, dy].map((tensor) => backend.address(tensor)),
      examples,
      width,
    ]);
    return [dx];
  },
});
