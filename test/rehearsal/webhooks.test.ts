import { added, type Case, guest, hello, messages, testRules, thread } from "../support/sandbox/graded.ts";
import type { Exchanged } from "../support/sandbox/traffic-log.ts";

const broken: Exchanged = { status: null, error: "The connection ended before the answer was whole." };

const keyed = (key: string) => ({ headers: { "idempotency-key": key } });

const webhookAnswers: Case[] = [
  ["webhook-answers", "there was no webhook", (log) => log.request(0, "configuration/get"), "unseen", /No webhook/],
  [
    "webhook-answers",
    "it answers at once",
    (log) => {
      log.webhook(0, "w1", [["m1", "t1"]], { status: 204, took: 12.3 });
      log.webhook(1, "w2", [["m2", "t1"]], { took: 3 });
    },
    "pass",
    /2 webhooks .* within 13 ms/,
  ],
  [
    "webhook-answers",
    "it does not answer in time",
    (log) => log.webhook(0, "w1", [["m1", "t1"]], { status: null, took: 5001, error: "It did not answer." }),
    "fail",
    /1 webhook not answered within 5 seconds/,
    [1],
  ],
  [
    "webhook-answers",
    "it refuses the connection",
    (log) => log.webhook(0, "w1", [["m1", "t1"]], { status: null, took: 3, error: "It refused the connection." }),
    "fail",
    /not answered within 5 seconds/,
  ],
  [
    "webhook-answers",
    "it answers 500",
    (log) => {
      log.webhook(0, "w1", [["m1", "t1"]]);
      log.webhook(1, "w2", [["m2", "t1"]], { status: 500 });
    },
    "fail",
    /not answered with a 2xx/,
    [2],
  ],
  [
    "webhook-answers",
    "it is slow",
    (log) => log.webhook(0, "w1", [["m1", "t1"]], { took: 3000 }),
    "warn",
    /more than 2\.5 seconds/,
  ],
  [
    "webhook-answers",
    "it asks for time",
    (log) => log.webhook(0, "w1", [["m1", "t1"]], { status: 503, answerHeaders: { "retry-after": "9" } }),
    "warn",
    /put off/,
  ],
  [
    "webhook-answers",
    "a fault kept it back",
    (log) => {
      log.webhook(0, "w1", [["m1", "t1"]], { status: null, error: "A fault dropped it.", fault: "Drop" });
      const held = "A fault holds it back until 2026-05-05T12:05:00.000Z.";
      log.webhook(0, "w1", [["m1", "t1"]], { status: null, error: held, fault: "Late" });
    },
    "unseen",
    /No webhook/,
  ],
];

const deduplication: Case[] = [
  [
    "deduplication",
    "nothing came twice",
    (log) => log.webhook(0, "w1", [["m1", "t1"]]),
    "unseen",
    /announced to it twice/,
  ],
  [
    "deduplication",
    "it reads the message once",
    (log) => {
      log.webhook(0, "w1", [["m1", "t1"]]);
      log.webhook(0.1, "w1", [["m1", "t1"]]);
      log.request(1, "messages/getAll", { MessageIds: ["m1"] }, { answer: messages("m1") });
      log.request(2, "messages/add", hello, added("m2"));
    },
    "pass",
    /1 message announced more than once/,
  ],
  [
    "deduplication",
    "it reads the message twice, as it had answered 200",
    (log) => {
      log.webhook(0, "w1", [["m1", "t1"]]);
      log.request(1, "messages/getAll", { MessageIds: ["m1"] }, { answer: messages("m1") });
      log.webhook(5, "w1", [["m1", "t1"]]);
      log.request(6, "messages/getAll", { MessageIds: ["m1"] }, { answer: messages("m1") });
    },
    "fail",
    /read 1 message again/,
    [1, 2, 3, 4],
  ],
  [
    "deduplication",
    "it reads the message twice, as it could not answer the first time",
    (log) => {
      log.webhook(0, "w1", [["m1", "t1"]], { status: 500 });
      log.request(1, "messages/getAll", { MessageIds: ["m1"] }, { answer: messages("m1") });
      log.webhook(5, "w1", [["m1", "t1"]]);
      log.request(6, "messages/getAll", { MessageIds: ["m1"] }, { answer: messages("m1") });
    },
    "warn",
    /read 1 message again/,
  ],
  [
    "deduplication",
    "each of its integrations is told, and it reads for each",
    (log) => {
      log.webhook(0, "w1", [["m1", "t1"]]);
      log.webhook(0, "w2", [["m1", "t1"]]);
      log.request(1, "messages/getAll", { MessageIds: ["m1"] }, { answer: messages("m1") });
      log.request(2, "messages/getAll", { MessageIds: ["m1"] }, { answer: messages("m1") });
    },
    "pass",
    /acted upon once/,
  ],
  [
    "deduplication",
    "it answers twice, as each of its integrations is told",
    (log) => {
      log.webhook(0, "w1", [["m1", "t1"]]);
      log.webhook(0, "w2", [["m1", "t1"]]);
      log.request(1, "messages/add", hello, added("m2"));
      log.request(2, "messages/add", hello, added("m3"));
    },
    "fail",
    /answered 1 message twice/,
    [1, 2, 3, 4],
  ],
  [
    "deduplication",
    "it answers two messages with the same text",
    (log) => {
      log.webhook(0, "w1", [["m1", "t1"]]);
      log.webhook(0, "w2", [["m1", "t1"]]);
      log.request(1, "messages/add", hello, added("m2"));
      log.webhook(2, "w3", [["m4", "t1"]]);
      log.request(3, "messages/add", hello, added("m3"));
    },
    "pass",
    /acted upon once/,
  ],
  [
    "deduplication",
    "it has other reasons to read the message, before and long after",
    (log) => {
      log.request(0, "messages/getAll", { MessageIds: ["m1"] }, { answer: messages("m1") });
      log.webhook(5, "w1", [["m1", "t1"]]);
      log.webhook(6, "w1", [["m1", "t1"]]);
      log.request(7, "messages/getAll", { MessageIds: ["m1"] }, { answer: messages("m1") });
      log.request(60, "messages/getAll", { MessageIds: ["m1"] }, { answer: messages("m1") });
    },
    "pass",
    /acted upon once/,
  ],
  [
    "deduplication",
    "what is announced twice is its own",
    (log) => {
      log.request(0, "messages/add", hello, added("m1"));
      log.webhook(1, "w1", [["m1", "t1"]]);
      log.webhook(1, "w2", [["m1", "t1"]]);
      log.request(2, "messages/add", hello, added("m2"));
      log.request(3, "messages/add", hello, added("m3"));
    },
    "pass",
    /acted upon once/,
  ],
  [
    "deduplication",
    "it never heard of the first one",
    (log) => {
      log.webhook(0, "w1", [["m1", "t1"]], { status: null, error: "A fault dropped it.", fault: "Drop" });
      log.webhook(5, "w1", [["m1", "t1"]]);
    },
    "unseen",
    /announced to it twice/,
  ],
];

