import type { Parts } from "../app.ts";
import { Problem } from "../errors.ts";
import { reply, setResolved } from "../messaging/conversation.ts";
import { reopenAsStaff, replyAsStaff, resolveAsStaff, signInToSandbox } from "../protocol/sandbox-staff.ts";
import { openSession, sessionCookie } from "../staff/sessions.ts";
import { listEnterprises } from "../store/directory.ts";
import type { PropertyScope } from "../store/scope.ts";
import { listOwners } from "../store/staff-users.ts";
import { type SandboxOperation, sandboxOperation } from "./operation.ts";

/** What the property's staff do in the sandbox; each answers what it made or changed. */
export const staffOperations: readonly SandboxOperation<Parts>[] = [
  sandboxOperation(replyAsStaff, async (parts: Parts, { input: { MessageThreadId, Text } }) =>
    answerOf(await reply(parts, await everywhere(parts), MessageThreadId.toLowerCase(), Text)),
  ),
  sandboxOperation(resolveAsStaff, async (parts: Parts, { input: { MessageThreadId } }) =>
    answerOf(await setResolved(parts, await everywhere(parts), MessageThreadId.toLowerCase(), true)),
  ),
  sandboxOperation(reopenAsStaff, async (parts: Parts, { input: { MessageThreadId } }) =>
    answerOf(await setResolved(parts, await everywhere(parts), MessageThreadId.toLowerCase(), false)),
  ),
  sandboxOperation(signInToSandbox, async (parts: Parts, { origin, address, userAgent }) => {
    const [owner] = await listOwners(parts.store.db);
    if (!owner) throw new Problem("conflict", "Nobody works here: this sandbox was started with --bare.");
    const visitor = { origin, address, userAgent };
    const session = await parts.store.db.transaction((transaction) =>
      openSession(parts, transaction, owner.id, visitor),
    );
    return { body: {}, cookie: sessionCookie(session.secret, origin) };
  }),
];

function answerOf(document: string): { readonly body: object } {
  return { body: JSON.parse(document) };
}

/** The sandbox's staff works at every property. */
async function everywhere({ store }: Parts): Promise<PropertyScope> {
  const enterprises = await listEnterprises(store.db);
  return { clientId: null, enterpriseIds: enterprises.map(({ id }) => id) };
}
