/**
 * Why the hub refuses, by its status and the header `X-Error-Code`, and what
 * the user can do about it.
 *
 * @module
 */
import { UserError } from "../../base/errors.ts";
import { publicAddress } from "../../base/public_address.ts";
import { visible } from "../../base/visible.ts";
import type { RepositoryName } from "./repository_name.ts";

/** What is asked for. */
export interface Asked {
  /** The repository. */
  name: RepositoryName;
  /** A file of it. */
  file?: string;
}

/** What the hub was told. */
interface Told {
  /** Its address. */
  endpoint: string;
  /** Whether it was sent a token. */
  hasToken: boolean;
}

/**
 * Why the hub refuses to answer.
 *
 * @param response The hub's answer.
 * @param asked What it was asked for.
 * @param told What it was told.
 * @return An error; null if it doesn't refuse, or not for one of its own
 *   reasons.
 */
export function refusalOf(
  { status, headers }: Response,
  { name, file }: Asked,
  { endpoint, hasToken }: Told,
): UserError | null {
  const code = headers.get("x-error-code");
  const words = headers.get("x-error-message") ?? "";
  const said = words === "" ? "" : `; it says: ${visible(words.slice(0, 300))}`;
  const hub = publicAddress(endpoint);
  const page = `${hub}/${name.kind === "dataset" ? "datasets/" : ""}${name.id}`;
  const revision = name.revision ?? "main";
  if (status === 404 && code === "RevisionNotFound") {
    return notFound(
      `it has no branch, tag or commit "${revision}"`,
      `${page}/tree/main shows those that there are`,
    );
  }
  if (status === 404 && code === "EntryNotFound") {
    return notFound(
      `it has no file "${file}" at ${revision}`,
      `${page}/tree/${revision} shows its files`,
    );
  }
  if (code === "GatedRepo") {
    return noAccess(
      "its owners let in who has accepted their terms",
      hasToken
        ? `accept them at ${page}, with the account whose token is in HF_TOKEN`
        : `accept them at ${page}, then set HF_TOKEN to a token of yours`,
    );
  }
  if (status === 401 && hasToken && /invalid credentials/i.test(words)) {
    return noAccess(
      "the hub does not know the token that was sent",
      `${hub}/settings/tokens makes tokens; what is public needs none: ` +
        "leave out HF_TOKEN, or remove the file that hf auth login wrote",
    );
  }
  if (code === "RepoNotFound" || status === 401 || status === 404) {
    return notFound(
      `there is no ${name.kind} "${name.id}", or it is private`,
      `look at ${page}; what is private needs HF_TOKEN, a token that may read it` +
        (hasToken ? ", which the one that was sent may not" : "") +
        (name.kind === "model"
          ? "; a data set is fetched by --dataset"
          : "; a model is fetched by --model"),
    );
  }
  if (status === 403) {
    return noAccess(
      `the hub refuses it${said}`,
      hasToken
        ? "HF_TOKEN must be a token that may read it"
        : "it may need HF_TOKEN, a token that may read it",
    );
  }
  return null;
}

function notFound(reason: string, hint: string): UserError {
  return new UserError(reason, { code: "not-on-hub", hint, exitCode: 1 });
}

function noAccess(reason: string, hint: string): UserError {
  return new UserError(reason, { code: "no-access", hint, exitCode: 1 });
}
