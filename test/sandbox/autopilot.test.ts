import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { Message } from "../../src/protocol/connector/messages.ts";
import { inboxRows } from "../../src/store/lists/inbox-threads.ts";
import { startTestSandbox } from "../support/sandbox/sandbox-server.ts";

const gross = "851df8c8-90f2-4c4a-8e01-a4fc46b25178";
const net = "3fa85f64-5717-4562-b3fc-2c963f66afa6";
const monday = "2026-11-23T09:00:00Z";

const server = await startTestSandbox({ after });

/** A world whose clock stands still on a Monday morning, with staff on autopilot. */
async function desk(world: string, autopilot: object) {
  const ask = async (operation: string, input: object = {}) => {
    const { status, text, body } = await server.sandbox(operation, input, world);
    assert.equal(status, 200, text);
    return body;
  };
  await ask("clock/set", { NowUtc: monday });
  await ask("clock/freeze");
  await ask("autopilot/set", autopilot);
  const call = async (operation: string, properties: object) => {
    const { status, text, body } = await server.call(operation, properties, world);
    assert.equal(status, 200, text);
    return body;
  };
  const write = (MessageThreadId: string, ...texts: readonly string[]) =>
    call("messages/add", { Messages: texts.map((Text) => ({ MessageThreadId, Text })) });
  return {
    ask,
    write,
    /** Opens a thread with a guest's first messages. @returns its id */
    open: async (...texts: readonly string[]): Promise<string> => {
      const { MessageThreads } = await call("messageThreads/add", {
        OriginalSender: "Jane Guest",
        Subject: "A question",
      });
      const id = MessageThreads[0]?.Id ?? "";
      if (texts.length > 0) await write(id, ...texts);
      return id;
    },
    advance: (By: string) => ask("clock/advance", { By }),
    replies: async (id: string): Promise<Message[]> => {
      const { Messages } = await call("messages/getAll", { MessageThreadIds: [id], Limitation: { Count: 1000 } });
      return Messages.filter(({ Sender }) => Sender.Discriminator === "Enterprise").toReversed();
    },
    isResolved: async (id: string) => {
      const { MessageThreads } = await call("messageThreads/getAll", { MessageThreadIds: [id] });
      return MessageThreads[0]?.IsResolved;
    },
  };
}

function secondsAfterMonday({ CreatedUtc }: Message): number {
  return (Date.parse(CreatedUtc) - Date.parse(monday)) / 1000;
}

test("it is off until it is set", async () => {
  assert.deepEqual((await server.sandbox("autopilot/get")).body.Autopilot, { Mode: "Off" });
  const set = { Mode: "Echo", Delay: "1s" };
  assert.deepEqual((await server.sandbox("autopilot/set", set)).body.Autopilot, set);
  assert.deepEqual((await server.sandbox("autopilot/get")).body.Autopilot, set);
});

test("an echo repeats each message after exactly its delay, and never itself", async () => {
  const { open, advance, replies } = await desk("echo", { Mode: "Echo", Delay: "2m" });
  const thread = await open("First\n  line", "👋🏽");
  await advance("119s");
  assert.deepEqual(await replies(thread), []);
  await advance("1h");
  const answered = await replies(thread);
  assert.deepEqual(
    answered.map((message) => [message.Text, secondsAfterMonday(message)]),
    [
      ["First\n  line", 120],
      ["👋🏽", 120],
    ],
  );
});

test("a script says its lines in each thread from the first, and then nothing", async () => {
  const { open, write, advance, replies } = await desk("script", {
    Mode: "Script",
    Replies: ["One", "Two"],
    Pace: "Normal",
  });
  const [a, b] = [await open("Hello", "Hello?"), await open("Hi")];
  await advance("1m");
  await write(a, "And?");
  await write(b, "And?");
  await advance("1m");
  for (const thread of [a, b]) {
    const answered = await replies(thread);
    assert.deepEqual(
      answered.map(({ Text }) => Text),
      ["One", "Two"],
    );
  }
});

const paces: [pace: string, from: number, to: number][] = [
  ["Slow", 120, 600],
  ["Normal", 3, 15],
  ["Impatient", 0, 0],
];

for (const [Pace, from, to] of paces) {
  test(`at the pace ${Pace} an answer takes ${from} to ${to} seconds`, async () => {
    const { open, advance, replies } = await desk(`pace-${Pace.toLowerCase()}`, { Mode: "Echo", Pace });
    const threads = await Promise.all(Array.from({ length: 8 }, () => open("Hello")));
    await advance(to === 0 ? "0s" : "11m");
    for (const thread of threads) {
      const [reply] = await replies(thread);
      assert.ok(reply, "it is answered");
      const seconds = secondsAfterMonday(reply);
      assert.ok(seconds >= from && seconds <= to, `after ${seconds} s`);
    }
  });
}

