// The module of all CPU kernels. Every kernel is called as
// kernel(args, part, parts, thread): `args` points to 32-bit words; each of
// `parts` is a fixed share of the work, so results don't depend on their number
// nor on which thread does which.
export * from "./constants.as";
export * from "./gemm.as";
export * from "./rows.as";
export * from "./vectors.as";
export * from "../../ops/adam/kernels.as";
export * from "../../ops/add_norm/kernels.as";
export * from "../../ops/attention/kernels.as";
export * from "../../ops/cls_attention/kernels.as";
export * from "../../ops/dropout/kernels.as";
export * from "../../ops/embedding/kernels.as";
export * from "../../ops/linear/kernels.as";
export * from "../../ops/sgd/kernels.as";
