/**
 * What a case of the benchmark is.
 *
 * @module
 */
import { join } from "@std/path";
import type { Finding } from "./result.ts";

/** Whose programs we are compared with. */
export type Peer = "torch" | "transformers" | "mxnet" | "tfjs";

/** How cases are run. */
export interface RunOptions {
  /** Pairs of turns. */
  pairs: number;
  /** Threads of every side. */
  threads: number;
  /** A BLAS library, or `none`; if not given, the first one found. */
  blas?: string | undefined;
  /** The folder of the peers' programs, made by `deno task bench:setup`. */
  peers: string;
  /** A folder for files of the run. */
  scratch: string;
}

/** A case of the benchmark. */
export interface Case {
  /** What it is asked for by. */
  name: string;
  /** What is measured, in a few words. */
  title: string;
  /** The other side, if there is one. */
  against?: Peer;
  /** What it measures; the CPU if not given. */
  device?: "webgpu";
  /** Measures. */
  run(options: RunOptions): Promise<Finding>;
}

/** The virtual environment that has a peer; none for TensorFlow.js. */
export function environmentOf(peer: Peer): "torch" | "mxnet" | undefined {
  if (peer === "tfjs") return undefined;
  return peer === "mxnet" ? "mxnet" : "torch";
}

/** The command of a Python side. */
export function pythonSide(
  { peers }: RunOptions,
  peer: Exclude<Peer, "tfjs">,
  script: string,
): string[] {
  const python = Deno.build.os === "windows"
    ? join("Scripts", "python.exe")
    : join("bin", "python");
  return [
    join(peers, environmentOf(peer)!, python),
    join("bench", "peers", script),
  ];
}

/** The command of our side. */
export function ourSide(): string[] {
  return [Deno.execPath(), "run", "-A", join("bench", "peers", "premise.ts")];
}
