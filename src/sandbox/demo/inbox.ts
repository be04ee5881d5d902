import { days, hours, type Microseconds } from "../../core/clock.ts";
import { nilIdentifier, uuidv7Source } from "../../core/identifiers.ts";
import { newToken, tokenDigest } from "../../core/tokens.ts";
import type { Command } from "../../messaging/commands.ts";
import { hashPassword } from "../../staff/sign-in/passwords.ts";
import type { Transaction } from "../../store/db.ts";
import { changeDirectory, insertClient, insertIntegration } from "../../store/directory/directory.ts";
import type { Parts } from "../../store/parts.ts";
import type { ClientScope, PropertyScope } from "../../store/scope.ts";
import { saveReply } from "../../store/staff/saved-replies.ts";
import { addStaffUser, findStaffUser, setMembership, setPassword, updateStaffUser } from "../../store/staff/users.ts";
import { type PastWrite, storePast } from "../../store/writing/past-writes.ts";
import { type DemoConversation, type DemoStep, demoClientNames, demoConversations } from "./conversations.ts";
import { type DemoPerson, demoStaff } from "./demo-staff.ts";
import { enterprises, seedDemoWorld } from "./demo-world.ts";
import { demoSavedReplies } from "./saved-replies.ts";

const hour = hours(1);
const day = days(1);

/** The password of all people of the demo world. It protects nothing: a sandbox is open to all who can reach it. */
export const demoPassword = "welcome to innbox";

/** The person whose e-mail address is printed at the start: the owner, who may do everything. */
export function demoOwner(): Pick<DemoPerson, "name" | "email"> {
  return demoStaff().find(({ role }) => role === "Owner") ?? { name: "", email: "" };
}

const seed = 7;
const places = enterprises.map(({ id, name }) => ({ id, name }));
const everywhere = places.map(({ id }) => id);

/** How many changes share a transaction. */
const changesAtOnce = 500;

/** The demo world with people at its properties, and what guests have written to them. */
export async function seedLivelyWorld(parts: Parts): Promise<void> {
  await seedDemoWorld(parts);
  await seedDemoInbox(parts);
}

/** People, what they have been told over the last 60 days, and what they answer: once in the life of a database. */
export async function seedDemoInbox({ store, clock, newIdentifier }: Parts): Promise<void> {
  const { db } = store;
  const people = demoStaff();
  const [first] = people;
  if (!first || (await findStaffUser(db, first.id))) return;
  const to = clock();
  const clientIds = demoClientNames.map(newIdentifier);
  await changeDirectory(db, async (transaction) => {
    for (const [index, name] of demoClientNames.entries()) {
      const id = clientIds[index] ?? "";
      const client = { id, name, created: to - 61 * day };
      // The tokens are thrown away, so that no request can use these clients.
      await insertClient(transaction, { ...client, tokenDigest: tokenDigest(newToken()) });
      const integration = { id: newIdentifier(), clientId: id, enterpriseIds: everywhere, created: client.created };
      await insertIntegration(transaction, { ...integration, tokenDigest: tokenDigest(newToken()) });
    }
    // People have read what was written before they were added, so that only the last hours are unread.
    await addPeople(transaction, people, to - 6 * hour);
    for (const { enterpriseId, shortcut, languageCode, text } of demoSavedReplies()) {
      const reply = { id: newIdentifier(), enterprise_id: enterpriseId, shortcut, language_code: languageCode, text };
      await saveReply(transaction, reply, to);
    }
  });
  const conversations = demoConversations({ seed, from: to - 60 * day, to, enterprises: places, people });
  const changes = conversations.flatMap((conversation) => changesOf(conversation, clientIds)).sort(byTime);
  for (let index = 0; index < changes.length; index += changesAtOnce) {
    await db.transaction((transaction) => storePast(transaction, changes.slice(index, index + changesAtOnce)));
  }
}

async function addPeople(
  transaction: Transaction,
  people: readonly DemoPerson[],
  created: Microseconds,
): Promise<void> {
  const passwordHash = await hashPassword(demoPassword);
  for (const { id, name, email, role, enterpriseIds } of people) {
    const user = await addStaffUser(transaction, { id, email, name, isOwner: false, created });
    await setPassword(transaction, id, passwordHash);
    if (role === "Owner") await updateStaffUser(transaction, { ...user, is_owner: 1 });
    else
      for (const enterprise_id of enterpriseIds)
        await setMembership(transaction, { user_id: id, enterprise_id, role }, created);
  }
}

function byTime(a: PastWrite, b: PastWrite): number {
  return a.at - b.at;
}

function changesOf(conversation: DemoConversation, clientIds: readonly string[]): PastWrite[] {
  const { enterpriseId, originalSender, subject, opened, steps } = conversation;
  const clientId = clientIds[conversation.client] ?? "";
  const client: ClientScope = { clientId, enterpriseIds: [enterpriseId] };
  const staff: PropertyScope = { clientId: null, enterpriseIds: [enterpriseId] };
  const id = uuidv7Source(() => opened)();
  return [
    {
      at: opened,
      scope: client,
      command: { kind: "openThread", clientId, enterpriseId, id, originalSender, subject },
    },
    ...steps.map((step) => ({
      at: step.at,
      scope: step.kind === "guest" ? client : staff,
      command: commandOf(step, id),
    })),
  ];
}

function commandOf(step: DemoStep, messageThreadId: string): Command {
  const id = uuidv7Source(() => step.at)();
  switch (step.kind) {
    case "guest":
      return { kind: "addMessages", sender: "Application", messages: [{ id, messageThreadId, text: step.text }] };
    case "reply": {
      const seen = Number.MAX_SAFE_INTEGER;
      return { kind: "reply", messageThreadId, id, userId: step.by, text: step.text, seen, resolves: false };
    }
    case "note":
      return { kind: "addNote", messageThreadId, id, userId: step.by, text: step.text };
    case "assign":
      return { kind: "assign", messageThreadId, userId: step.by, assigneeId: step.to ?? nilIdentifier };
    case "resolve":
    case "reopen":
      return { kind: "setResolved", messageThreadId, userId: step.by, isResolved: step.kind === "resolve" };
  }
}
