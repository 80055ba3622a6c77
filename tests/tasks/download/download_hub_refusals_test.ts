/** What `download` says where the Hugging Face hub refuses. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { tinyModel } from "../../support/hub/hub_repositories.ts";
import type {
  HubRepository,
  HubServerOptions,
} from "../../support/hub/hub_server.ts";
import { withHub } from "../../support/hub/with_hub.ts";
import { slowTest } from "../../support/slow.ts";

const TOKEN = "hf_aSecret";
const OTHER = "hf_ofAnother";
const tiny = await tinyModel();

/** A download that fails. */
interface Refusal {
  /** What is different about the repository. */
  facts?: Partial<HubRepository>;
  /** What is asked for; the model if absent. */
  args?: string[];
  /** Variables. */
  env?: Record<string, string>;
  /** How the hub behaves. */
  server?: HubServerOptions;
  /** The error's code, and parts of its message and its hint. */
  code: string;
  says: string;
  hint: string;
}

const REFUSALS: Record<string, Refusal> = {
  "a repository that is not there": {
    args: ["--model", "hf:someone/tinny"],
    code: "not-on-hub",
    says: 'there is no model "someone/tinny", or it is private',
    hint: "HF_TOKEN",
  },
  "a repository that is not there, with a token": {
    args: ["--model", "hf:someone/tinny"],
    env: { HF_TOKEN: TOKEN },
    code: "not-on-hub",
    says: 'there is no model "someone/tinny", or it is private',
    hint: "which the one that was sent may not",
  },
  "a private repository without a token": {
    facts: { private: true },
    code: "not-on-hub",
    says: "or it is private",
    hint: "HF_TOKEN",
  },
  "a private repository of another user": {
    facts: { private: true },
    env: { HF_TOKEN: OTHER },
    code: "not-on-hub",
    says: "or it is private",
    hint: "which the one that was sent may not",
  },
  "a data set that is asked for as a model": {
    facts: { kind: "dataset" },
    code: "not-on-hub",
    says: 'there is no model "someone/tiny"',
    hint: "a data set is fetched by --dataset",
  },
  "a revision that is not there": {
    args: ["--model", "hf:someone/tiny@v9"],
    code: "not-on-hub",
    says: 'it has no branch, tag or commit "v9"',
    hint: "/someone/tiny/tree/main",
  },
  "a commit that is not there": {
    args: ["--model", `hf:someone/tiny@${"0".repeat(40)}`],
    code: "not-on-hub",
    says: "it has no branch, tag or commit",
    hint: "/someone/tiny/tree/main",
  },
  "a gated repository without a token": {
    facts: { gated: true },
    code: "no-access",
    says: "its owners let in who has accepted their terms",
    hint: "then set HF_TOKEN to a token of yours",
  },
  "a gated repository whose terms are not accepted": {
    facts: { gated: true },
    env: { HF_TOKEN: OTHER },
    code: "no-access",
    says: "its owners let in who has accepted their terms",
    hint: "with the account whose token is in HF_TOKEN",
  },
  "a token that the hub does not know": {
    env: { HF_TOKEN: "hf_ofNobody" },
    code: "no-access",
    says: "the hub does not know the token that was sent",
    hint: "/settings/tokens makes tokens",
  },
  "a token that cannot be sent": {
    env: { HF_TOKEN: "hf_a secret" },
    code: "bad-usage",
    says: "the token of HF_TOKEN: it has blanks",
    hint: "begins with hf_",
  },
  "a repository that the hub has disabled": {
    server: {
      intercept: () =>
        new Response("", {
          status: 403,
          headers: {
            "x-error-message": "Access to this resource is disabled.",
          },
        }),
    },
    code: "no-access",
    says: "it says: Access to this resource is disabled.",
    hint: "HF_TOKEN",
  },
  "a file that is gone": {
    server: {
      intercept: ({ path }) =>
        path.includes("/resolve/")
          ? new Response("", {
            status: 404,
            headers: { "x-error-code": "EntryNotFound" },
          })
          : undefined,
    },
    code: "not-on-hub",
    says: 'it has no file "config.json" at ',
    hint: "/tree/",
  },
  "a hub that is broken": {
    server: { intercept: () => new Response("", { status: 502 }) },
    code: "download-failed",
    says: "answered 502",
    hint: "HF_ENDPOINT",
  },
  "a hub that is asked too often": {
    server: {
      intercept: () =>
        new Response("", {
          status: 429,
          headers: { "ratelimit": '"api";r=0;t=0' },
        }),
    },
    code: "download-failed",
    says: "answered 429",
    hint: "with HF_TOKEN it allows more requests",
  },
  "a server that is no hub": {
    server: { intercept: () => Response.json({ hello: "you" }) },
    code: "download-failed",
    says: "does not answer as the Hugging Face hub does",
    hint: "HF_ENDPOINT",
  },
  "a page that asks to log in to the network": {
    server: { intercept: () => new Response("<html>Welcome</html>") },
    code: "download-failed",
    says: "does not answer as the Hugging Face hub does",
    hint: "HF_ENDPOINT",
  },
  "a hub where nobody listens": {
    env: { HF_ENDPOINT: "http://127.0.0.1:1" },
    code: "download-failed",
    says: "127.0.0.1:1",
    hint: "HF_ENDPOINT",
  },
  "an endpoint that is no address": {
    env: { HF_ENDPOINT: "hub" },
    code: "bad-usage",
    says: 'HF_ENDPOINT is "hub"',
    hint: "huggingface.co",
  },
  "a folder in place of a hub": {
    args: ["--model", "hf:someone/tiny", "--hub", "mirror"],
    code: "bad-usage",
    says: '--hub is "mirror", expected an http or https address',
    hint: "huggingface.co",
  },
  "a name that no repository has": {
    args: ["--model", "hf:someone" + "/x/y"],
    code: "bad-usage",
    says: "expected hf:OWNER/NAME or hf:OWNER/NAME@REVISION",
    hint: "as hf:",
  },
  "a model of another library": {
    facts: { files: { "config.json": "{}", "tf_model.h5": "" } },
    code: "bad-model",
    says: "it has weights of TensorFlow",
    hint: "from_tf=True",
  },
  "an offline hub": {
    env: { HF_HUB_OFFLINE: "1" },
    code: "not-cached",
    says: "HF_HUB_OFFLINE keeps off the network",
    hint: "leave out HF_HUB_OFFLINE",
  },
  "a hub with --offline": {
    args: ["--model", "hf:someone/tiny", "--offline"],
    code: "not-cached",
    says: "--offline keeps off the network",
    hint: "leave out --offline",
  },
};

