import { registerGpuUpdateRule } from "../update_rule/webgpu.ts";
import { sgdDefinition } from "./reference.ts";

registerGpuUpdateRule({
  rule: sgdDefinition,
  factors: 3,
  code: `
fn update(x: Values, d: Unit, f: vec4<f32>) -> Values {
  let momentum = f.y * x.momentum + (d + f.z * x.p);
  return Values(x.p - f.x * momentum, momentum);
}`,
});
