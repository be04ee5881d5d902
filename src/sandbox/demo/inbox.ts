import { days, hours, type Microseconds } from "../../core/clock.ts";
import { nilIdentifier, uuidv7Source } from "../../core/identifiers.ts";
import { newToken, tokenDigest } from "../../core/tokens.ts";
import { hashPassword } from "../../staff/sign-in/passwords.ts";
import type { Db, Transaction } from "../../store/db.ts";
import { changeDirectory, insertClient, insertIntegration } from "../../store/directory/directory.ts";
import type { Parts } from "../../store/parts.ts";
import type { ClientScope, PropertyScope } from "../../store/scope.ts";
import { saveReply } from "../../store/staff/saved-replies.ts";
import { addStaffUser, findStaffUser, setMembership, setPassword, updateStaffUser } from "../../store/staff/users.ts";
import { located, type Write } from "../../store/writing/located-writes.ts";
import { writeGroup } from "../../store/writing/write-group.ts";
import { applyWrite } from "../../store/writing/writes.ts";
import { type DemoConversation, type DemoStep, demoClientNames, demoConversations } from "./conversations.ts";
import { demoStaff } from "./demo-staff.ts";
import { enterprises } from "./demo-world.ts";
import { demoSavedReplies } from "./saved-replies.ts";

const hour = hours(1);
const day = days(1);

/** What everybody of the demo world signs in with; a sandbox is open to whoever can reach it. */
export const demoPassword = "welcome to innbox";

/** Who is shown at the start: somebody who may do everything. */
export const demoOwner = demoStaff.find(({ role }) => role === "Owner") ?? { name: "", email: "" };

const seed = 7;
const places = enterprises.map(({ id, name }) => ({ id, name }));
const everywhere = places.map(({ id }) => id);

/** How many changes share a transaction. */
const changesAtOnce = 500;

/** People, what they have been told over the last 60 days, and what they answer: once in the life of a database. */
export async function seedDemoInbox({ store, clock, newIdentifier }: Parts): Promise<void> {
  const { db } = store;
  const [first] = demoStaff;
  if (!first || (await findStaffUser(db, first.id))) return;
  const to = clock();
  const clientIds = demoClientNames.map(newIdentifier);
  await changeDirectory(db, async (transaction) => {
    for (const [index, name] of demoClientNames.entries()) {
      const id = clientIds[index] ?? "";
      const client = { id, name, created: to - 61 * day };
      // Nobody calls as them.
      await insertClient(transaction, { ...client, tokenDigest: tokenDigest(newToken()) });
      const integration = { id: newIdentifier(), clientId: id, enterpriseIds: everywhere, created: client.created };
      await insertIntegration(transaction, { ...integration, tokenDigest: tokenDigest(newToken()) });
    }
    // What happened before their shift is not news to them.
    await addPeople(transaction, to - 6 * hour);
    for (const { enterpriseId, shortcut, languageCode, text } of demoSavedReplies) {
      const reply = { id: newIdentifier(), enterprise_id: enterpriseId, shortcut, language_code: languageCode, text };
      await saveReply(transaction, reply, to);
    }
  });
  const conversations = demoConversations({ seed, from: to - 60 * day, to, enterprises: places, people: demoStaff });
  await write(db, conversations.flatMap((conversation) => changesOf(conversation, clientIds)).sort(byTime));
}

async function addPeople(transaction: Transaction, created: Microseconds): Promise<void> {
  const passwordHash = await hashPassword(demoPassword);
  for (const { id, name, email, role, enterpriseIds } of demoStaff) {
    const user = await addStaffUser(transaction, { id, email, name, isOwner: false, created });
    await setPassword(transaction, id, passwordHash);
    if (role === "Owner") await updateStaffUser(transaction, { ...user, is_owner: 1 });
    else
      for (const enterprise_id of enterpriseIds)
        await setMembership(transaction, { user_id: id, enterprise_id, role }, created);
  }
}

interface PastChange {
  readonly at: Microseconds;
  readonly write: Write;
}

function byTime(a: PastChange, b: PastChange): number {
  return a.at - b.at;
}

function changesOf(conversation: DemoConversation, clientIds: readonly string[]): PastChange[] {
  const { enterpriseId, originalSender, subject, opened, steps } = conversation;
  const scope = { clientId: clientIds[conversation.client] ?? "", enterpriseIds: [enterpriseId] };
  const id = uuidv7Source(() => opened)();
  return [
    { at: opened, write: { kind: "openThread", scope, enterpriseId, id, originalSender, subject } },
    ...steps.map((step) => ({ at: step.at, write: writeOf(step, id, scope) })),
  ];
}

function writeOf(step: DemoStep, messageThreadId: string, client: ClientScope): Write {
  const scope: PropertyScope = { clientId: null, enterpriseIds: client.enterpriseIds };
  const id = uuidv7Source(() => step.at)();
  switch (step.kind) {
    case "guest":
      return {
        kind: "addMessages",
        scope: client,
        sender: "Application",
        messages: [{ id, messageThreadId, text: step.text }],
      };
    case "reply": {
      const seen = Number.MAX_SAFE_INTEGER;
      return { kind: "reply", scope, messageThreadId, id, userId: step.by, text: step.text, seen, resolves: false };
    }
    case "note":
      return { kind: "addNote", scope, messageThreadId, id, userId: step.by, text: step.text };
    case "assign":
      return { kind: "assign", scope, messageThreadId, userId: step.by, assigneeId: step.to ?? nilIdentifier };
    case "resolve":
    case "reopen":
      return { kind: "setResolved", scope, messageThreadId, userId: step.by, isResolved: step.kind === "resolve" };
  }
}

async function write(db: Db, changes: readonly PastChange[]): Promise<void> {
  for (let index = 0; index < changes.length; index += changesAtOnce) {
    const some = changes.slice(index, index + changesAtOnce);
    let now = 0;
    await db.transaction(async (transaction) => {
      const writes = await Promise.all(some.map((change) => located(transaction, change.write)));
      const nextTime = (after: Microseconds) => Math.max(now, after + 1);
      const group = await writeGroup(transaction, () => now, nextTime, writes);
      for (const [position, write] of writes.entries()) {
        now = some[position]?.at ?? now;
        applyWrite(group, write);
      }
      await group.save();
    });
  }
}
