import { added, type Case, hello, messages, since, testRules, thread } from "../support/sandbox/graded.ts";

function manyIds(from: number, to: number) {
  return Array.from({ length: to - from }, (_, index) => `m${from + index}`);
}

const page = (count: number, cursor?: string) => ({
  ...thread,
  Limitation: { Count: count, ...(cursor && { Cursor: cursor }) },
});

const polling: Case[] = [
  ["polling", "nothing was read", (log) => log.request(0, "messages/add", hello), "unseen", /read no/],
  [
    "polling",
    "it asks for a thread every 5 seconds",
    (log) => {
      for (let time = 0; time <= 40; time += 5)
        log.request(time, "messages/getAll", thread, { answer: messages("m1") });
    },
    "fail",
    /messages\/getAll the same 8 times .* every 5 s/,
    [2, 3, 4, 5, 6, 7, 8, 9],
  ],
  [
    "polling",
    "it asks for what is new every 10 seconds",
    (log) => {
      for (let time = 10; time <= 90; time += 10) {
        log.request(time, "messageThreads/getAll", since(time - 10, time), { answer: { MessageThreads: [] } });
      }
    },
    "fail",
    /every 10 s/,
  ],
  [
    "polling",
    "it asks every 40 seconds",
    (log) => {
      for (let time = 0; time <= 200; time += 40) log.request(time, "messages/getAll", thread, { status: 204 });
    },
    "warn",
    /every 40 s/,
  ],
  [
    "polling",
    "it reads again because of webhooks",
    (log) => {
      for (let time = 0; time <= 40; time += 5) {
        log.webhook(time, `w${time}`, [["m1", "t1"]]);
        log.request(time + 1, "messages/getAll", thread, { answer: messages("m1") });
      }
    },
    "pass",
    /9 reads/,
  ],
  [
    "polling",
    "webhooks come before it and after it, and not meanwhile",
    (log) => {
      log.webhook(0, "w1", [["m1", "t1"]]);
      for (let time = 1; time <= 41; time += 5) {
        log.request(time, "messages/getAll", thread, { answer: messages("m1") });
      }
      log.webhook(50, "w2", [["m2", "t1"]]);
    },
    "fail",
    /every 5 s/,
  ],
  [
    "polling",
    "every read has something new",
    (log) => {
      for (let time = 0; time <= 40; time += 5) {
        log.request(time, "messages/getAll", thread, { answer: messages(`m${time}`) });
      }
    },
    "pass",
    /9 reads/,
  ],
  [
    "polling",
    "it goes through the past, quarter after quarter",
    (log) => {
      for (const [index, month] of ["01", "04", "07", "10"].entries()) {
        const UpdatedUtc = { StartUtc: `2025-${month}-01T00:00:00Z`, EndUtc: `2025-${month}-28T00:00:00Z` };
        log.request(index, "messageThreads/getAll", { UpdatedUtc }, { answer: { MessageThreads: [] } });
      }
    },
    "pass",
    /4 reads/,
  ],
];

