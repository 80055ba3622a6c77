/**
 * The hub as one download sees it: its address, and the token that is sent
 * there and to nobody else.
 *
 * @module
 */
import type { DownloadOptions } from "../download_options.ts";
import { Interrupted, type RequestOptions } from "../transfer/request.ts";
import { hubEndpoint, hubToken } from "./environment.ts";
import { type Asked, refusalOf } from "./refusals.ts";

/** What the hub says of a file beside its content. */
export interface AnswerFacts {
  /** The commit that the answer is of. */
  commit: string | null;
  /** What identifies the file: a SHA-256, or git's SHA-1. */
  tag: string | null;
  /** The file's size. */
  bytes: number | null;
}

/** A hub that can be asked. */
export interface Connection {
  /** Its address, without a slash at its end. */
  endpoint: string;
  /**
   * How to ask for something there.
   *
   * @param asked What it is, for errors.
   * @param onFacts Is told what the headers say, a redirect's too.
   */
  ask(
    asked: Asked,
    onFacts?: (facts: AnswerFacts) => void,
  ): Required<Pick<RequestOptions, "headersFor" | "onAnswer">>;
}

/**
 * Makes ready to ask the hub, by what the environment says of it.
 *
 * @param options Another address, if the user gave one.
 * @throws {UserError} `bad-usage` if the address or the token is none.
 */
export async function connect(
  { hub }: Pick<DownloadOptions, "hub">,
): Promise<Connection> {
  const endpoint = hubEndpoint(hub);
  const { origin } = new URL(endpoint);
  const token = await hubToken();
  const hasToken = token !== null;
  return {
    endpoint,
    ask: (asked, onFacts) => ({
      // A redirect may lead to any host, which must not learn the token.
      headersFor: (url): Record<string, string> =>
        hasToken && url.origin === origin
          ? { authorization: `Bearer ${token}` }
          : {},
      onAnswer: (response, url) => {
        if (url.origin !== origin) return judgeOther(response, url);
        const refusal = refusalOf(response, asked, { endpoint, hasToken });
        if (refusal !== null) throw refusal;
        onFacts?.(factsOf(response));
      },
    }),
  };
}

/** The address that a redirect led to is good for a while only. */
function judgeOther({ status }: Response, { host }: URL): void {
  if (status === 401 || status === 403) {
    throw new Interrupted(`${host} answered ${status}`);
  }
}

function factsOf({ headers, status }: Response): AnswerFacts {
  const size = headers.get("x-linked-size") ??
    (status === 200 ? headers.get("content-length") : null);
  return {
    commit: headers.get("x-repo-commit"),
    tag: plainTag(headers.get("x-linked-etag") ?? headers.get("etag")),
    bytes: size === null ? null : Number(size),
  };
}

/** What stands between the quotes of an ETag, which may be a weak one. */
function plainTag(tag: string | null): string | null {
  return tag === null ? null : tag.replace(/^W\//, "").replace(/^"|"$/g, "");
}
