import { testFaults } from "../../support/faults/campaign.ts";
import {
  localDownload,
  servedDownload,
  zipModel,
} from "../../support/faults/jobs.ts";
import { serve, withRanges } from "../../support/hub/file_server.ts";

testFaults("download of what is on this machine", localDownload, {
  parts: 2,
  fewer: 17,
});

const archive = new Uint8Array(await zipModel());
const server = serve((request) => withRanges(request, archive, '"1"'));
Deno.test.afterAll(async () => await server[Symbol.asyncDispose]());

testFaults(
  "download in the place of another version",
  servedDownload(server.url, archive),
  { parts: 2, fewer: 17 },
);
