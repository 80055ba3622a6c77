// The genuine @std/path, from its npm build.
// @ts-types="./path.d.ts"
export * from "deno-std/path/mod.js";
