import type { OnProgress } from "../base/progress.ts";

/** Where an entry of the catalogue goes, where it comes from, and how. */
export interface DownloadOptions {
  /** The cache, a directory; made if absent. */
  cache: string;
  /** A URL or directory that has all archives, instead of their own URLs. */
  hub?: string;
  /** Whether to keep off the network; files on this machine will do. */
  offline?: boolean;
  /** How often to try in all. */
  tries?: number;
  /** Wait before the second try, in ms; doubles with each further one. */
  retryDelay?: number;
  /** Longest silence of a server that is put up with, in ms. */
  stallTimeout?: number;
  /** Is told bytes, under the phases `download NAME` and `extract NAME`. */
  onProgress?: OnProgress;
  /** Called if another process is at the same entry. */
  onWait?: () => void;
  /** Stops the work; an archive's part is kept if it can be continued. */
  signal?: AbortSignal;
}
