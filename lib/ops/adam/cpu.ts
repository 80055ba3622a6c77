import { registerUpdateRule } from "../update_rule/cpu.ts";
import { adamDefinition } from "./reference.ts";

registerUpdateRule(adamDefinition);
