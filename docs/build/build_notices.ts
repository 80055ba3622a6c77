/**
 * Writes the lists and licences of `THIRD_PARTY_NOTICES.md`, from the lock
 * files and the packages in Deno's cache, which `deno install` and
 * `deno task build:kernels` fill. What stands above them is written by hand.
 *
 * @module
 */
import { join } from "@std/path";
import { listAllPackages, type NpmPackage } from "./notice_packages.ts";
import { type PackageTerms, readTerms, wordsOf } from "./notice_texts.ts";

const PAGE = "THIRD_PARTY_NOTICES.md";

/** Ends what is written by hand. */
export const MARK = "<!-- From here on: deno task build:notices -->";

type Described = NpmPackage & PackageTerms;

/** Columns of a table: what stands in each, by its heading. */
type Columns = Record<string, (one: Described) => string>;

const COLUMNS: Columns = {
  package: ({ name }) => name,
  version: ({ version }) => version,
  licence: ({ licence }) => licence,
};

/** The part of the page that is made. */
function render(packages: readonly Described[]): string {
  const shipped = packages.filter((one) => one.shipped);
  const others = packages.filter((one) => !one.shipped);
  const copyright = (one: Described) => one.copyright.join("; ");
  return [
    MARK,
    "## What the program is made with",
    table(shipped, { ...COLUMNS, copyright }),
    "## What only tests and builds use, and types",
    table(others, COLUMNS),
    "## Notices",
    ...shipped.filter(({ notice }) => notice !== "").map((one) =>
      `### ${one.name} ${one.version}\n\n${fenced(one.notice)}`
    ),
    "## Licences",
    ...licences(shipped),
  ].join("\n\n") + "\n";
}

function table(packages: readonly Described[], columns: Columns): string {
  const cells = Object.values(columns);
  const rows = packages.map((one) => cells.map((cell) => cell(one)));
  return [Object.keys(columns), cells.map(() => "---"), ...rows]
    .map((row) => `| ${row.join(" | ")} |`).join("\n");
}

/** Each text once, after the packages that bring it. */
function licences(packages: readonly Described[]): string[] {
  const groups = Map.groupBy(
    packages.filter(({ text }) => text !== ""),
    ({ text }) => wordsOf(text),
  );
  const sections = [...groups.values()].map((group) => {
    // What brings no text has the one that most of its licence have.
    const [{ licence, text }] = group;
    const isUsual = [...groups.values()].every((other) =>
      other[0].licence !== licence || other.length <= group.length
    );
    const silent = packages.filter((one) =>
      isUsual && one.text === "" && one.licence.includes(licence)
    );
    const names = [...group, ...silent].map(({ name, version }) =>
      `${name} ${version}`
    );
    return `### ${licence}\n\nOf ${names.join(", ")}.\n\n${fenced(text)}`;
  });
  return sections.sort();
}

function fenced(text: string): string {
  return "```text\n" + text.replaceAll(/[ \t]+$/gm, "") + "\n```";
}

/** Where Deno keeps packages: the cache has a folder for each registry. */
async function findRegistry(): Promise<string> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json"],
  }).output();
  const { npmCache } = JSON.parse(new TextDecoder().decode(stdout));
  const names = await Array.fromAsync(Deno.readDir(npmCache), (e) => e.name);
  if (names.length === 1) return join(npmCache, names[0]);
  throw new Error(
    `"${npmCache}" has ${names.length} registries, expected one: set DENO_DIR ` +
      "to an empty folder and run deno install",
  );
}

if (import.meta.main) {
  const registry = await findRegistry();
  const packages: Described[] = [];
  for (const one of await listAllPackages()) {
    packages.push({ ...one, ...await readTerms(registry, one) });
  }
  const [written] = (await Deno.readTextFile(PAGE)).split(MARK);
  await Deno.writeTextFile(PAGE, written + render(packages));
}
