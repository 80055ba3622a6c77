import { assertEquals, assertThrows } from "@std/assert";
import { bertBase } from "../../../bench/work/shapes.ts";
import { UserError } from "../../../lib/base/errors.ts";
import { tokensAtOnce, tokensThatFit } from "../../../lib/train/memory.ts";

const lengths = { meanLength: 26, longest: 128 };
const most = tokensThatFit(bertBase, lengths);

Deno.test("as many tokens as fit are computed at once if no number is requested", () => {
  assertEquals(
    tokensAtOnce(bertBase, {
      ...lengths,
      batchTokens: 1e9,
      requested: undefined,
    }),
    most,
  );
});

Deno.test("fewer tokens than fit are computed at once if they are requested", () => {
  const options = { ...lengths, batchTokens: 1e9, requested: 100 };
  assertEquals(tokensAtOnce(bertBase, options), 100);
});

Deno.test("more tokens than fit are refused with how many do", () => {
  const error = assertThrows(
    () =>
      tokensAtOnce(bertBase, {
        ...lengths,
        batchTokens: 1e9,
        requested: most + 1,
      }),
    UserError,
    `holds ${most} `,
  );
  assertEquals([error.code, error.exitCode], ["out-of-memory", 2]);
});

Deno.test("more tokens than fit may be requested if no batch has them", () => {
  const options = { ...lengths, batchTokens: most, requested: 10 * most };
  assertEquals(tokensAtOnce(bertBase, options), 10 * most);
});
