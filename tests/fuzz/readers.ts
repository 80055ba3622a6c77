import { archiveReaders } from "./readers/archives.ts";
import { dataReaders } from "./readers/data.ts";
import { hubReaders } from "./readers/hub.ts";
import { modelReaders } from "./readers/models.ts";
import type { Reader } from "./readers/reader.ts";
import { weightReaders } from "./readers/weights.ts";

/** All readers of files from elsewhere. */
export const readers: readonly Reader[] = [
  ...weightReaders,
  ...modelReaders,
  ...archiveReaders,
  ...dataReaders,
  ...hubReaders,
];
