import { assertEquals } from "@std/assert";
import {
  isSameRun,
  type RunRecord,
  weightsToGoOn,
} from "../../../lib/run/run_record.ts";

const RECORD: RunRecord = {
  format: "premise-run-1",
  config: { lr: 1e-3, epochs: 3, device: "cpu", out: "a" },
  versions: {},
  device: "cpu",
  arithmetic: {},
  data: "1234",
};

for (
  const [what, config, data, same] of [
    ["in another place", { out: "b" }, "1234", true],
    ["on another device", { device: "webgpu" }, "1234", true],
    ["with another rate", { lr: 1e-4 }, "1234", false],
    ["of another length", { epochs: 4 }, "1234", false],
    ["with a setting more", { dropout: 0.5 }, "1234", false],
    ["of other data", {}, "5678", false],
  ] as const
) {
  Deno.test(`a run ${what} is ${same ? "the same" : "another"}`, () => {
    const asked = { config: { ...RECORD.config, ...config }, data };
    assertEquals(isSameRun(RECORD, asked), same);
  });
}

for (
  const [what, begun, asked, weights] of [
    ["balanced stays balanced with what it came to", "balanced", "balanced", [
      1,
      2,
    ]],
    ["balanced that is overridden becomes what is asked for", "balanced", [
      3,
      4,
    ], [3, 4]],
    ["a run of an earlier version has the weights of its setting", [3, 4], [
      3,
      4,
    ], [3, 4]],
  ] as const
) {
  Deno.test(`of class weights, ${what}`, () => {
    const config = { ...RECORD.config };
    const old = { ...RECORD, config: { ...config, classWeights: begun } };
    const now = {
      ...RECORD,
      config: { ...config, classWeights: asked },
      classWeights: [3, 4],
    };
    const resolved = begun === "balanced" ? { classWeights: [1, 2] } : {};
    assertEquals(
      weightsToGoOn({ old: { ...old, ...resolved }, now }),
      [...weights],
    );
  });
}
