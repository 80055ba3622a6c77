import { registerUpdateRule } from "../update_rule/cpu.ts";

registerUpdateRule("Sgd", ["momentum"]);
