import { testFaults } from "../support/faults/campaign.ts";
import { evaluation } from "../support/faults/jobs.ts";

testFaults("eval", evaluation, { parts: 1, fewer: 5 });
