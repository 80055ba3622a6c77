import { assert, assertEquals } from "@std/assert";
import { parse } from "deno-std/yaml/mod.js";

/** What is read here of a workflow. */
interface Workflow {
  jobs: Record<string, {
    "runs-on": string;
    strategy?: { matrix: { os: string[] } };
    steps: { run?: string; uses?: string }[];
  }>;
}

/** What is read here of an issue form. */
interface IssueForm {
  name: string;
  body: { type: string; id?: string; attributes: Record<string, unknown> }[];
}

const text = await Deno.readTextFile(".github/workflows/checks.yml");
const { jobs } = parse(text) as Workflow;
const readme = await Deno.readTextFile("README.md");

Deno.test("a workflow runs the README's first two commands on three systems", () => {
  const { strategy, steps } = jobs.readme;
  const systems = strategy!.matrix.os.map((os) => os.split("-")[0]);
  assertEquals(systems, ["ubuntu", "macos", "windows"]);
  const commands = steps.flatMap(({ run }) => run ?? []);
  assertEquals(commands, readme.match(/^npx .*$/gm)!.slice(0, 2));
});

Deno.test("a workflow runs the gate on Linux", async () => {
  const { "runs-on": system, steps } = jobs.gate;
  assert(system.startsWith("ubuntu-"));
  assertEquals(steps.flatMap(({ run }) => run ?? []), [".ci/run"]);
  const { mode } = await Deno.stat(".ci/run");
  assert(mode === null || (mode & 0o111) !== 0, ".ci/run cannot be executed");
});

Deno.test("every action of a workflow is of one version", () => {
  const used = Object.values(jobs)
    .flatMap(({ steps }) => steps.flatMap(({ uses }) => uses ?? []));
  assert(used.length > 0);
  for (const action of used) {
    assert(/@v\d+\.\d+\.\d+$/.test(action), `${action} is of any version`);
  }
});

for await (const { name } of Deno.readDir(".github/ISSUE_TEMPLATE")) {
  if (name === "config.yml") continue;
  Deno.test(`the issue form ${name} asks for something by unique names`, async () => {
    const path = `.github/ISSUE_TEMPLATE/${name}`;
    const form = parse(await Deno.readTextFile(path)) as IssueForm;
    assert(form.name.length > 0);
    const questions = form.body.filter(({ type }) => type !== "markdown");
    assert(questions.length > 0);
    const ids = questions.map(({ id }) => id);
    assertEquals(new Set(ids).size, ids.length);
    assert(questions.every(({ attributes }) => attributes.label));
  });
}
