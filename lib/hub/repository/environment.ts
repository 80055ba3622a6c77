/**
 * What the environment says of the Hugging Face hub, by the variables that its
 * own programs read. Where this program may not look, nothing is said.
 *
 * @module
 */
import { join } from "@std/path";
import { UserError } from "../../base/errors.ts";

/** The hub's own address. */
export const PUBLIC_HUB = "https://huggingface.co";

/** Whether the environment keeps programs off the hub. */
export function isHubOffline(): boolean {
  const value = variable("HF_HUB_OFFLINE") ?? variable("TRANSFORMERS_OFFLINE");
  return isTrue(value);
}

/**
 * The address of the hub, without a slash at its end.
 *
 * @param given An address that the user gave, which wins.
 * @throws {UserError} `bad-usage` if it is no address of the web.
 */
export function hubEndpoint(given?: string): string {
  const address = given ?? variable("HF_ENDPOINT") ?? PUBLIC_HUB;
  const { protocol } = URL.parse(address) ?? {};
  if (protocol === "https:" || protocol === "http:") {
    return address.replace(/\/+$/, "");
  }
  throw new UserError(
    `Cannot ask the Hugging Face hub: ${
      given === undefined ? "HF_ENDPOINT" : "--hub"
    } is "${address}", expected an http or https address`,
    { code: "bad-usage", hint: `the hub's own is ${PUBLIC_HUB}` },
  );
}

/**
 * The folders in which the hub's own programs keep what they fetched; they
 * may not be there.
 */
export function hubCaches(): string[] {
  const named = variable("HF_HUB_CACHE") ?? variable("HUGGINGFACE_HUB_CACHE");
  if (named !== undefined) return [fromHome(named)];
  const home = hubHome();
  return home === null ? [] : [join(home, "hub")];
}

/**
 * The token that lets a user in, from `HF_TOKEN` or the file that
 * `hf auth login` writes. It is a secret: it may be told nowhere.
 *
 * @return The token; null if there is none.
 * @throws {UserError} `bad-usage` if it is none that can be sent.
 */
export async function hubToken(): Promise<string | null> {
  if (isTrue(variable("HF_HUB_DISABLE_IMPLICIT_TOKEN"))) return null;
  const own = variable("HF_TOKEN") ?? variable("HUGGING_FACE_HUB_TOKEN");
  if (own !== undefined) return checked(own.trim(), "HF_TOKEN");
  const named = variable("HF_TOKEN_PATH");
  const home = hubHome();
  const path = named !== undefined
    ? fromHome(named)
    : home && join(home, "token");
  if (path === null) return null;
  try {
    return checked((await Deno.readTextFile(path)).trim(), `"${path}"`);
  } catch (error) {
    if (error instanceof UserError) throw error;
    // Without a token that can be read, what is public can still be fetched.
    return null;
  }
}

/** A token with other characters could end its header, and begin another. */
function checked(token: string, place: string): string | null {
  if (token === "") return null;
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new UserError(
    `Cannot use the token of ${place}: it has blanks or letters that no token has`,
    { code: "bad-usage", hint: "a token of the hub begins with hf_" },
  );
}

/** Where the hub's own programs keep their files; null if nobody tells. */
function hubHome(): string | null {
  const named = variable("HF_HOME");
  if (named !== undefined) return fromHome(named);
  const caches = variable("XDG_CACHE_HOME");
  if (caches !== undefined) return join(fromHome(caches), "huggingface");
  const home = userHome();
  return home && join(home, ".cache", "huggingface");
}

function userHome(): string | null {
  return variable("HOME") ?? variable("USERPROFILE") ?? null;
}

/** A path that may begin with the user's own folder, as `~/models`. */
function fromHome(path: string): string {
  const home = userHome();
  return home !== null && /^~(?=[/\\]|$)/.test(path)
    ? join(home, path.slice(1))
    : path;
}

function isTrue(value: string | undefined): boolean {
  return /^(?:1|on|yes|true)$/i.test(value ?? "");
}

/** A variable's value; undefined if it is empty, absent or not ours to read. */
function variable(name: string): string | undefined {
  const { state } = Deno.permissions.querySync({ name: "env", variable: name });
  const value = state === "granted" ? Deno.env.get(name) : undefined;
  return value === "" ? undefined : value;
}
