import { registerGpuUpdateRule } from "../update_rule/webgpu.ts";
import { adamDefinition, BETA1, BETA2, EPSILON } from "./reference.ts";

registerGpuUpdateRule({
  rule: adamDefinition,
  factors: 3,
  code: `
fn update(x: Values, d: Unit, f: vec4<f32>) -> Values {
  let m = ${BETA1} * x.m + ${1 - BETA1} * d;
  let v = ${BETA2} * x.v + ${1 - BETA2} * (d * d);
  return Values(f.z * x.p - f.x * m / (f.y * sqrt(v) + ${EPSILON}), m, v);
}`,
});
