// The genuine @std/yaml, from its npm build.
// @ts-types="./yaml.d.ts"
export * from "deno-std/yaml/parse.js";
