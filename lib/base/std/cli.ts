// The genuine @std/cli, from its npm build. (Its mod.js imports a JSON file
// that the build lacks.)
// @ts-types="./cli.d.ts"
export * from "deno-std/cli/parse_args.js";