/** Of each kind of refusal one; the others are slow tests. */
const USUAL = [
  "a repository that is not there",
  "a revision that is not there",
  "a gated repository without a token",
  "a token that the hub does not know",
  "a file that is gone",
  "a hub that is broken",
  "a hub that is asked too often",
  "a server that is no hub",
  "a model of another library",
  "an offline hub",
];

for (const [what, refusal] of Object.entries(REFUSALS)) {
  const declare = USUAL.includes(what) ? Deno.test : slowTest;
  declare(`download says what to do about ${what}`, async () => {
    const { facts, args = ["--model", "hf:someone/tiny"], env } = refusal;
    const served = { ...tiny, ...facts };
    await withHub([served], async ({ server, folder, run }) => {
      const { code, events, stderr } = await run("download", args, env);
      const { event, code: name, message, hint } = events.at(-1)!;
      assertEquals([event, name], ["error", refusal.code], stderr);
      assertStringIncludes(`${message}`, refusal.says);
      assertStringIncludes(`${hint}`, refusal.hint);
      assertEquals(
        code,
        ["bad-usage", "bad-model"].includes(refusal.code) ? 2 : 1,
      );
      if (refusal.code === "not-cached") assertEquals(server.requests, []);
      // Nothing looks like a model that was fetched.
      const stamps = await stampsIn(join(folder, ".premise"));
      assertEquals(stamps, 0);
      const told = JSON.stringify(events) + stderr;
      for (const secret of [TOKEN, OTHER, "a secret", "ofNobody"]) {
        assertEquals(told.includes(secret), false);
      }
    }, { token: TOKEN, otherTokens: [OTHER], ...refusal.server });
  });
}

/** How many directories of a cache are whole. */
async function stampsIn(folder: string): Promise<number> {
  let count = 0;
  try {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      if (isDirectory) count += await stampsIn(join(folder, name));
      else if (name === ".premise.json") count++;
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return count;
}