const questions: [code: string, text: string, answer: RegExp][] = [
  ["en", "Our flight is delayed, will somebody be there after midnight?", /front desk|night porter/],
  ["de", "Wir haben das WLAN-Passwort nicht, können Sie uns bitte helfen?", /Schlüsselkarte|Zugangspunkt/],
  ["fr", "Bonjour, à quelle heure est servi le petit déjeuner ?", /salle du jardin/],
  ["es", "Buenas noches, hay mucho ruido en la habitación de al lado.", /dormir|patio/],
  ["cs", "Dobrý den, prosím o fakturu na firmu.", /[Ff]akturu|Účtárna/],
  ["ar", "هل يمكنني الحصول على الفاتورة من فضلكم؟", /الفاتورة/],
  ["it, which nobody speaks", "Buongiorno, siamo molto contenti della camera, grazie!", /^Hi|^Hello/],
];

test("a persona answers what the guest asks in the guest's language, or else in English", async () => {
  const { open, advance, replies } = await desk("languages", { Mode: "Persona", Persona: "warm" });
  const threads = await Promise.all(questions.map(([, text]) => open(text)));
  await advance("1m");
  for (const [index, [code, , answer]] of questions.entries()) {
    const [reply] = await replies(threads[index] ?? "");
    assert.match(reply?.Text ?? "", answer, code);
    assert.match(reply?.Text ?? "", /Jane Guest/, "the guest is called by name");
  }
});

test("a persona may be told which language to answer in", async () => {
  const { open, advance, replies } = await desk("told", { Mode: "Persona", Persona: "formal", LanguageCode: "cs-CZ" });
  const thread = await open("When is breakfast?");
  await advance("1m");
  assert.match((await replies(thread))[0]?.Text ?? "", /zahradním salonku/);
});

test("personas take turns, each with a character of its own", async () => {
  const { text } = await server.sandbox("personas/getAll");
  const { Personas } = JSON.parse(text) as { Personas: { Name: string }[] };
  assert.deepEqual(
    Personas.map(({ Name }) => Name),
    ["warm", "brisk", "formal", "clumsy"],
  );
  const { open, advance, replies } = await desk("turns", { Mode: "Persona" });
  const threads: string[] = [];
  for (const _ of Personas) threads.push(await open("When is breakfast?"));
  await advance("1m");
  const texts = await Promise.all(threads.map(async (thread) => (await replies(thread))[0]?.Text ?? ""));
  assert.equal(new Set(texts).size, Personas.length);
  assert.match(texts[1] ?? "", /^[^\n]{1,60}$/, "the brisk one needs one line");
  assert.match(
    texts[2] ?? "",
    /^Dear Jane Guest,.*(?:sincerely|regards),\nGross$/s,
    "the formal one keeps to the form",
  );
});

test("whoever has character answers several messages at once", async () => {
  const { open, write, advance, replies } = await desk("burst", { Mode: "Persona", Delay: "10s" });
  const thread = await open("Hello?", "Is anybody there?");
  await advance("9s");
  await write(thread, "It's about breakfast.");
  await advance("1m");
  assert.equal((await replies(thread)).length, 1);
  await write(thread, "Thank you!");
  await advance("1m");
  assert.equal((await replies(thread)).length, 2);
});

test("the same conversation with the same seed is answered in the same way, at the same times", async () => {
  const converse = async (world: string, Seed: number) => {
    const { open, write, advance, replies } = await desk(world, { Mode: "Persona", Seed });
    const threads = [await open("Is there a garage?"), await open("The music next door is very loud!")];
    await advance("1m");
    for (const thread of threads) await write(thread, "Thank you, and when is breakfast?");
    await advance("1m");
    const answered = await Promise.all(threads.map(replies));
    return answered.flat().map((message) => [message.Text, secondsAfterMonday(message)]);
  };
  const first = await converse("seed-a", 7);
  assert.equal(first.length, 4);
  assert.deepEqual(await converse("seed-b", 7), first);
  assert.notDeepEqual(await converse("seed-c", 8), first);
});

test("it keeps quiet where a person has answered meanwhile, and about what was there before", async () => {
  const { ask, open, write, advance, replies } = await desk("quiet", { Mode: "Off" });
  const before = await open("Was there before");
  await ask("autopilot/set", { Mode: "Echo", Delay: "1m" });
  const thread = await open("Answered by hand");
  await advance("30s");
  await ask("messageThreads/reply", { MessageThreadId: thread, Text: "I have it." });
  await advance("10m");
  assert.deepEqual(
    (await replies(thread)).map(({ Text }) => Text),
    ["I have it."],
  );
  assert.deepEqual(await replies(before), []);
  await write(thread, "And one more thing");
  await advance("10m");
  assert.equal((await replies(thread)).at(-1)?.Text, "And one more thing");
});

test("it serves only the threads that it is told to", async () => {
  const { ask, open, write, advance, replies } = await desk("only", { Mode: "Off" });
  const [a, b] = [await open(), await open()];
  await ask("autopilot/set", { Mode: "Echo", Delay: "1s", MessageThreadIds: [a.toUpperCase()] });
  await write(a, "Hello");
  await write(b, "Hello");
  await advance("1m");
  assert.deepEqual([(await replies(a)).length, (await replies(b)).length], [1, 0]);
});