const paging: Case[] = [
  ["paging", "it asked for no list", (log) => log.request(0, "messages/add", hello), "unseen", /no page/],
  [
    "paging",
    "it stops after the first page",
    (log) => {
      log.request(0, "messages/getAll", page(3), { answer: messages("m9", "m8", "m7") });
      log.request(60, "configuration/get");
    },
    "fail",
    /1 full page not followed/,
    [1],
  ],
  [
    "paging",
    "the end comes too soon",
    (log) => log.request(0, "messages/getAll", page(3), { answer: messages("m9", "m8", "m7") }),
    "unseen",
    /just before the end/,
  ],
  [
    "paging",
    "it goes on to the end",
    (log) => {
      log.request(0, "messages/getAll", page(3), { answer: messages("m9", "m8", "m7") });
      log.request(1, "messages/getAll", page(3, "m7"), { answer: messages("m6") });
      log.request(60, "configuration/get");
    },
    "pass",
    /1 full page followed/,
    [1],
  ],
  [
    "paging",
    "it stops on the way",
    (log) => {
      log.request(0, "messages/getAll", page(3), { answer: messages("m9", "m8", "m7") });
      log.request(1, "messages/getAll", page(3, "m7"), { answer: messages("m6", "m5", "m4") });
      log.request(60, "configuration/get");
    },
    "warn",
    /1 full page not followed/,
    [2],
  ],
  [
    "paging",
    "it stops where it knows the rest",
    (log) => {
      log.request(0, "messages/getAll", page(3), { answer: messages("m2", "m1") });
      log.request(5, "messages/getAll", page(3), { answer: messages("m4", "m3", "m2") });
      log.request(60, "configuration/get");
    },
    "pass",
    /seen the rest/,
  ],
  [
    "paging",
    "it has added what it reads",
    (log) => {
      log.request(0, "messages/add", hello, added("m1"));
      log.request(5, "messages/getAll", page(2), { answer: messages("m2", "m1") });
      log.request(60, "configuration/get");
    },
    "pass",
    /seen the rest/,
  ],
  [
    "paging",
    "it asks for the newest alone, or for what it names",
    (log) => {
      log.request(0, "messages/getAll", page(1), { answer: messages("m1") });
      const named = { MessageIds: ["m1", "m2"], Limitation: { Count: 2 } };
      log.request(1, "messages/getAll", named, { answer: messages("m2", "m1") });
      log.request(60, "configuration/get");
    },
    "unseen",
    /No page was full/,
  ],
  [
    "paging",
    "it asks for a month without Limitation",
    (log) => {
      const CreatedUtc = { StartUtc: "2026-04-05T00:00:00Z", EndUtc: "2026-05-05T00:00:00Z" };
      log.request(0, "messages/getAll", { ...thread, CreatedUtc }, { answer: messages("m1") });
    },
    "warn",
    /1 long list asked for without Limitation/,
    [1],
  ],
  [
    "paging",
    "it is answered 101 items without Limitation",
    (log) => log.request(0, "messages/getAll", thread, { answer: messages(...manyIds(0, 101)) }),
    "warn",
    /1 long list/,
  ],
];

const intervals: Case[] = [
  ["intervals", "it asked for none", (log) => log.request(0, "messages/getAll", thread), "unseen", /no interval/],
  [
    "intervals",
    "each begins where the last one ended",
    (log) => {
      log.request(10, "messageThreads/getAll", since(0, 10));
      log.request(20, "messageThreads/getAll", since(10, 20));
    },
    "pass",
    /2 intervals in UTC/,
  ],
  [
    "intervals",
    "it leaves some time out",
    (log) => {
      log.request(10, "messageThreads/getAll", since(5, 10));
      log.request(20, "messageThreads/getAll", since(15, 20));
    },
    "warn",
    /began after the end/,
    [1, 2],
  ],
  [
    "intervals",
    "it looks at one part of the past and then at another",
    (log) => {
      const march = { StartUtc: "2026-03-01T00:00:00Z", EndUtc: "2026-03-02T00:00:00Z" };
      const april = { StartUtc: "2026-04-01T00:00:00Z", EndUtc: "2026-04-02T00:00:00Z" };
      log.request(0, "messageThreads/getAll", { CreatedUtc: march });
      log.request(1, "messageThreads/getAll", { CreatedUtc: april });
    },
    "pass",
    /2 intervals/,
  ],
  [
    "intervals",
    "it says local time",
    (log) => {
      const CreatedUtc = { StartUtc: "2026-05-04T00:00:00+02:00", EndUtc: "2026-05-05T00:00:00+02:00" };
      log.request(0, "messageThreads/getAll", { CreatedUtc });
      log.request(1, "messageThreads/getAll", { CreatedUtc: { ...CreatedUtc, EndUtc: "2026-05-05T00:00:00" } });
    },
    "warn",
    /2 requests with times that do not say/,
    [1, 2],
  ],
  [
    "intervals",
    "something else was wrong",
    (log) => {
      const answer = { Message: "Limitation.Count must be an integer from 1 to 1000." };
      log.request(0, "messageThreads/getAll", since(0, 10), { status: 400, answer });
    },
    "pass",
    /1 interval in UTC/,
  ],
  [
    "intervals",
    "it asks for too long a time",
    (log) => {
      const CreatedUtc = { StartUtc: "2025-01-01T00:00:00Z", EndUtc: "2026-01-01T00:00:00Z" };
      const answer = { Message: "CreatedUtc must not be longer than 3 months." };
      log.request(0, "messageThreads/getAll", { CreatedUtc }, { status: 400, answer });
    },
    "fail",
    /1 interval answered 400/,
    [1],
  ],
];

testRules([...polling, ...paging, ...intervals]);
