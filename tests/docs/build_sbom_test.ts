import { assert, assertEquals } from "@std/assert";
import {
  type Component,
  purlOf,
  renderSbom,
  SBOM,
} from "../../docs/build/sbom.ts";

const lock = JSON.parse(await Deno.readTextFile("deno.lock"));
const text = await Deno.readTextFile(SBOM);
const bill = JSON.parse(text);
const components: Component[] = bill.components;

Deno.test("the bill of materials is that of the lock files", async () => {
  assertEquals(text, await renderSbom(), "run deno task build:sbom");
});

Deno.test("the bill of materials has every package of deno.lock", () => {
  const listed = new Set(components.map(({ purl }) => purl));
  for (const key of Object.keys(lock.npm)) {
    const [, name, version] = /^(@?[^@]+)@([^_]+)/.exec(key)!;
    assert(listed.has(purlOf(name, version)), `${key} is not in the bill`);
  }
});

Deno.test("the bill of materials is CycloneDX 1.5 as its schema requires", () => {
  assertEquals([bill.bomFormat, bill.specVersion, bill.version], [
    "CycloneDX",
    "1.5",
    1,
  ]);
  const references = components.map((one) => one["bom-ref"]);
  assertEquals(new Set(references).size, references.length);
  for (const { type, name, version, purl, hashes, licenses } of components) {
    assertEquals(type, "library");
    assert(name !== "" && version !== "");
    assert(/^pkg:npm\/(%40[^/]+\/)?[^@/]+@[^@]+$/.test(purl), purl);
    for (const { content } of hashes) assert(/^[0-9a-f]{128}$/.test(content));
    assertEquals(licenses.length, 1);
    assert(!JSON.stringify(licenses).includes("undefined"), name);
  }
});
