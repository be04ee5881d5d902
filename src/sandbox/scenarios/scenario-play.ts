import { fromMilliseconds, type Microseconds, seconds } from "../../core/clock.ts";
import { duration } from "../../core/duration.ts";
import { unavailable } from "../../core/problem.ts";
import type { MessageThread } from "../../protocol/connector/message-threads.ts";
import type { Message } from "../../protocol/connector/messages.ts";
import type { Scenario, ScenarioStep } from "../../protocol/sandbox/scenarios.ts";
import { listEnterprises } from "../../store/directory/directory.ts";
import { inboxRows } from "../../store/lists/inbox-threads.ts";
import { entriesAfter, logNumbers } from "../../store/log/property-log.ts";
import type { PropertyScope } from "../../store/scope.ts";
import type { WorldParts } from "../worlds/world-parts.ts";
import type { GuestCall } from "./scenario-guest.ts";

/** A pause of a play, until a time of the world's clock or until something is committed. */
export interface Pause {
  readonly until: Microseconds;
  /** The pause ends earlier when there are more commits than this; without a number only the time ends it. */
  readonly commitsSeen?: number;
}

/** What a scenario is played with. */
export interface Stage {
  readonly parts: WorldParts;
  readonly call: GuestCall;
  readonly enterpriseId: string | undefined;
  /** How many commits the world's store has seen so far. */
  readonly commits: () => number;
  readonly opened: (messageThreadId: string) => void;
  readonly stepDone: () => void;
}

/** The thread of a play, and where in the log its last step of the guest or the staff stands. */
interface Scene {
  readonly stage: Stage;
  readonly threadId: string;
  readonly scope: PropertyScope & { readonly enterpriseIds: readonly [string] };
  /** The end of the property's log before that step, and the ids of the messages that the step itself wrote. */
  position: number;
  ownMessages: Set<string>;
}

type Expectation = NonNullable<ScenarioStep["Expect"]>;

/** How often a call is made before it is given up, and the longest pause between two calls, in seconds. */
const maxAttempts = 10;
const longestPause = 8;

/** How many entries of a log are read at once. */
const page = 500;

/**
 * Plays a scenario from pause to pause.
 * @throws Problem (unavailable) with the step and what was not as expected, in one sentence
 */
export async function* play(stage: Stage, scenario: Scenario): AsyncGenerator<Pause, void> {
  const { OriginalSender, Subject, Steps } = scenario;
  const place = stage.enterpriseId === undefined ? {} : { EnterpriseId: stage.enterpriseId };
  const added = yield* answered(
    stage,
    "messageThreads/add",
    { OriginalSender, Subject, ...place },
    "Opening the thread",
  );
  const [thread] = (added as { readonly MessageThreads: readonly MessageThread[] }).MessageThreads;
  const threadId = thread?.Id ?? "";
  stage.opened(threadId);
  const scene: Scene = { stage, threadId, scope: await scopeOf(stage, threadId), position: 0, ownMessages: new Set() };
  for (const [index, step] of Steps.entries()) {
    yield* playStep(scene, step, `Steps[${index}]`);
    stage.stepDone();
  }
}

/** The scope of the property in which the thread was opened: the token's primary one, unless an id was given. */
async function scopeOf({ parts }: Stage, threadId: string): Promise<Scene["scope"]> {
  const enterpriseIds = (await listEnterprises(parts.store.db)).map(({ id }) => id);
  const [row] = await inboxRows(parts.store.db, { clientId: null, enterpriseIds }, [threadId]);
  if (!row) throw unavailable("The thread was opened and is not there.");
  return { clientId: null, enterpriseIds: [row.enterprise_id] };
}

async function* playStep(scene: Scene, step: ScenarioStep, place: string): AsyncGenerator<Pause, void> {
  const { stage, threadId, scope } = scene;
  const { parts } = stage;
  if (step.Guest) {
    await begin(scene);
    yield* write(scene, step.Guest, step.Repeat, place);
  } else if (step.Staff) {
    await begin(scene);
    const id = parts.newIdentifier();
    const messages = [{ id, messageThreadId: threadId, text: step.Staff }];
    await parts.store.write({ scope, command: { kind: "addMessages", sender: "Enterprise", messages } });
    scene.ownMessages.add(id);
  } else if (step.Resolve || step.Reopen) {
    await begin(scene);
    const isResolved = step.Resolve === true;
    await parts.store.write({ scope, command: { kind: "setResolved", messageThreadId: threadId, isResolved } });
  } else if (step.Wait) {
    yield { until: parts.clock() + fromMilliseconds(duration(step.Wait)) };
  } else if (step.Expect) {
    yield* expect(scene, step.Expect, place);
  }
}

