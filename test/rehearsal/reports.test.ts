import assert from "node:assert/strict";
import { test } from "node:test";
import { rehearse } from "../../src/rehearsal/rehearsal.ts";
import { trafficLog } from "../support/sandbox/traffic-log.ts";

test("bodies that are cut short, no JSON or not what they should be are judged without a failure", () => {
  const log = trafficLog();
  const bodies = [
    '{"AccessToken":"A","Messages":[{"Text":"aa',
    "[]",
    "null",
    "7",
    "<xml>",
    '{"Messages":{"Text":1}}',
    null,
  ];
  for (const [index, RequestBody] of bodies.entries()) {
    for (const operation of ["messages/add", "messages/getAll", "messageThreads/getAll", "messageThreads/add"]) {
      for (const Status of [200, 400, 429, null]) {
        const entry = log.request(index, operation);
        log.entries[entry.Number - 1] = { ...entry, RequestBody, ResponseBody: RequestBody, Status };
      }
    }
    const entry = log.webhook(index, "w1", []);
    log.entries[entry.Number - 1] = { ...entry, RequestBody };
  }
  const [report] = rehearse(log.entries);
  assert.equal(report?.rules.length, 10);
});

test("each client gets a report of its own, and requests with unknown tokens go to the client that calls itself the same", () => {
  const log = trafficLog();
  log.request(0, "configuration/get", {});
  log.request(1, "configuration/get", { Client: "Day Dream 1.0" }, { client: "Client 2" });
  log.request(2, "configuration/get", {}, { client: null, status: 401 });
  log.request(3, "configuration/get", { Client: "Stranger 3.0" }, { client: null, status: 401 });
  // The sandbox's own guests are no client's program.
  log.request(4, "configuration/get", { Client: "Innbox guest chat 1.0.0" });
  log.request(5, "configuration/get", { Client: "Innbox scenario 0.1.0" });
  const reports = rehearse(log.entries).map(({ client, names, entries }) => [
    client,
    names,
    entries.map(({ Number: number }) => number),
  ]);
  assert.deepEqual(reports, [
    ["Client 1", ["Night Owl 1.2.0"], [1, 3]],
    ["Client 2", ["Day Dream 1.0"], [2]],
    ["Stranger 3.0 (unknown tokens)", ["Stranger 3.0"], [4]],
  ]);
});