const safeRepeats: Case[] = [
  ["safe-repeats", "nothing broke", (log) => log.request(0, "messages/add", hello), "unseen", /repeated no add/],
  [
    "safe-repeats",
    "it repeats blindly after a broken connection",
    (log) => {
      log.request(0, "messages/add", hello, broken);
      log.request(2, "messages/add", hello);
    },
    "fail",
    /1 add repeated blindly/,
    [1, 2],
  ],
  [
    "safe-repeats",
    "it repeats a thread blindly after a 503",
    (log) => {
      log.request(0, "messageThreads/add", guest, { status: 503 });
      log.request(2, "messageThreads/add", guest);
    },
    "fail",
    /1 add/,
  ],
  [
    "safe-repeats",
    "it never got the whole answer",
    (log) => {
      log.request(0, "messages/add", hello, { ...keyed("k1"), fault: "Half" });
      log.request(2, "messages/add", hello, keyed("k2"));
    },
    "fail",
    /1 add/,
  ],
  [
    "safe-repeats",
    "it repeats with the same key",
    (log) => {
      log.request(0, "messages/add", hello, { ...broken, ...keyed("k1") });
      log.request(2, "messages/add", hello, keyed("k1"));
    },
    "pass",
    /safely/,
    [2],
  ],
  [
    "safe-repeats",
    "it looks before it repeats",
    (log) => {
      log.request(0, "messages/add", hello, broken);
      log.request(1, "messages/getAll", thread, { answer: messages() });
      log.request(2, "messages/add", hello);
    },
    "pass",
    /safely/,
  ],
  [
    "safe-repeats",
    "it looks in vain, or in another thread",
    (log) => {
      log.request(0, "messages/add", hello, broken);
      log.request(0.5, "messages/getAll", thread, broken);
      log.request(1, "messages/getAll", thread, { status: 500 });
      log.request(1.5, "messages/getAll", { MessageThreadIds: ["t2"] }, { answer: messages() });
      log.request(2, "messages/add", hello);
      log.request(3, "messages/getAll", thread, { answer: messages() });
    },
    "fail",
    /1 add repeated blindly/,
    [1, 5],
  ],
  [
    "safe-repeats",
    "it was refused, or limited, and nothing was added",
    (log) => {
      log.request(0, "messages/add", hello, { status: 400 });
      log.limited(1, "messages/add", hello);
      log.request(4, "messages/add", hello);
    },
    "unseen",
    /repeated no add/,
  ],
  [
    "safe-repeats",
    "it says the same in another thread",
    (log) => {
      log.request(0, "messages/add", hello, broken);
      log.request(2, "messages/add", { Messages: [{ MessageThreadId: "t2", Text: "Hello" }] });
    },
    "unseen",
    /repeated no add/,
  ],
];

testRules([...webhookAnswers, ...deduplication, ...safeRepeats]);
