import { Problem } from "../../core/problem.ts";
import type { Command } from "../../messaging/commands.ts";
import { reopenAsStaff, replyAsStaff, resolveAsStaff, signInToSandbox } from "../../protocol/sandbox/staff.ts";
import type { WorldContext } from "../../sandbox/worlds/world.ts";
import { openSession, sessionCookie } from "../../staff/sign-in/sessions.ts";
import type { Reader } from "../../store/db.ts";
import { listEnterprises } from "../../store/directory/directory.ts";
import type { PropertyScope } from "../../store/scope.ts";
import { listOwners } from "../../store/staff/users.ts";
import { type SandboxOperation, sandboxOperation } from "./sandbox-operation.ts";

type StaffParts = Pick<WorldContext, "db" | "clock" | "newIdentifier">;

/** What the property's staff do in the sandbox; each answers what it made or changed. */
export const sandboxStaffOperations: readonly SandboxOperation<StaffParts>[] = [
  sandboxOperation(replyAsStaff, (world: StaffParts, { input: { MessageThreadId, Text } }) => {
    const messages = [{ id: world.newIdentifier(), messageThreadId: MessageThreadId.toLowerCase(), text: Text }];
    return writeAndAnswer(world, { kind: "addMessages", sender: "Enterprise", messages });
  }),
  sandboxOperation(resolveAsStaff, (world: StaffParts, { input }) => setResolved(world, input.MessageThreadId, true)),
  sandboxOperation(reopenAsStaff, (world: StaffParts, { input }) => setResolved(world, input.MessageThreadId, false)),
  sandboxOperation(signInToSandbox, async (world: StaffParts, { address, userAgent }) => {
    const [owner] = await listOwners(world.db);
    if (!owner) throw new Problem("conflict", "This sandbox has none of the made-up staff.");
    const visitor = { address, userAgent };
    const session = await world.db.transaction((transaction) => openSession(world, transaction, owner.id, visitor));
    // Only programs and pages on this machine may ask this, and they do without TLS.
    return { body: {}, cookies: [sessionCookie(session.secret, false)] };
  }),
];

function setResolved(world: StaffParts, messageThreadId: string, isResolved: boolean) {
  return writeAndAnswer(world, { kind: "setResolved", messageThreadId: messageThreadId.toLowerCase(), isResolved });
}

async function writeAndAnswer({ db }: StaffParts, command: Command): Promise<{ readonly body: object }> {
  const { documents } = await db.write({ scope: await everywhere(db), command });
  return { body: JSON.parse(documents[0] ?? "") };
}

/** The sandbox's staff works at every property. */
async function everywhere(reader: Reader): Promise<PropertyScope> {
  const enterprises = await listEnterprises(reader);
  return { clientId: null, enterpriseIds: enterprises.map(({ id }) => id) };
}
