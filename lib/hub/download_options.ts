import type { OnProgress } from "../base/progress.ts";

/**
 * Chooses files of a repository of the Hugging Face hub.
 *
 * @param paths All that there are.
 * @param read Fetches one as text, to choose by what it says.
 * @return Those that are needed.
 */
export type ChooseFiles = (
  paths: readonly string[],
  read: (path: string) => Promise<string>,
) => Promise<string[]>;

/** Where an entry of the catalogue goes, where it comes from, and how. */
export interface DownloadOptions {
  /** The cache, a directory; made if absent. */
  cache: string;
  /**
   * A URL or directory that has all archives, instead of their own URLs; of a
   * repository of the Hugging Face hub, the URL of another hub.
   */
  hub?: string;
  /**
   * Which files of a repository are the data, by the configuration that is
   * asked for; a data set of the Hugging Face hub needs it.
   */
  chooseData?: (config: string | undefined) => ChooseFiles;
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
