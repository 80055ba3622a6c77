/**
 * One HTTP request of a download: redirects, refusals, and servers that fall
 * silent.
 *
 * @module
 */
import { UserError } from "../../base/errors.ts";
import {
  publicAddress,
  withPublicAddresses,
} from "../../base/public_address.ts";

/** Redirects that are followed, as browsers have it. */
const REDIRECTS = 20;

/** Answers that a later try may better (RFC 9110, RFC 6585). */
const TRANSIENT = new Set([408, 425, 429, 500, 502, 503, 504]);

/** A transfer that failed in a way that a later try may better. */
export class Interrupted extends Error {
  /** Its class, for messages. */
  override readonly name = "Interrupted";

  /**
   * Tells what broke the transfer.
   *
   * @param message What happened, without a full stop.
   * @param retryAfter How long the server asks to wait, in ms.
   */
  constructor(message: string, readonly retryAfter?: number) {
    super(message);
  }
}

/** Headers, and when to give up. */
export interface RequestOptions {
  /** Headers beside those that every request has. */
  headers?: Record<string, string>;
  /** Headers for one address alone, as a secret; asked at each redirect. */
  headersFor?: (url: URL) => Record<string, string>;
  /** Looks at every answer, redirects too; what it throws ends the request. */
  onAnswer?: (response: Response, url: URL) => void;
  /** Stops the request. */
  signal: AbortSignal;
}

/**
 * Sends a GET request and follows redirects, but never from https to http
 * and never out of the network.
 *
 * @param address The address to ask.
 * @param options Headers, and a signal.
 * @return A response of status 200, 206 or 416.
 * @throws {Interrupted} If trying again may help.
 * @throws {UserError} `download-failed`, if it will not.
 */
export async function request(
  address: string,
  options: RequestOptions,
): Promise<Response> {
  let url = new URL(address);
  for (let hops = 0; hops <= REDIRECTS; hops++) {
    const response = await send(url, options);
    await judge(response, url, options);
    if ([200, 206, 416].includes(response.status)) return response;
    await response.body?.cancel();
    const { status } = response;
    const location = response.headers.get("location");
    if ([301, 302, 303, 307, 308].includes(status) && location !== null) {
      url = redirected(url, location);
      continue;
    }
    const answer = `${url.host} answered ${status} ${response.statusText}`
      .trimEnd();
    if (!TRANSIENT.has(status)) throw failed(answer);
    throw new Interrupted(answer, retryAfter(response));
  }
  throw failed(`more than ${REDIRECTS} redirects`);
}

/** The error of a download that no further try would save. */
export function failed(reason: string, cause?: unknown): UserError {
  return new UserError(reason, {
    code: "download-failed",
    exitCode: 1,
    cause,
  });
}

/** What broke a connection: the innermost cause says most. */
export function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error
    ? reasonOf(cause)
    : withPublicAddresses(message);
}

/** Shows an answer to who asked; one that is refused is not read. */
async function judge(
  response: Response,
  url: URL,
  { onAnswer }: RequestOptions,
): Promise<void> {
  try {
    onAnswer?.(response, url);
  } catch (error) {
    await response.body?.cancel();
    throw error;
  }
}

async function send(
  url: URL,
  { headers = {}, headersFor, signal }: RequestOptions,
): Promise<Response> {
  try {
    return await fetch(url, {
      // A server that compressed a zip once more would hide its length.
      headers: {
        "accept-encoding": "identity",
        ...headers,
        ...headersFor?.(url),
      },
      redirect: "manual",
      signal,
    });
  } catch (cause) {
    if (signal.aborted) throw signal.reason;
    if (cause instanceof Deno.errors.NotCapable) {
      throw failed(`this program is not allowed to reach ${url.host}`, cause);
    }
    throw new Interrupted(reasonOf(cause));
  }
}

function redirected(from: URL, location: string): URL {
  const to = URL.parse(location, from);
  if (to === null) {
    throw failed(`${publicAddress(`${from}`)} redirects to no address`);
  }
  const isFit = to.protocol === "https:" ||
    to.protocol === "http:" && from.protocol === "http:";
  if (isFit) return to;
  throw failed(
    `${publicAddress(`${from}`)} redirects to ${publicAddress(`${to}`)}, ` +
      "which is less safe",
  );
}

/**
 * How long a server asks to wait, in ms: Retry-After has seconds or a date, and
 * RateLimit, of the Hugging Face hub, `"api";r=0;t=55` if nothing is left.
 */
function retryAfter({ status, headers }: Response): number | undefined {
  const limit = status === 429 ? headers.get("ratelimit") : null;
  const value = headers.get("retry-after") ??
    /;r=0;t=(\d+)/.exec(limit ?? "")?.[1] ?? null;
  if (value === null) return undefined;
  const wait = /^\d+$/.test(value)
    ? Number(value) * 1000
    : Date.parse(value) - Date.now();
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}
