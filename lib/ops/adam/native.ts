import { registerUpdateRule } from "../../device/native/update_rule.ts";

registerUpdateRule("Adam", ["m", "v"]);
