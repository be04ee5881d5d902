import assert from "node:assert/strict";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import { largeJsonParser } from "../../../src/http/body/large-json.ts";

const endsAtOnce = "require('node:worker_threads').parentPort.once('message', () => process.exit(0));";
const answers =
  "const { parentPort } = require('node:worker_threads');" +
  "parentPort.on('message', () => parentPort.postMessage({ value: { Text: 'Hello' } }));";

test("a request whose body was being parsed when the thread ended is refused, and the next has another thread", async (t) => {
  const programs = [endsAtOnce, answers];
  const parser = largeJsonParser(60_000, () => new Worker(programs.shift() ?? "", { eval: true }));
  t.after(parser.stop);
  const parse = () => {
    const bytes = new Uint8Array(Buffer.from("{}"));
    return parser.parse({ bytes, shape: "any", undigested: undefined }, new AbortController().signal);
  };
  const [first, second] = await Promise.allSettled([parse(), parse()]);
  assert.equal(first.status, "rejected");
  assert.match(String(first.reason), /thread that parses large bodies has ended/);
  assert.deepEqual(second.status === "fulfilled" && second.value.value, { Text: "Hello" });
});
