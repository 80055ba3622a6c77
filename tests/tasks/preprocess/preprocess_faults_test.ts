import { testFaults } from "../../support/faults/campaign.ts";
import { freshTables, otherTables } from "../../support/faults/jobs.ts";

testFaults("preprocess", freshTables, { parts: 3, fewer: 31 });
testFaults("preprocess in the place of other tables", otherTables, {
  parts: 3,
  fewer: 31,
});
