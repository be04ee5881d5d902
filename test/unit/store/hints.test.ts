import assert from "node:assert/strict";
import { test } from "node:test";
import { nilIdentifier } from "../../../src/core/identifiers.ts";
import { hints } from "../../../src/store/hints.ts";
import type { LogChange } from "../../../src/store/log/property-log.ts";

/** Hints of one process, what it has sent, and a way to send it something. */
function oneProcess() {
  const sent: string[] = [];
  let receive: (text: string) => void = () => undefined;
  const own = hints({
    notify: (text) => sent.push(text),
    onNotification: (listener) => {
      receive = listener;
    },
  });
  const heard: unknown[] = [];
  own.onCommit((changes) => heard.push(...changes));
  own.onBroadcast((message) => heard.push(message));
  return { own, sent, heard, receive: (text: string) => receive(text) };
}

const change = (clientId: string): LogChange => ({ enterpriseId: "hotel", clientId, created: 7 });

test("a process hears of all that it commits, and other processes of what clients wait for, 50 at a time", () => {
  const { own, sent, heard } = oneProcess();
  const changes = [change(nilIdentifier), ...Array.from({ length: 60 }, (_, index) => change(`client ${index}`))];
  own.committed(changes);
  assert.deepEqual(heard, changes);
  assert.deepEqual(
    sent.map((text) => JSON.parse(text)),
    [changes.slice(1, 51), changes.slice(51)],
  );
});

test("a broadcast is for other processes", () => {
  const { own, sent, heard } = oneProcess();
  own.broadcast({ presence: { userId: "Ann" } });
  assert.deepEqual([sent, heard], [['{"presence":{"userId":"Ann"}}'], []]);
});

test("changes and broadcasts of a server of the version before are understood, and anything else is passed over", () => {
  const { heard, receive } = oneProcess();
  for (const text of ["", "{", "null", "7", '["change", null, {"enterpriseId":1}]']) receive(text);
  assert.deepEqual(heard, []);
  receive('[{"enterpriseId":"hotel","clientId":"client","created":7}]');
  receive('{"presence":{"userId":"Ann"}}');
  assert.deepEqual(heard, [change("client"), { presence: { userId: "Ann" } }]);
});
