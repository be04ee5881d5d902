import assert from "node:assert/strict";
import { after, test } from "node:test";
import { inboxRows } from "../../src/store/lists/inbox-threads.ts";
import { autopilotDesk, secondsAfterMonday } from "../support/sandbox/autopilot-desk.ts";
import { startTestSandbox } from "../support/sandbox/sandbox-server.ts";

const gross = "851df8c8-90f2-4c4a-8e01-a4fc46b25178";
const net = "3fa85f64-5717-4562-b3fc-2c963f66afa6";

const server = await startTestSandbox({ after });
const desk = autopilotDesk(server);

const questions: [code: string, text: string, answer: RegExp][] = [
  ["en", "Our flight is delayed, will somebody be there after midnight?", /front desk|night porter/],
  ["de", "Wir haben das WLAN-Passwort nicht, können Sie uns bitte helfen?", /Schlüsselkarte|Zugangspunkt/],
  ["fr", "Bonjour, à quelle heure est servi le petit déjeuner ?", /salle du jardin/],
  ["es", "Buenas noches, hay mucho ruido en la habitación de al lado.", /dormir|patio/],
  ["cs", "Dobrý den, prosím o fakturu na firmu.", /[Ff]akturu|Účtárna/],
  ["ar", "هل يمكنني الحصول على الفاتورة من فضلكم؟", /الفاتورة/],
  ["it, which no persona speaks", "Buongiorno, siamo molto contenti della camera, grazie!", /^Hi|^Hello/],
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

test("a persona answers several messages at once", async () => {
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
