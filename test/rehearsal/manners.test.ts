import { type Case, guest, hello, since, testRules, thread, type Write } from "../support/sandbox/graded.ts";
import type { Exchanged } from "../support/sandbox/traffic-log.ts";

const named =
  (name: string): Write =>
  (log) =>
    log.request(0, "configuration/get", { Client: name });

const refused: Exchanged = { status: 400, answer: { Message: "Subject is required." } };

const clientName: Case[] = [
  ["client-name", "it says name and version", named("Night Owl 1.2.0"), "pass", /"Night Owl 1.2.0" throughout/],
  ["client-name", "it says a long version", named("NightOwl/v2.0.1-beta.3+7"), "pass", /throughout/],
  ["client-name", "it says curl", named("curl 8.5.0"), "fail", /anybody's/, [1]],
  ["client-name", "it says what the examples say", named("Sample Client 1.0.0"), "fail", /anybody's/],
  ["client-name", "it says test", named("test"), "fail", /no version/],
  ["client-name", "it says no version", named("Night Owl"), "fail", /no version/],
  ["client-name", "it says nothing", named(""), "fail", /without a Client/],
  [
    "client-name",
    "it says this and that",
    (log) => {
      log.request(0, "configuration/get");
      log.request(1, "configuration/get", { Client: "Night Owl 1.3.0" });
    },
    "warn",
    /"Night Owl 1\.2\.0" and "Night Owl 1\.3\.0"/,
    [1, 2],
  ],
];

const limits: Case[] = [
  ["limits", "no request came", (log) => log.webhook(0, "w1", []), "unseen", /no request/],
  [
    "limits",
    "it asks now and then",
    (log) => {
      for (let index = 0; index < 300; index += 1) log.request(index, "configuration/get");
    },
    "pass",
    /At most it made 30 of 200/,
  ],
  [
    "limits",
    "it comes close",
    (log) => {
      for (let index = 0; index < 161; index += 1) log.request(index / 10, "configuration/get");
    },
    "warn",
    /161 of 200 requests in 30 s, which is close/,
    [1, 161],
  ],
  [
    "limits",
    "each token has a limit of its own",
    (log) => {
      for (let index = 0; index < 161; index += 1) {
        log.request(index / 10, "configuration/get", { AccessToken: `A${index % 2}` });
      }
    },
    "pass",
    /81 of 200/,
  ],
  [
    "limits",
    "it is refused once, several requests at a time",
    (log) => {
      log.limited(0, "configuration/get", {}, { wait: 5 });
      log.limited(0.1, "configuration/get", {}, { wait: 5 });
      log.request(6, "configuration/get");
    },
    "warn",
    /ran into the limit once/,
    [1],
  ],
  [
    "limits",
    "it is refused again and again",
    (log) => {
      log.limited(0, "configuration/get", {}, { wait: 5 });
      log.request(6, "configuration/get");
      log.limited(7, "configuration/get", {}, { wait: 5 });
    },
    "fail",
    /ran into the limit 2 times/,
    [1, 3],
  ],
  [
    "limits",
    "a fault said 429",
    (log) => {
      log.limited(0, "configuration/get", {}, { fault: "Status 429" });
      log.limited(7, "configuration/get", {}, { fault: "Status 429" });
    },
    "pass",
    /At most it made 0 of 200/,
  ],
];

const retryAfter: Case[] = [
  ["retry-after", "nothing was limited", (log) => log.request(0, "configuration/get"), "unseen", /Nothing/],
  [
    "retry-after",
    "it waits and comes back",
    (log) => {
      log.limited(0, "messages/add", hello);
      log.request(2.1, "messages/add", hello);
    },
    "pass",
    /came back with 1 request/,
    [1],
  ],
  [
    "retry-after",
    "it comes back too early",
    (log) => {
      log.limited(0, "messages/add", hello);
      log.request(0.5, "messages/add", hello);
    },
    "fail",
    /^1 request came before/,
    [1, 2],
  ],
  [
    "retry-after",
    "it asks something else meanwhile",
    (log) => {
      log.limited(0, "messages/add", hello);
      log.request(1, "configuration/get");
      log.request(2.1, "messages/add", hello);
    },
    "fail",
    /^1 request came before/,
    [1, 2],
  ],
  [
    "retry-after",
    "what was under way already, or has another token, is no offence",
    (log) => {
      log.limited(0, "messages/add", hello, { took: 20 });
      log.request(0.01, "configuration/get");
      log.request(1, "configuration/get", { AccessToken: "B" });
      log.request(2.1, "messages/add", hello);
    },
    "pass",
    /came back/,
  ],
  [
    "retry-after",
    "a message is never sent again",
    (log) => {
      log.limited(0, "messages/add", hello);
      log.request(3, "messages/add", { Messages: [{ MessageThreadId: "t1", Text: "Something else" }] });
      log.request(60, "configuration/get");
    },
    "fail",
    /is lost/,
    [1],
  ],
  [
    "retry-after",
    "messages come back in one request together",
    (log) => {
      log.limited(0, "messages/add", hello);
      log.request(3, "messages/add", { Messages: [{ MessageThreadId: "t1", Text: "Another" }, ...hello.Messages] });
      log.request(60, "configuration/get");
    },
    "pass",
    /came back/,
  ],
  [
    "retry-after",
    "a read is not made again with the same token",
    (log) => {
      log.limited(0, "messages/getAll", thread);
      log.request(10, "messages/getAll", { ...thread, AccessToken: "B" });
      log.request(60, "configuration/get");
    },
    "warn",
    /not made again/,
  ],
  ["retry-after", "the end comes too soon", (log) => log.limited(0, "messages/add", hello), "unseen", /just before/],
];

const repeatedErrors: Case[] = [
  ["repeated-errors", "nothing was refused", (log) => log.request(0, "configuration/get"), "unseen", /Nothing/],
  [
    "repeated-errors",
    "it mends the request",
    (log) => {
      log.request(0, "messageThreads/add", { OriginalSender: "Jane" }, refused);
      log.request(1, "messageThreads/add", guest);
    },
    "pass",
    /none repeated/,
    [1],
  ],
  [
    "repeated-errors",
    "it repeats it once",
    (log) => {
      for (const time of [0, 1]) log.request(time, "messageThreads/add", { OriginalSender: "Jane" }, refused);
    },
    "warn",
    /messageThreads\/add was answered 400 2 times/,
    [1, 2],
  ],
  [
    "repeated-errors",
    "it goes on with wrong tokens, whatever it asks",
    (log) => {
      for (const [time, operation] of ["configuration/get", "enterprises/getAll", "messages/getAll"].entries()) {
        log.request(time, operation, {}, { status: 401 });
      }
    },
    "fail",
    /same tokens were answered 401 3 times/,
    [1, 2, 3],
  ],
  [
    "repeated-errors",
    "it makes the same mistake while time goes on",
    (log) => {
      for (const time of [10, 20, 30]) log.request(time, "messageThreads/getAll", since(0, time), { status: 400 });
    },
    "fail",
    /answered 400 3 times/,
  ],
  [
    "repeated-errors",
    "it makes two mistakes again and again",
    (log) => {
      for (const time of [0, 1, 2]) log.request(time, "messageThreads/add", { OriginalSender: "Jane" }, refused);
      for (const time of [3, 4]) log.request(time, "messageThreads/add", { Subject: "Late" }, refused);
    },
    "fail",
    /3 times, and 1 other mistake/,
    [1, 2, 3, 4, 5],
  ],
];

testRules([...clientName, ...limits, ...retryAfter, ...repeatedErrors]);
