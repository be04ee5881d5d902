import { resolve } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { expect } from "./documents-vitest.ts";

// What Jest does with the recipe's files, in this order, so that what they do with a sandbox is run.
const load = (file: string) => import(pathToFileURL(resolve(file)).href);

const { default: config } = await load("jest.config.mjs");
const { default: setUp } = await load(config.globalSetup);
const { default: tearDown } = await load(config.globalTeardown);
await setUp();
const results: Promise<void>[] = [];
Object.assign(globalThis, {
  expect,
  test: (name: string, body: () => Promise<void>) => results.push(test(name, body)),
});
await load("replies.test.js");
await Promise.all(results);
await tearDown();
