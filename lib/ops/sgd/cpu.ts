import { registerUpdateRule } from "../update_rule/cpu.ts";
import { sgdDefinition } from "./reference.ts";

registerUpdateRule(sgdDefinition);