test("a thread is resolved after a silence, which a reply that is yet to come is not", async () => {
  const { open, write, advance, isResolved, replies } = await desk("silence", {
    Mode: "Script",
    Replies: ["Soon"],
    Delay: "20m",
    ResolveAfter: "10m",
  });
  const thread = await open("Hello");
  await advance("15m");
  assert.equal(await isResolved(thread), false, "the answer is on its way");
  await advance("14m");
  assert.deepEqual([(await replies(thread)).length, await isResolved(thread)], [1, false]);
  await advance("2m");
  assert.equal(await isResolved(thread), true);
  await write(thread, "Once more");
  assert.equal(await isResolved(thread), false);
  await advance("1h");
  assert.equal(await isResolved(thread), true);
});

test("a clock that is set back makes nobody wait longer", async () => {
  const { ask, open, write, advance, replies } = await desk("back", { Mode: "Echo", Delay: "1m" });
  const thread = await open("Before");
  await advance("1h");
  await ask("clock/set", { NowUtc: monday });
  await write(thread, "After");
  await advance("1m");
  assert.deepEqual(
    (await replies(thread)).map(({ Text }) => Text),
    ["Before", "After"],
  );
});

test("what was planned is called off when it is set anew", async () => {
  const { ask, open, advance, replies } = await desk("anew", { Mode: "Echo", Delay: "1m" });
  const thread = await open("Hello");
  await ask("autopilot/set", { Mode: "Off" });
  await advance("1h");
  assert.deepEqual(await replies(thread), []);
});

test("it answers by a clock that goes, too", async () => {
  const world = "going";
  await server.sandbox("autopilot/set", { Mode: "Echo", Pace: "Impatient" }, world);
  const { Run } = (
    await server.sandbox(
      "scenarios/start",
      {
        Scenario: {
          Name: "own",
          Description: "For a test.",
          OriginalSender: "Jane Guest",
          Subject: "A question",
          Steps: [{ Guest: "Anybody?" }, { Expect: { Sender: "Enterprise", Text: "anybody" } }],
        },
      },
      world,
    )
  ).body;
  const stream = await fetch(`${server.url}/sandbox/v1/live`, {
    headers: { "Innbox-World": world },
    signal: AbortSignal.timeout(20_000),
  });
  assert.ok(stream.body);
  const look = async () => {
    const { Runs } = (await server.sandbox("scenarios/getAllRuns", {}, world)).body;
    return Runs.find(({ Id }) => Id === Run.Id)?.State;
  };
  let state = await look();
  for await (const _ of stream.body) {
    state = await look();
    if (state !== "Running") break;
  }
  assert.equal(state, "Passed");
});

const mistakes: [input: object, sentence: RegExp][] = [
  [{ Mode: "Loud" }, /^Mode must be one of Off, Echo, Script, Persona\.$/],
  [{ Mode: "Script" }, /^Replies is required with the Mode Script\.$/],
  [{ Mode: "Persona", Persona: "rude" }, /^Persona must be one of warm, brisk, formal, clumsy\.$/],
  [{ Mode: "Persona", LanguageCode: "tlh" }, /^LanguageCode must be one of en, de, fr, es, cs, ar\.$/],
  [{ Mode: "Echo", Delay: "soon" }, /^Delay must be a time/],
];

for (const [input, sentence] of mistakes) {
  test(`the autopilot refuses ${JSON.stringify(input)}`, async () => {
    const { status, body } = await server.sandbox("autopilot/set", input, "mistakes");
    assert.equal(status, 400);
    assert.match(body.Message, sentence);
  });
}

test("replies are a colleague's of the property, where somebody works", async (t) => {
  const lively = await startTestSandbox(t, {}, { isLively: true });
  await lively.sandbox("clock/freeze");
  await lively.sandbox("autopilot/set", { Mode: "Persona", Persona: "formal", Pace: "Normal" });
  const { store } = await lively.world();
  for (const [EnterpriseId, name] of [
    [gross, "Bence Orosházi"],
    [net, "Klára Vondrušová|Matěj Holub"],
  ] as const) {
    const opened = await lively.call("messageThreads/add", { OriginalSender: "Jane", Subject: "Hi", EnterpriseId });
    const id = opened.body.MessageThreads[0]?.Id ?? "";
    await lively.call("messages/add", { Messages: [{ MessageThreadId: id, Text: "When is breakfast?" }] });
    await lively.sandbox("clock/advance", { By: "1m" });
    const [row] = await inboxRows(store.db, { clientId: null, enterpriseIds: [EnterpriseId] }, [id]);
    assert.ok(row?.last_user_id, "somebody in particular answered");
    const { Messages } = (await lively.call("messages/getAll", { MessageThreadIds: [id] })).body;
    assert.match(Messages[0]?.Text ?? "", new RegExp(`(?:${name})\n`));
  }
});
