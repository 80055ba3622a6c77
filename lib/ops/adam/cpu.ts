import { registerUpdateRule } from "../update_rule/cpu.ts";

registerUpdateRule("Adam", ["m", "v"]);
