// The genuine @std/cli, from its npm build.
// @ts-types="./cli.d.ts"
export * from "deno-std/cli/parse_args.js";
