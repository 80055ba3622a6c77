import { assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { createServer } from "node:http";
import manifest from "../../../deno.json" with { type: "json" };
import { parseTaskLine } from "../../../lib/package/task_line.ts";
import { slowTest } from "../../support/slow.ts";

const root = fromFileUrl(new URL("../../..", import.meta.url));
const { flags, script } = parseTaskLine(manifest.tasks.download)!;
const archive = await Deno.readFile(join(root, "fixtures/bert.tiny.zip"));

/** Where Deno has its packages: without this it would look under HOME. */
const { denoDir } = JSON.parse(new TextDecoder().decode(
  (await new Deno.Command(Deno.execPath(), { args: ["info", "--json"] })
    .output()).stdout,
));

/** A proxy on loopback that has one file, whatever is asked for. */
interface Proxy extends AsyncDisposable {
  url: string;
  /** The method and target of each request. */
  asked: string[];
}

async function openProxy(): Promise<Proxy> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.end(archive);
  });
  server.on("connect", (request, socket) => {
    asked.push(`${request.method} ${request.url}`);
    socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
  });
  await new Promise<void>((resolve) =>
    server.listen(0, "127.0.0.1", () => resolve())
  );
  const { port } = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    async [Symbol.asyncDispose]() {
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Downloads bert.tiny from a hub in an environment of its own. */
async function runDownload(
  hub: string,
  env: Record<string, string>,
): Promise<{ code: number; stderr: string }> {
  const folder = await Deno.makeTempDir();
  try {
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "--config", join(root, "deno.json"), ...flags],
        ...[
          join(root, script),
          "--model=bert.tiny",
          "--cache=cache",
          "--hub",
          hub,
        ],
      ],
      cwd: folder,
      clearEnv: true,
      env: { DENO_DIR: denoDir, DENO_NO_UPDATE_CHECK: "1", ...env },
      stdout: "null",
      stderr: "piped",
    }).output();
    return { code, stderr: new TextDecoder().decode(stderr) };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

for (const name of ["HTTP_PROXY", "http_proxy", "ALL_PROXY"]) {
  Deno.test(`download goes through the proxy of ${name}`, async () => {
    await using proxy = await openProxy();
    const hub = "http://mirror.invalid";
    const { code, stderr } = await runDownload(hub, { [name]: proxy.url });
    assertEquals(code, 0, stderr);
    assertEquals(proxy.asked, ["GET http://mirror.invalid/bert.tiny.zip"]);
  });
}

slowTest("download asks the proxy of HTTPS_PROXY for a tunnel", async () => {
  await using proxy = await openProxy();
  const stop = { HTTPS_PROXY: proxy.url };
  const { code, stderr } = await runDownload("https://mirror.invalid", stop);
  assertEquals(code, 1);
  assertEquals(proxy.asked[0], "CONNECT mirror.invalid:443");
  assertStringIncludes(stderr, "tunnel");
});

Deno.test("download goes around the proxy to the hosts of NO_PROXY", async () => {
  await using proxy = await openProxy();
  await using mirror = await openProxy();
  const { code, stderr } = await runDownload(mirror.url, {
    HTTP_PROXY: proxy.url,
    NO_PROXY: "127.0.0.1",
  });
  assertEquals(code, 0, stderr);
  assertEquals(proxy.asked, []);
  assertEquals(mirror.asked, ["GET /bert.tiny.zip"]);
});
