import { assertEquals, assertThrows } from "@std/assert";
import { UserError } from "../../../../lib/base/errors.ts";
import {
  nearRepository,
  parseRepositoryName,
  repositoryText,
} from "../../../../lib/hub/repository/repository_name.ts";

/** What a name is read as: its repository, revision and configuration. */
const NAMES: [
  kind: "model" | "dataset",
  name: string,
  id: string,
  revision?: string | undefined,
  config?: string,
][] = [
  [
    "model",
    "hf:google-bert/bert-base-uncased",
    "google-bert/bert-base-uncased",
  ],
  ["model", "hf:bert-base-uncased", "bert-base-uncased"],
  ["model", "hf:a/b@v1.0", "a/b", "v1.0"],
  ["model", "hf:b@main", "b", "main"],
  ["model", "hf:a/b@feature/x", "a/b", "feature/x"],
  ["model", "hf:a/b@refs/pr/3", "a/b", "refs/pr/3"],
  ["model", `hf:a/b@${"0".repeat(40)}`, "a/b", "0".repeat(40)],
  ["dataset", "hf:a/b", "a/b"],
  ["dataset", "hf:a/b/mnli", "a/b", undefined, "mnli"],
  ["dataset", "hf:a/b@main/mnli", "a/b", "main", "mnli"],
  ["dataset", "hf:b@main/mnli", "b", "main", "mnli"],
  ["dataset", "hf:a/b@refs/convert/parquet", "a/b", "refs/convert/parquet"],
  [
    "dataset",
    "hf:a/b@refs/convert/parquet/mnli",
    "a/b",
    "refs/convert/parquet",
    "mnli",
  ],
  ["dataset", "hf:a/b@dev%2Fx/mnli", "a/b", "dev/x", "mnli"],
  ["dataset", "hf:a/b/pair-class", "a/b", undefined, "pair-class"],
];

for (const [kind, name, id, revision, config] of NAMES) {
  Deno.test(`the ${kind} ${name} is read as its parts`, () => {
    assertEquals(parseRepositoryName(name, kind), {
      kind,
      id,
      ...(revision !== undefined && { revision }),
      ...(config !== undefined && { config }),
    });
  });
}

/** What no repository is called. */
const REFUSED: [kind: "model" | "dataset", name: string, fault: string][] = [
  ["model", "hf:", "no such name"],
  ["model", "hf:/b", "no such name"],
  ["model", "hf:a/", "no such name"],
  ["model", "hf:a/b/c", "no such name"],
  ["model", "hf:a/b@", "no such name"],
  ["model", "hf://a/b", "no such name"],
  ["model", "hf:a b/c", "no repository's name"],
  ["model", "hf:../b", "no repository's name"],
  ["model", "hf:a/..", "no repository's name"],
  ["model", "hf:a--b/c", "no repository's name"],
  ["model", "hf:a/b.git", "no repository's name"],
  ["model", "hf:a\\b", "no repository's name"],
  ["model", `hf:a/${"b".repeat(97)}`, "no repository's name"],
  ["model", "hf:a/b@../../x", "no name of a branch"],
  ["model", "hf:a/b@x%2F..%2Fy", "no name of a branch"],
  ["model", "hf:a/b@/x", "no name of a branch"],
  ["model", "hf:a/b@x y", "no name of a branch"],
  ["model", "hf:a/b@-x", "no name of a branch"],
  ["model", "hf:a/b@x.lock", "no name of a branch"],
  ["dataset", "hf:a/b/..", "no name of a configuration"],
  ["dataset", "hf:a/b/c\\d", "no name of a configuration"],
  ["dataset", "hf:a/b/c/d", "no such name"],
];

for (const [kind, name, fault] of REFUSED) {
  Deno.test(`the ${kind} "${name}" is refused: ${fault}`, () => {
    const error = assertThrows(
      () => parseRepositoryName(name, kind),
      UserError,
      fault,
    );
    assertEquals(error.code, "bad-usage");
  });
}

Deno.test("repositoryText is what parseRepositoryName read", () => {
  for (const [kind, name] of NAMES) {
    if (name.includes("%2F")) continue;
    assertEquals(repositoryText(parseRepositoryName(name, kind)), name);
  }
});

/** What people copy, and the repository that they mean. */
const COPIED: Record<string, string | undefined> = {
  "a/b": "hf:a/b",
  "https://huggingface.co/a/b": "hf:a/b",
  "https://huggingface.co/a/b/": "hf:a/b",
  "https://huggingface.co/a/b/tree/v1": "hf:a/b@v1",
  "huggingface.co/a/b/blob/main/config.json": "hf:a/b@main",
  "https://hf.co/datasets/a/b": "hf:a/b",
  "https://example.org/a/b": undefined,
  "./b": undefined,
  "../b": undefined,
  "a/b/c": undefined,
  "/a/b": undefined,
  "b": undefined,
  "b.zip": undefined,
  "a--b/c": undefined,
};

for (const [given, meant] of Object.entries(COPIED)) {
  Deno.test(`by "${given}" ${meant ?? "no repository of the hub"} is meant`, () => {
    assertEquals(nearRepository(given), meant);
  });
}
