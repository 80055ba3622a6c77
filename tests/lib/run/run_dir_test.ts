import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { openRunDir } from "../../../lib/run/run_dir.ts";
import { readRunRecord } from "../../../lib/run/run_record.ts";
import {
  NEW,
  OVERWRITE,
  RECORD,
  refused,
  RESUME,
  withRun,
} from "../../support/train/a_run.ts";

Deno.test("a new run begins with its record", () =>
  withRun(async (run) => {
    await openRunDir(run, RECORD, NEW);
    assertEquals(await readRunRecord(run), RECORD);
  }));

Deno.test("an empty directory becomes a run", () =>
  withRun(async (run) => {
    await Deno.mkdir(run, { recursive: true });
    await openRunDir(run, RECORD, NEW);
    assertEquals(await readRunRecord(run), RECORD);
  }));

Deno.test("a directory without a record is no run", () =>
  withRun(async (run) => {
    await Deno.mkdir(run, { recursive: true });
    assertEquals(await readRunRecord(run), undefined);
  }));

Deno.test("a run that is there is refused", () =>
  withRun(async (run) => {
    await openRunDir(run, RECORD, NEW);
    assertEquals((await refused(run, RECORD, NEW)).code, "run-exists");
  }));

Deno.test("an overwritten run loses all it had", () =>
  withRun(async (run) => {
    await openRunDir(run, RECORD, NEW);
    await Deno.writeTextFile(join(run, "events.jsonl"), "old");
    await openRunDir(run, { ...RECORD, device: "webgpu" }, OVERWRITE);
    assertEquals((await readRunRecord(run))?.device, "webgpu");
    const names = await Array.fromAsync(Deno.readDir(run), (e) => e.name);
    assertEquals(names.sort(), ["SHA256SUMS", "run.json"]);
  }));

Deno.test("a run is not overwritten if what it is made from lies in it", () =>
  withRun(async (run) => {
    await openRunDir(run, RECORD, NEW);
    const input = join(run, "model.safetensors");
    await Deno.writeTextFile(input, "precious");
    const options = { ...OVERWRITE, inputs: [input] };
    assertStringIncludes((await refused(run, RECORD, options)).message, input);
    assertEquals(await Deno.readTextFile(input), "precious");
  }));

Deno.test("a run is overwritten if what it is made from lies beside it", () =>
  withRun(async (run) => {
    await openRunDir(run, RECORD, NEW);
    await Deno.mkdir(run + ".model");
    await openRunDir(run, RECORD, { ...OVERWRITE, inputs: [run + ".model"] });
    assertEquals(await readRunRecord(run), RECORD);
  }));

for (
  const [what, options] of [
    ["written", NEW],
    ["resumed", RESUME],
    ["overwritten", OVERWRITE],
  ] as const
) {
  Deno.test(`a directory of another kind is not ${what}`, () =>
    withRun(async (run) => {
      await Deno.mkdir(run, { recursive: true });
      await Deno.writeTextFile(join(run, "thesis.txt"), "precious");
      assertEquals((await refused(run, RECORD, options)).code, "run-exists");
      assertEquals(
        await Deno.readTextFile(join(run, "thesis.txt")),
        "precious",
      );
    }));

  Deno.test(`a directory with another program's run.json is not ${what}`, () =>
    withRun(async (run) => {
      await Deno.mkdir(run, { recursive: true });
      await Deno.writeTextFile(join(run, "run.json"), '{"format": "other"}');
      assertEquals((await refused(run, RECORD, options)).code, "bad-run");
      assertEquals(
        await Deno.readTextFile(join(run, "run.json")),
        '{"format": "other"}',
      );
    }));
}

Deno.test("a file in the run's place is refused", () =>
  withRun(async (run) => {
    await Deno.mkdir(join(run, ".."), { recursive: true });
    await Deno.writeTextFile(run, "precious");
    assertEquals((await refused(run, RECORD, OVERWRITE)).code, "run-exists");
  }));

Deno.test("a run below a file is refused", () =>
  withRun(async (run) => {
    await Deno.mkdir(join(run, ".."), { recursive: true });
    await Deno.writeTextFile(run, "");
    const error = await refused(join(run, "two"), RECORD, NEW);
    assertEquals([error.code, error.exitCode], ["cannot-write", 1]);
  }));
