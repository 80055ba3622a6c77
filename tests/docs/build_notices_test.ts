import { assert, assertEquals } from "@std/assert";
import { MARK } from "../../docs/build/build_notices.ts";
import { listAllPackages } from "../../docs/build/notice_packages.ts";
import { builtInEntries } from "../../lib/hub/catalogue/catalogue.ts";

const page = await Deno.readTextFile("THIRD_PARTY_NOTICES.md");
const [written, made] = page.split(MARK);
const packages = await listAllPackages();

/** The rows of a section's table, as cells. */
function rowsOf(heading: string): string[][] {
  const section = made.split(/^## /m).find((text) => text.startsWith(heading))!;
  return section.split("\n").filter((line) => line.startsWith("| "))
    .slice(2).map((line) => line.slice(2, -2).split(" | "));
}

const shipped = rowsOf("What the program is made with");
const others = rowsOf("What only tests and builds use");

/** Packages as rows begin: with name and version. */
function listed(rows: string[][]): string[] {
  return rows.map(([name, version]) => `${name} ${version}`).sort();
}

for (const [rows, isShipped] of [[shipped, true], [others, false]] as const) {
  const which = isShipped ? "the program" : "tests and builds";
  Deno.test(`THIRD_PARTY_NOTICES.md lists the packages of ${which} as the lock files have them`, () => {
    assertEquals(
      listed(rows),
      packages.filter((one) => one.shipped === isShipped)
        .map(({ name, version }) => `${name} ${version}`).sort(),
      "run deno task build:notices",
    );
  });
}

Deno.test("every package of the program has a licence, a holder and a licence's text", () => {
  const texts = [...made.matchAll(/^Of (.*)\.$/gm)]
    .flatMap(([, names]) => names.split(", "));
  for (const [name, version, licence, holder] of shipped) {
    assert(licence && holder, `${name} has no licence or no holder`);
    assert(
      texts.includes(`${name} ${version}`),
      `the text of ${licence} is not said to be of ${name} ${version}`,
    );
  }
});

Deno.test("the catalogue's licences of the fixtures are those of fixtures/NOTICE.md", async () => {
  const notice = await Deno.readTextFile("fixtures/NOTICE.md");
  const carried = builtInEntries.filter(({ url }) =>
    url.startsWith("fixture:")
  );
  assertEquals(carried.length, 2);
  for (const { url, licence } of carried) {
    const file = url.slice("fixture:".length);
    const heading = notice.split("\n").find((line) => line.includes(file))!;
    const name = /CC [A-Z-]+ [\d.]+/.exec(licence)![0];
    assert(heading.includes(name), `${file}: "${heading}" lacks ${name}`);
  }
});

Deno.test("every golden file has terms in fixtures/NOTICE.md", async () => {
  const notice = await Deno.readTextFile("fixtures/NOTICE.md");
  for await (const { name, isDirectory } of Deno.readDir("fixtures/golden")) {
    if (!isDirectory) continue;
    assert(notice.includes(`golden/${name}`), `golden/${name} has no terms`);
  }
});

Deno.test("what is said to be taken from others lies where the page says", async () => {
  const table = written.split("## What was taken from others")[1];
  const paths = [...table.matchAll(/`([^`]+\/[^`]+)`/g)].map(([, path]) =>
    path
  );
  assert(paths.length > 5);
  for (const path of paths) await Deno.stat(path);
});
