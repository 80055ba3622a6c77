/**
 * The GPU device: WebGPU with kernels of our own.
 *
 * @module
 */
import { join } from "@std/path";
import * as tf from "@tensorflow/tfjs";
import { cachesToRead } from "../../base/cache_places.ts";
import type { Device } from "../device.ts";
import { GPU, type GpuBackend } from "./backend.ts";
import { registerWebGpu } from "./open.ts";
import "./kernels/tape_kernels.ts";
import { readTiles, writeTiles } from "./product/tile_file.ts";

/** How the GPU computes. */
export interface GpuOptions {
  /** The directory that keeps what was found out about this GPU, if any. */
  cache?: string | undefined;
}

/**
 * Makes tfjs compute on the GPU.
 *
 * @param acceptSoftware Whether an adapter that computes on the CPU will do.
 * @param options Where to keep what is measured.
 * @return The device; undefined if there is none that will do.
 * @throws {UserError} If `acceptSoftware` is set and there is no adapter.
 */
export async function openGpu(
  acceptSoftware: boolean,
  { cache }: GpuOptions,
): Promise<Device | undefined> {
  const adapter = await registerWebGpu({ acceptSoftware });
  if (adapter === undefined) return undefined;
  await tf.setBackend(GPU);
  const backend = tf.backend() as unknown as GpuBackend;
  const file = cache === undefined ? undefined : join(cache, TILE_FILE);
  if (cache !== undefined) {
    for (const directory of cachesToRead(cache).reverse()) {
      backend.tiles.adopt(await readTiles(join(directory, TILE_FILE), adapter));
    }
  }
  return {
    kind: "webgpu",
    description: `webgpu (${adapter})`,
    arithmetic: { device: "webgpu", adapter, subgroup: backend.subgroup },
    check: () => backend.check(),
    tune: async () => {
      if (!await backend.tune() || file === undefined) return;
      await writeTiles(file, { adapter, chosen: backend.tiles.chosen() });
    },
    tuned: () => backend.tiles.chosen(),
    adopt: (tuned) => backend.tiles.adopt(tuned),
  };
}

/** The name of a cache's file of tiles. */
const TILE_FILE = "gpu_tiles.json";
