// The genuine @std/text, from its npm build.
// @ts-types="./text.d.ts"
export * from "deno-std/text/levenshtein_distance.js";
