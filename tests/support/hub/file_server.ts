/** A server on loopback for the length of a test. */
export interface FileServer extends AsyncDisposable {
  /** Without a slash at the end. */
  url: string;
  /** The Range header of every request so far, null where there was none. */
  ranges: (string | null)[];
}

/** Serves whatever a handler answers; it is told how many came before. */
export function serve(
  answer: (request: Request, before: number) => Response | Promise<Response>,
): FileServer {
  const ranges: (string | null)[] = [];
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    (request) => {
      const before = ranges.push(request.headers.get("range")) - 1;
      return answer(request, before);
    },
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    ranges,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** A response that promises all bytes and breaks off after the first few. */
export function brokenOff(
  bytes: Uint8Array,
  sent: number,
  headers: Record<string, string> = {},
): Response {
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(bytes.slice(0, sent));
      controller.close();
    },
  });
  return new Response(body, {
    headers: { "content-length": String(bytes.length), ...headers },
  });
}

/** Answers as a server that can go on where a download broke off. */
export function withRanges(
  request: Request,
  bytes: Uint8Array<ArrayBuffer>,
  etag: string,
): Response {
  const range = request.headers.get("range")?.match(/^bytes=(\d+)-$/);
  if (!range || request.headers.get("if-range") !== etag) {
    return new Response(bytes, { headers: { etag } });
  }
  const start = Number(range[1]);
  return new Response(bytes.slice(start), {
    status: 206,
    headers: {
      etag,
      "content-range": `bytes ${start}-${bytes.length - 1}/${bytes.length}`,
    },
  });
}
