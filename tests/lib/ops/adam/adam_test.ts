import { adam } from "../../../../lib/ops/adam/mod.ts";
import { RATE, testRule } from "../../../support/ops/rule.ts";

for (const form of ["torch", "mxnet"] as const) {
  // Epsilon shows in small gradients.
  for (const [scale, weightDecay] of [[1, 0], [1e-8, 0], [1, 3]]) {
    await testRule(
      `${form}'s Adam on gradients of about ${scale} with decay ${weightDecay}`,
      {
        rule: adam(form),
        scale,
        weightDecay,
        exact(values, g, t) {
          const [p, m, v] = values;
          const [c1, c2] = [1 - 0.9 ** t, Math.sqrt(1 - 0.999 ** t)];
          const first = 0.9 * m + 0.1 * g;
          const second = 0.999 * v + 0.001 * g * g;
          const root = Math.sqrt(second);
          const step = form === "torch"
            ? RATE / c1 * first / (root / c2 + 1e-8)
            : RATE * c2 / c1 * first / (root + 1e-8);
          values.splice(0, 3, p * (1 - RATE * weightDecay) - step);
          values.push(first, second);
        },
      },
    );
  }
}
