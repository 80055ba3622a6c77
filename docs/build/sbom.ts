/**
 * The software bill of materials: every npm package of the lock files, in
 * CycloneDX 1.5's JSON. It tells no time, so the same locks give the same
 * bytes.
 *
 * @module
 */
import manifest from "../../deno.json" with { type: "json" };
import {
  COMPILER_LOCK,
  listAllPackages,
  LOCK,
  type Lock,
  nameAndVersion,
} from "./notice_packages.ts";

/** Where the bill lies. */
export const SBOM = "sbom.cdx.json";

/** A part of the program, as CycloneDX has it. */
export interface Component {
  type: "library";
  "bom-ref": string;
  name: string;
  version: string;
  /** `required` if the program ships it, `excluded` if only builds use it. */
  scope: "required" | "excluded";
  hashes: { alg: "SHA-512"; content: string }[];
  licenses: ({ expression: string } | { license: { id: string } })[];
  purl: string;
}

/** A package's address, as package URLs write npm's. */
export function purlOf(name: string, version: string): string {
  return `pkg:npm/${name.replace("@", "%40")}@${version}`;
}

/** The bill as it is written. */
export async function renderSbom(): Promise<string> {
  const locks: Lock[] = await Promise.all(
    [LOCK, COMPILER_LOCK].map(async (path) =>
      JSON.parse(await Deno.readTextFile(path))
    ),
  );
  const licences = await readLicences();
  const hashes = new Map(
    locks.flatMap(({ npm }) =>
      Object.entries(npm).map(([key, { integrity }]) =>
        [nameAndVersion(key).join("@"), integrity] as const
      )
    ),
  );
  const components: Component[] = [];
  for (const { name, version, shipped } of await listAllPackages()) {
    const purl = purlOf(name, version);
    components.push({
      type: "library",
      "bom-ref": purl,
      name,
      version,
      scope: shipped ? "required" : "excluded",
      hashes: [{
        alg: "SHA-512",
        content: hexOf(hashes.get(`${name}@${version}`)!),
      }],
      licenses: [licenceOf(licences.get(`${name} ${version}`)!)],
      purl,
    });
  }
  components.sort((a, b) => a.purl < b.purl ? -1 : 1);
  const { name, version, license } = manifest;
  const bill = {
    $schema: "http://cyclonedx.org/schema/bom-1.5.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.5",
    version: 1,
    metadata: {
      component: {
        type: "application",
        "bom-ref": name,
        name,
        version,
        licenses: [licenceOf(license)],
      },
    },
    components,
  };
  return JSON.stringify(bill, null, 2) + "\n";
}

/** Licences by name and version, as THIRD_PARTY_NOTICES.md has them. */
async function readLicences(): Promise<Map<string, string>> {
  const page = await Deno.readTextFile("THIRD_PARTY_NOTICES.md");
  const rows = page.split("\n").filter((line) => line.startsWith("| "))
    .map((line) => line.slice(2, -2).split(" | "));
  return new Map(
    rows.map(([name, version, licence]) => [`${name} ${version}`, licence]),
  );
}

function licenceOf(licence: string): Component["licenses"][number] {
  return /[ ()]/.test(licence)
    ? { expression: licence.replace(/^\((.*)\)$/, "$1") }
    : { license: { id: licence } };
}

/** Lock files have digests as `sha512-` and base64. */
function hexOf(integrity: string): string {
  return Uint8Array.fromBase64(integrity.replace("sha512-", "")).toHex();
}
