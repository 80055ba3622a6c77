import { assertRejects } from "@std/assert";
import { join } from "@std/path";
import { UserError } from "../../../lib/base/errors.ts";
import { prepareTables } from "../../../lib/data/encode/prepare.ts";
import { checkInputs } from "../../../lib/sweep/check_inputs.ts";
import { planRuns } from "../../../lib/sweep/plan.ts";
import { openModel } from "../../../lib/weights/open_model.ts";
import { withFolder } from "../../support/with_folder.ts";

/** A model of three classes. */
const MODEL = "fixtures/golden/hf";

const LABELS = ["yes", "no"];

/** Looks at a sweep over data of two classes. */
async function check(
  folder: string,
  combinations: Record<string, unknown>[],
): Promise<void> {
  const { config, vocabularyFile } = await openModel(MODEL);
  const pairs = join(folder, "pairs.jsonl");
  const lines = LABELS.map((label) =>
    JSON.stringify({ premise: "A dog.", hypothesis: "A cat.", label }) + "\n"
  );
  await Deno.writeTextFile(pairs, lines.join(""));
  const data = join(folder, "tables");
  await prepareTables(data, {
    data: [`train=${pairs}`],
    vocabularyFile,
    ...config.text,
    labels: LABELS,
    workers: 1,
  });
  const runs = planRuns({
    shared: { model: MODEL, data, labels: LABELS },
    combinations,
    seeds: [0],
    out: join(folder, "sweep"),
  });
  await checkInputs({ runs, overwrite: false });
}

Deno.test("a sweep is refused if none of its models fits the data", () =>
  withFolder(async (folder) => {
    await assertRejects(
      () => check(folder, [{ newHead: false }]),
      UserError,
      "3 classes",
    );
  }));

Deno.test("a sweep is not refused if only a new head makes a model fit the data", () =>
  withFolder(async (folder) => {
    await check(folder, [{ newHead: false }, { newHead: true }]);
  }));
