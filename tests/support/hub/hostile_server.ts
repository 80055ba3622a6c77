/**
 * A server that does what servers, proxies and cables do at their worst. It
 * speaks HTTP by hand, since a library would not let it lie.
 *
 * @module
 */
import { createServer, type Socket } from "node:net";
import type { Random } from "../random.ts";

/** What is served: the file, and another one that takes its place at times. */
export interface Served {
  file: Uint8Array;
  other: Uint8Array;
}

/** What a request asks for, and chance. */
export interface Asked extends Served {
  /** The first byte that is asked for; 0 without a range that holds. */
  from: number;
  path: string;
  random: Random;
}

/** Answers one request in a way of its own. */
type Misdeed = (socket: Socket, asked: Asked) => void | Promise<void>;

const etag = '"1"';

/** What a server should do. */
export function behave(socket: Socket, { file, from }: Asked): void {
  socket.end(Buffer.concat([head(file, from), file.subarray(from)]));
}

/** Everything else, by name. */
export const misdeeds: Readonly<Record<string, Misdeed>> = {
  "resets at once": (socket) => {
    socket.resetAndDestroy();
  },
  "resets midway": (socket, asked) => {
    socket.write(cut(asked), () => socket.resetAndDestroy());
  },
  "breaks off": (socket, asked) => {
    socket.end(cut(asked));
  },
  "stalls before its answer": () => {},
  "stalls midway": (socket, asked) => {
    socket.write(cut(asked));
  },
  async trickles(socket, { file, from }) {
    socket.write(head(file, from));
    for (let at = from; at < file.length && !socket.destroyed; at++) {
      socket.write(file.subarray(at, at + 1));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    socket.end();
  },
  "promises too little": (socket, { file, random }) => {
    answer(socket, file, { "content-length": random.below(file.length), etag });
  },
  "promises too much": (socket, { file, random }) => {
    const length = file.length + 1 + random.below(2 ** 40);
    answer(socket, file, { "content-length": length, etag });
  },
  "promises nonsense": (socket, { file }) => {
    answer(socket, file, { "content-length": "-1e9", etag });
  },
  "ends early without a promise": (socket, { file, random }) => {
    answer(socket, file.subarray(0, random.below(file.length)), { etag });
  },
  "goes on and on": async (socket, { file }) => {
    socket.write(lines("HTTP/1.1 200 OK", { etag, connection: "close" }));
    while (!socket.destroyed && socket.bytesWritten < 2 ** 20) {
      socket.write(file);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    socket.end();
  },
  "sends another range": (socket, { file, from, random }) => {
    const start = random.below(file.length);
    const range = `bytes ${start}-${file.length - 1}/${file.length}`;
    partial(socket, file.subarray(from), range);
  },
  "sends another range than it says": (socket, { file, from, random }) => {
    const range = `bytes ${from}-${file.length - 1}/${file.length}`;
    partial(socket, file.subarray(random.below(file.length)), range);
  },
  "sends a range of another length": (socket, { file, from, random }) => {
    const length = random.below(2 * file.length);
    partial(socket, file.subarray(from), `bytes ${from}-${length}/${length}`);
  },
  "sends a nonsense range": (socket, { file, from }) => {
    partial(socket, file.subarray(from), "bytes zero-0x10/NaN");
  },
  "says that nothing is left": (socket, { file, from, random }) => {
    const size = random.once(2) ? from : file.length;
    socket.end(lines("HTTP/1.1 416 Range Not Satisfiable", {
      "content-range": `bytes */${size}`,
    }));
  },
  "changes the file": (socket, { other }) => {
    answer(socket, other, { "content-length": other.length, etag: '"2"' });
  },
  "breaks off in a changed file": (socket, { other, random }) => {
    const sent = other.subarray(0, random.below(other.length));
    answer(socket, sent, { "content-length": other.length, etag: '"2"' });
  },
  "changes the file but not its tag": (socket, { other, from, random }) => {
    const sent = other.subarray(from, from + random.below(other.length));
    socket.end(Buffer.concat([head(other, from), sent]));
  },
  "has a weak tag": (socket, asked) => {
    const { file } = asked;
    const sent = file.subarray(0, asked.random.below(file.length));
    answer(socket, sent, { "content-length": file.length, etag: 'W/"1"' });
  },
  "has a nonsense tag": (socket, { file, random }) => {
    const sent = file.subarray(0, random.below(file.length));
    answer(socket, sent, { "content-length": file.length, etag: "\\,;" });
  },
  "sends a web page": (socket) => {
    const type = "text/html; charset=utf-8";
    answer(socket, Buffer.from("<html>Log in"), { "content-type": type });
  },
  "sends a web page as an archive": (socket) => {
    const page = Buffer.from("<html>Log in</html>");
    const type = "application/zip";
    answer(socket, page, { "content-type": type, etag });
  },
  "flips a bit": (socket, { file, random }) => {
    const sent = file.slice();
    sent[random.below(sent.length)] ^= 1;
    answer(socket, sent, { "content-length": sent.length, etag });
  },
  "says it compressed": (socket, { file }) => {
    answer(socket, file, { "content-encoding": "gzip", etag });
  },
  "redirects in a circle": (socket, { path }) => {
    redirect(socket, path);
  },
  "redirects to a file": (socket) => {
    redirect(socket, "file:///etc/passwd");
  },
  "redirects to nonsense": (socket) => {
    redirect(socket, "http://[");
  },
  "is overloaded": (socket, { random }) => {
    const status = random.once(2) ? "503 Busy" : "429 Too Many Requests";
    socket.end(lines(`HTTP/1.1 ${status}`, { "retry-after": "0" }));
  },
  "denies the file": (socket) => {
    socket.end(lines("HTTP/1.1 404 Not Found", {}));
  },
  "answers without a file": (socket) => {
    socket.end(lines("HTTP/1.1 204 No Content", {}));
  },
  "does not speak HTTP": (socket) => {
    socket.end("220 ftp ready\r\n");
  },
};

/** A running server. */
export interface HostileServer extends AsyncDisposable {
  url: string;
}

/** Listens on loopback; `next` tells what to do with each request. */
export async function listen(
  served: Served,
  { random, next }: {
    random: Random;
    next: () => Misdeed | Promise<Misdeed>;
  },
): Promise<HostileServer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
    let text = "";
    socket.on("data", async (chunk) => {
      text += chunk;
      if (!text.endsWith("\r\n\r\n")) return;
      const path = text.split(" ")[1];
      const range = /^range: bytes=(\d+)-\r$/im.exec(text);
      const holds = /^if-range: "1"\r$/im.test(text);
      const from = range && holds && Number(range[1]) < served.file.length
        ? Number(range[1])
        : 0;
      await (await next())(socket, { ...served, from, path, random });
    });
  });
  await new Promise<void>((resolve) =>
    server.listen(0, "127.0.0.1", () => resolve())
  );
  const { port } = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** An honest beginning, and some of the bytes it promises. */
