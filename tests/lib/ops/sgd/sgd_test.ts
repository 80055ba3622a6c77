import { sgd } from "../../../../lib/ops/sgd/mod.ts";
import { RATE, testRule } from "../../../support/ops/rule.ts";

for (const [momentum, weightDecay] of [[0, 0], [0.9, 0], [0.9, 3]]) {
  await testRule(
    `gradient descent with momentum ${momentum} and decay ${weightDecay}`,
    {
      rule: sgd(momentum),
      scale: 1,
      weightDecay,
      exact(values, g) {
        const [p, b] = values;
        values[1] = momentum * b + g + weightDecay * p;
        values[0] = p - RATE * values[1];
      },
    },
  );
}
