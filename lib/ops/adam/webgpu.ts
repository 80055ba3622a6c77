import { registerGpuUpdateRule } from "../update_rule/webgpu.ts";
import { adamDefinition } from "./reference.ts";

registerGpuUpdateRule({
  rule: adamDefinition,
  factors: 3,
  code: `
fn update(x: Values, d: Unit, f: vec4<f32>) -> Values {
  let m = 0.9 * x.m + 0.1 * d;
  let v = 0.999 * x.v + 0.001 * (d * d);
  return Values(f.z * x.p - f.x * m / (f.y * sqrt(v) + 1e-8), m, v);
}`,
});
