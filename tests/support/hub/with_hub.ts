/** Tasks as real processes, beside a server that speaks as the hub does. */
import { join } from "@std/path";
import type { TaskName } from "../../../lib/settings/config.ts";
import { type Ended, runTask } from "../tasks/run_task.ts";
import { withFolder } from "../with_folder.ts";
import {
  type HubRepository,
  type HubServer,
  type HubServerOptions,
  serveHub,
} from "./hub_server.ts";

/** A folder to work in, and a hub. */
export interface HubPlace {
  /** The hub. */
  server: HubServer;
  /** An empty folder. */
  folder: string;
  /** Runs a task in the folder; the variables come on top of the hub's. */
  run(
    task: TaskName,
    args: readonly string[],
    env?: Record<string, string>,
  ): Promise<Ended>;
  /** The cache's directory of a commit. */
  snapshot(id: string, branch?: string): string;
}

/** Variables of the hub that whoever runs the tests may have set. */
const UNSET = Object.fromEntries(
  [
    "HF_TOKEN",
    "HUGGING_FACE_HUB_TOKEN",
    "HF_TOKEN_PATH",
    "HF_HUB_CACHE",
    "HUGGINGFACE_HUB_CACHE",
    "HF_HUB_OFFLINE",
    "TRANSFORMERS_OFFLINE",
    "HF_HUB_DISABLE_IMPLICIT_TOKEN",
  ].map((name) => [name, ""]),
);

/** Serves repositories, and does something in a folder beside. */
export async function withHub(
  repositories: readonly HubRepository[],
  test: (place: HubPlace) => Promise<void>,
  options: HubServerOptions = {},
): Promise<void> {
  await using server = serveHub(repositories, options);
  await withFolder(async (folder) => {
    const home = { HF_HOME: join(folder, "home"), HF_ENDPOINT: server.url };
    await test({
      server,
      folder,
      run: (task, args, env) =>
        runTask(task, args, {
          cwd: folder,
          env: { ...UNSET, ...home, ...env },
        }),
      snapshot: (id, branch) =>
        join(
          ".premise/cache/hub",
          `${repositories.find((it) => it.id === id)!.kind}s--${
            id.replace("/", "--")
          }`,
          "snapshots",
          server.commitOf(id, branch),
        ),
    });
  });
}

/** The paths of the requests for files, as `resolve/COMMIT/PATH` ends. */
export function filesAsked({ requests }: HubServer): string[] {
  return requests.flatMap(({ host, path }) =>
    host === "hub" ? /\/resolve\/[^/]+\/(.+)$/.exec(path)?.slice(1) ?? [] : []
  );
}
