// The genuine @std/assert, from its npm build.
// @ts-types="./assert.d.ts"
export * from "deno-std/assert/mod.js";