/** Notes that a step of the guest or the staff begins: an Expect looks at what happens from here on. */
async function begin(scene: Scene): Promise<void> {
  const ends = await logNumbers(scene.stage.parts.store.db, scene.scope);
  scene.position = ends.get(scene.scope.enterpriseIds[0]) ?? 0;
  scene.ownMessages = new Set();
}

async function* write(
  { stage, threadId: MessageThreadId, ownMessages }: Scene,
  text: string,
  repeat: number | null | undefined,
  place: string,
): AsyncGenerator<Pause, void> {
  for (let n = 1; n <= (repeat ?? 1); n += 1) {
    const Text = repeat ? text.replaceAll("{n}", String(n)) : text;
    const body = yield* answered(stage, "messages/add", { Messages: [{ MessageThreadId, Text }] }, place);
    for (const { Message } of (body as { readonly Messages: readonly { Message: Message }[] }).Messages) {
      ownMessages.add(Message.Id);
    }
    // The autopilot may answer between two messages.
    yield { until: stage.parts.clock() };
  }
}

/** Makes a call until it is answered, with the pauses that a client should make. */
async function* answered(stage: Stage, operation: string, properties: object, place: string) {
  const { clock, newIdentifier } = stage.parts;
  const key = newIdentifier();
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await stage.call(operation, properties, key);
    if (outcome.kind === "answered") return outcome.body;
    const sentence = `${place} failed: ${operation} ${outcome.why}`;
    if (outcome.kind === "refused") throw unavailable(sentence);
    if (attempt === maxAttempts) throw unavailable(`${sentence.replace(/\.$/, "")}, ${maxAttempts} times.`);
    const pauseSeconds = outcome.afterSeconds ?? Math.min(longestPause, 2 ** (attempt - 2));
    const pause: Pause = { until: clock() + seconds(pauseSeconds) };
    yield pause;
  }
}

async function* expect(scene: Scene, expected: Expectation, place: string): AsyncGenerator<Pause, void> {
  const { clock } = scene.stage.parts;
  const limit = expected.Within ?? "1m";
  const until = clock() + fromMilliseconds(duration(limit));
  for (;;) {
    const commitsSeen = scene.stage.commits();
    const missing = await missingFrom(scene, expected);
    if (!missing) return;
    if (clock() >= until) throw unavailable(`${place} expected ${missing.wanted} within ${limit}, ${missing.found}.`);
    yield { until, commitsSeen };
  }
}

interface Missing {
  readonly wanted: string;
  readonly found: string;
}

async function missingFrom(scene: Scene, { Sender, Text, IsResolved }: Expectation): Promise<Missing | undefined> {
  const { stage, scope, threadId } = scene;
  if (IsResolved !== undefined) {
    const [row] = await inboxRows(stage.parts.store.db, scope, [threadId]);
    const isResolved = row?.is_resolved === 1;
    const states = isResolved ? { wanted: "open", found: "resolved" } : { wanted: "resolved", found: "open" };
    if (isResolved !== IsResolved) {
      return { wanted: `the thread to be ${states.wanted}`, found: `and it was ${states.found}` };
    }
  }
  if (Sender === undefined && !Text) return undefined;
  const words = Text?.toLowerCase();
  const messages = await messagesSince(scene);
  const isFound = messages.some(
    (message) =>
      (Sender === undefined || message.Sender.Discriminator === Sender) &&
      (words === undefined || message.Text.toLowerCase().includes(words)),
  );
  if (isFound) return undefined;
  const wanted = `a message${Sender ? ` of ${Sender}` : ""}${Text ? ` with "${Text}"` : ""}`;
  const last = messages.at(-1);
  const found = last
    ? `and the last one, of ${last.Sender.Discriminator}, was "${excerpt(last.Text)}"`
    : "and there was none";
  return { wanted, found };
}

function excerpt(text: string): string {
  const words = text.replace(/\s+/g, " ");
  return words.length > 80 ? `${words.slice(0, 80)}…` : words;
}

/** The thread's messages since the last step of the guest or the staff, without those of the step. */
async function messagesSince({ stage, scope, threadId, position, ownMessages }: Scene): Promise<Message[]> {
  const messages: Message[] = [];
  for (let after = position; ; ) {
    const rows = await entriesAfter(stage.parts.store.db, scope.enterpriseIds[0], after, page);
    for (const { message_thread_id, document } of rows) {
      if (message_thread_id === threadId && document !== null) messages.push(JSON.parse(document) as Message);
    }
    const last = rows.at(-1);
    if (!last || rows.length < page) return messages.filter(({ Id }) => !ownMessages.has(Id));
    after = last.sequence;
  }
}
