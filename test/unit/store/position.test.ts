import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type Type from "typebox";
import { getAllEvents } from "../../../src/protocol/connector/events.ts";
import { formatPosition, parsePosition } from "../../../src/store/log/position.ts";
import { gross, net, third } from "../../support/server/world.ts";

const time = fc.maxSafeNat();
const entries = fc.uniqueArray(fc.tuple(fc.uuid(), time), { maxLength: 40, selector: ([id]) => id });

test("a position is read as it was written, and takes 32 characters of an address for each property", () => {
  fc.assert(
    fc.property(entries, (entries) => {
      const position = new Map(entries);
      const text = formatPosition(position);
      assert.deepEqual(parsePosition(text), position);
      assert.equal(encodeURIComponent(text), text);
      assert.equal(text.length, 2 + 32 * entries.length);
    }),
  );
});

test("a position that was once given out is good for ever", () => {
  const time = Date.UTC(2022, 2, 9, 13, 19, 46) * 1000;
  assert.deepEqual(parsePosition("AT-oX2RXF0Vis_wslj9mr6YABdnI84fAgA"), new Map([[net, time]]));
  const ofTwo = new Map([
    [gross, time],
    [third, 1],
  ]);
  assert.deepEqual(parsePosition("AYUd-MiQ8kxKjgGk_EayUXgABdnI84fAgE0CAds29UKLjRFPCmXpYMwAAAAAAAAAAQ"), ofTwo);
  assert.deepEqual(parsePosition("AQ"), new Map());
});

test("the position of the published example goes on after the published event", () => {
  const { Events, Position } = getAllEvents.example.answer as Type.Static<typeof getAllEvents.output>;
  const expected = Events.map(({ EnterpriseId, CreatedUtc }) => [EnterpriseId, Date.parse(CreatedUtc) * 1000]);
  assert.deepEqual([...(parsePosition(Position) ?? [])], expected);
});

test("text that is no position is told from one, whatever it is", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 80 }), (text) => {
      if (text !== "AQ") assert.equal(parsePosition(text), undefined);
    }),
  );
});

test("a position that lost, got or changed a character somewhere is none, or another one that can be written", () => {
  const character = fc.constantFrom(..."ABCXYZabcxyz019-_=+/ %");
  fc.assert(
    fc.property(entries, fc.nat(), fc.nat(2), character, (entries, at, removed, added) => {
      const text = formatPosition(new Map(entries));
      const index = at % (text.length + 1);
      const changed = text.slice(0, index) + (removed < 2 ? added : "") + text.slice(index + Math.min(removed, 1));
      const position = parsePosition(changed);
      if (changed.length !== text.length) assert.equal(position, undefined);
      if (position) assert.equal(formatPosition(position), changed);
    }),
    { numRuns: 1000 },
  );
});

test("bytes that somebody made up are refused or can be written again, times beyond all clocks too", () => {
  const extreme = fc.constantFrom(0x7fffffffffffffffn, -0x8000000000000000n, -1n, 0n, 1n << 53n, (1n << 53n) - 1n);
  const anyTime = fc.oneof(extreme, fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n }));
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), anyTime, (id, created) => {
      const bytes = Buffer.concat([Buffer.from([1]), id, Buffer.alloc(8)]);
      bytes.writeBigInt64BE(created, 17);
      const text = bytes.toString("base64url");
      const position = parsePosition(text);
      assert.equal(position !== undefined, created >= 0n && created < 1n << 53n);
      if (position) assert.equal(formatPosition(position), text);
    }),
  );
});
