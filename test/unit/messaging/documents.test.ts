import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { framed, messageDocument, updatedThreadDocument } from "../../../src/messaging/documents.ts";
import { documentOf } from "../../../src/messaging/thread.ts";
import { conversations, guestWrites, opening, resolves } from "../../support/messaging/conversations.ts";

const second = 1_000_000;

test("a thread looks on the wire as it was opened, and shows when it was last updated and whether it is resolved", () => {
  const { carryOut, thread } = conversations();
  const [document = ""] = carryOut(opening, second).documents;
  const expected = { Id: "stay", OriginalSender: "Jane Guest", Subject: "My stay", CreatedUtc: "1970-01-01T00:00:01Z" };
  assert.equal(document, JSON.stringify({ ...expected, UpdatedUtc: "1970-01-01T00:00:01Z", IsResolved: false }));
  carryOut(guestWrites("Hello"), 2 * second);
  const [resolved] = carryOut(resolves(true), 3 * second).documents;
  assert.equal(resolved, JSON.stringify({ ...expected, UpdatedUtc: "1970-01-01T00:00:03Z", IsResolved: true }));
  assert.equal(documentOf(thread()), resolved);
});

test("fields that a newer version has added to a thread stay, in their places", () => {
  const document = '{"Id":"1","Language":"cs","UpdatedUtc":"1970-01-01T00:00:00Z","IsResolved":false,"Tags":["VIP"]}';
  const updated = '{"Id":"1","Language":"cs","UpdatedUtc":"1970-01-01T00:00:07Z","IsResolved":true,"Tags":["VIP"]}';
  assert.equal(updatedThreadDocument(document, 7 * second, true), updated);
});

const characters = ["a", '"', "\\", "\n", "\u0000", "\u2028", "é", "🛎", "\ud83d"];

test("a message looks on the wire as it was written, whatever its text is", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(...characters) }),
      fc.constantFrom("Application", "Enterprise"),
      (Text, Discriminator) => {
        const document = messageDocument("1", "2", Text, Discriminator, 7 * second);
        assert.deepEqual(JSON.parse(document), {
          Id: "1",
          MessageThreadId: "2",
          Text,
          Sender: { Discriminator, Value: null },
          CreatedUtc: "1970-01-01T00:00:07Z",
        });
      },
    ),
  );
});

test("an answer is its documents in their frame", () => {
  assert.equal(framed(["[", ",", "]"], ["1", "2"]), "[1,2]");
});
