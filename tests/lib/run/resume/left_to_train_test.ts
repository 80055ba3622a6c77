import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { UserError } from "../../../../lib/base/errors.ts";
import {
  checkLeft,
  type RunLength,
} from "../../../../lib/run/resume/left_to_train.ts";
import { epochStart } from "../../../../lib/train/state.ts";

/** A run after some epochs, with the accuracies that it had. */
function after(accuracies: number[], step = 0) {
  const scores = accuracies.map((accuracy) => ({ accuracy }));
  const state = epochStart(accuracies.length + 1, scores);
  return { state: { ...state, step } };
}

function refusal(done: number, step: number, length: RunLength): UserError {
  return assertThrows(
    () => checkLeft("a", after(Array(done).fill(0.5), step), length),
    UserError,
  );
}

Deno.test("a run with epochs to go says nothing of its length", () => {
  const left = checkLeft("a", after([0.1, 0.2]), { epochs: 3 });
  assertEquals(left, undefined);
});

Deno.test("a run in the midst of its last epoch says nothing of its length", () => {
  const left = checkLeft("a", after([0.1, 0.2], 7), { epochs: 3 });
  assertEquals(left, undefined);
});

Deno.test("a run with all of its epochs says that nothing is left", () => {
  const left = checkLeft("a", after([0.1, 0.2, 0.3]), { epochs: 3 });
  assertEquals(left?.code, "nothing-left");
  assertMatch(left!.message, /"a": it has all of its 3 epochs/);
});

Deno.test("a run that patience has ended says that nothing is left", () => {
  const length = { epochs: 9, patience: 2 };
  const left = checkLeft("a", after([0.3, 0.2, 0.1]), length);
  assertMatch(left!.message, /ended early, after epoch 3 and --patience 2/);
});

Deno.test("a run with more epochs than are asked for is refused with both numbers", () => {
  const { code, message, hint } = refusal(20, 0, { epochs: 3 });
  assertEquals(code, "changed-config");
  assertMatch(message, /it has 20 epochs; --epochs 3 asks for fewer/);
  assertMatch(hint, /give --epochs 20 or more/);
});

Deno.test("a run with a step more than the epochs that are asked for is refused", () => {
  const { message, hint } = refusal(3, 1, { epochs: 3 });
  assertMatch(message, /it has 3 epochs, and 1 steps of the next/);
  assertMatch(hint, /give --epochs 4 or more/);
});
