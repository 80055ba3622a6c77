import { z } from "zod";

/** Labels given by name, as `entailment,contradiction,neutral`. */
export const labelNames = z.array(z.string().min(1)).min(2);
