import { assertEquals, assertThrows } from "@std/assert";
import { UserError } from "../../../../lib/base/errors.ts";
import { readListing } from "../../../../lib/hub/repository/listing.ts";

const SHA = "0123456789012345678901234567890123456789";
const SHA256 = "0123456789abcdef".repeat(4);

function read(facts: Record<string, unknown>) {
  return readListing(JSON.stringify({ sha: SHA, ...facts }), "hub.example");
}

/** What the hub says of a file, and what is known of it then. */
const FILES: Record<string, [said: object, known: unknown]> = {
  "a small file": [
    { size: 5, blobId: SHA },
    { bytes: 5, digest: { name: "git-sha1", value: SHA } },
  ],
  "a large file": [
    {
      size: 9,
      blobId: SHA,
      lfs: { sha256: SHA256, size: 9, pointerSize: 134 },
    },
    { bytes: 9, digest: { name: "sha256", value: SHA256 } },
  ],
  "a large file whose pointer was measured": [
    { size: 134, blobId: SHA, lfs: { sha256: SHA256, size: 9 } },
    { bytes: 9, digest: { name: "sha256", value: SHA256 } },
  ],
  "a large file by the name of its digest": [
    { lfs: { oid: `sha256:${SHA256}`, size: 9 } },
    { bytes: 9, digest: { name: "sha256", value: SHA256 } },
  ],
  "a large file whose digest is not told": [
    { blobId: SHA, lfs: { size: 9 } },
    { bytes: 9, digest: null },
  ],
  "a file of which its name alone is told": [{}, { bytes: null, digest: null }],
  "a file of which null is told": [
    { size: null, blobId: null, lfs: null },
    { bytes: null, digest: null },
  ],
};

for (const [what, [said, known]] of Object.entries(FILES)) {
  Deno.test(`a listing of the hub tells size and digest of ${what}`, () => {
    const { files } = read({ siblings: [{ rfilename: "a/b.txt", ...said }] });
    assertEquals([...files], [["a/b.txt", known]]);
  });
}

/** What a card says of its terms. */
const LICENCES: Record<
  string,
  [facts: Record<string, unknown>, licence: string | null]
> = {
  "no card": [{}, null],
  "a card of nothing": [{ cardData: null }, null],
  "a card without terms": [{ cardData: { tags: ["x"] } }, null],
  "a card of text": [{ cardData: "mit" }, null],
  "one licence": [{ cardData: { license: "mit" } }, "mit"],
  "two licences": [{ cardData: { license: ["mit", "gpl"] } }, "mit, gpl"],
  "a licence that is none": [{ cardData: { license: { a: 1 } } }, null],
};

for (const [what, [facts, licence]] of Object.entries(LICENCES)) {
  Deno.test(`a listing of the hub with ${what} is read`, () => {
    assertEquals(read(facts).licence, licence);
  });
}

Deno.test("a listing of the hub leaves out files that could not be kept here", () => {
  const names = [
    "../a",
    "/a",
    "a//b",
    "a\\b",
    "C:a",
    "con.txt",
    "a\nb",
    "good",
  ];
  const siblings = names.map((rfilename) => ({ rfilename }));
  assertEquals([...read({ siblings }).files.keys()], ["good"]);
});

/** Answers that are none of the hub's. */
const OTHERS: Record<string, string> = {
  "a web page": "<html>",
  "a list": "[]",
  "nothing": "",
  "no commit": "{}",
  "another commit": JSON.stringify({ sha: "main" }),
  "files without names": JSON.stringify({ sha: SHA, siblings: [{}] }),
  "a size below 0": JSON.stringify({
    sha: SHA,
    siblings: [{ rfilename: "a", size: -1 }],
  }),
};

for (const [what, text] of Object.entries(OTHERS)) {
  Deno.test(`an answer with ${what} is none of the hub's`, () => {
    const error = assertThrows(
      () => readListing(text, "hub.example"),
      UserError,
      "hub.example does not answer as the Hugging Face hub does",
    );
    assertEquals(error.code, "download-failed");
  });
}