function cut({ file, from, random }: Asked): Uint8Array {
  const sent = file.subarray(from, from + random.below(file.length - from));
  return Buffer.concat([head(file, from), sent]);
}

function head(file: Uint8Array, from: number): Uint8Array {
  const length = { "content-length": file.length - from, etag };
  if (from === 0) return lines("HTTP/1.1 200 OK", length);
  const range = `bytes ${from}-${file.length - 1}/${file.length}`;
  return lines("HTTP/1.1 206 Partial Content", {
    ...length,
    "content-range": range,
  });
}

function answer(
  socket: Socket,
  body: Uint8Array,
  headers: Record<string, string | number>,
): void {
  socket.end(Buffer.concat([lines("HTTP/1.1 200 OK", headers), body]));
}

function partial(socket: Socket, body: Uint8Array, range: string): void {
  const headers = { "content-range": range, etag };
  const start = lines("HTTP/1.1 206 Partial Content", headers);
  socket.end(Buffer.concat([start, body]));
}

function redirect(socket: Socket, location: string): void {
  socket.end(lines("HTTP/1.1 302 Found", { location, "content-length": 0 }));
}

function lines(
  status: string,
  headers: Record<string, string | number>,
): Uint8Array {
  const fields = Object.entries({ connection: "close", ...headers })
    .map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`${status}\r\n${fields.join("")}\r\n`);
}
