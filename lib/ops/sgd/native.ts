import { registerUpdateRule } from "../../device/native/update_rule.ts";

registerUpdateRule("Sgd", ["momentum"]);
