// The list of all CPU kernels, from which `deno task build:kernels` compiles one
// module: devices know no op, so it is above the ops. Every kernel is called as
// kernel(args, slice, slices, thread): `args` points to 32-bit words; each of
// `slices` is a fixed share of the work, so results don't depend on their number
// nor on which thread does which.
export * from "../device/cpu/kernels/constants.as";
export * from "../device/cpu/kernels/gemm.as";
export * from "../device/cpu/kernels/rows.as";
export * from "../device/cpu/kernels/vectors.as";
export * from "./adam/cpu.as";
export * from "./add_norm/cpu.as";
export * from "./attention/cpu.as";
export * from "./cls_attention/cpu.as";
export * from "./dropout/cpu.as";
export * from "./embedding/cpu.as";
export * from "./linear/cpu.as";
export * from "./sgd/cpu.as";
