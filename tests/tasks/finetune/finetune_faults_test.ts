import { testFaults } from "../../support/faults/campaign.ts";
import {
  freshRun,
  overwritingRun,
  resumedRun,
} from "../../support/faults/jobs.ts";

testFaults("a run", freshRun, { parts: 20, fewer: 101 });
testFaults("a run in the place of another", overwritingRun, {
  parts: 20,
  fewer: 101,
});
testFaults("a run that goes on", resumedRun, { parts: 20, fewer: 101 });
