import { registerGpuUpdateRule } from "../update_rule/webgpu.ts";

registerGpuUpdateRule({
  name: "Sgd",
  state: ["momentum"],
  factors: 3,
  code: `
fn update(x: Values, d: Unit, f: vec4<f32>) -> Values {
  let momentum = f.y * x.momentum + (d + f.z * x.p);
  return Values(x.p - f.x * momentum, momentum);
}`,
});
