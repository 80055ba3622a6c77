import { assertEquals, assertRejects } from "@std/assert";
import { UserError } from "../../../../lib/base/errors.ts";
import { Interrupted, request } from "../../../../lib/hub/transfer/request.ts";

/** Runs a test with canned answers in the network's place. */
async function withAnswers(
  answers: Record<string, Response>,
  test: () => Promise<void>,
): Promise<void> {
  const genuine = globalThis.fetch;
  globalThis.fetch = (input) => Promise.resolve(answers[String(input)]);
  try {
    await test();
  } finally {
    globalThis.fetch = genuine;
  }
}

function redirect(location: string): Response {
  return new Response(null, { status: 302, headers: { location } });
}

const { signal } = new AbortController();

Deno.test("request does not follow a redirect from https to http", async () => {
  const answers = {
    "https://a.example/": redirect("http://b.example/"),
    "http://b.example/": new Response("unsafe"),
  };
  await withAnswers(answers, async () => {
    await assertRejects(
      () => request("https://a.example/", { signal }),
      UserError,
      "redirects to http://b.example/, which is less safe",
    );
  });
});

Deno.test("request follows a redirect from http to https", async () => {
  const answers = {
    "http://a.example/": redirect("https://b.example/"),
    "https://b.example/": new Response("safe"),
  };
  await withAnswers(answers, async () => {
    const response = await request("http://a.example/", { signal });
    assertEquals(await response.text(), "safe");
  });
});

Deno.test("request reads a Retry-After date that is over as no wait", async () => {
  const headers = { "retry-after": "Wed, 21 Oct 2015 07:28:00 GMT" };
  const answers = {
    "http://a.example/": new Response("", { status: 503, headers }),
  };
  await withAnswers(answers, async () => {
    const error = await assertRejects(
      () => request("http://a.example/", { signal }),
      Interrupted,
    );
    assertEquals(error.retryAfter, 0);
  });
});
