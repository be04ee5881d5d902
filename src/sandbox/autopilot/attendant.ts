import type { MessageThread } from "../../protocol/connector/message-threads.ts";
import type { Reader } from "../../store/db.ts";
import { listEnterprises } from "../../store/directory/directory.ts";
import { inboxRows } from "../../store/lists/inbox-threads.ts";
import { listOwners, membersAt } from "../../store/staff/users.ts";

/** The colleague who answers in a thread, and what they know. */
export interface Attendant {
  /** `undefined` at a property without people. */
  readonly userId: string | undefined;
  readonly facts: ConversationFacts;
}

export interface ConversationFacts {
  readonly guest: string;
  readonly property: string;
  /** The name of the colleague; that of the property where it has no people. */
  readonly me: string;
  /** As in `en-US`. */
  readonly propertyLanguage: string;
}

/** The colleague whose turn it is; an owner only where no other people work. `undefined` for a thread that is gone. */
export async function attendantAt(
  reader: Reader,
  enterpriseId: string,
  threadId: string,
  turn: number,
): Promise<Attendant | undefined> {
  const [[row], enterprises, members] = await Promise.all([
    inboxRows(reader, { clientId: null, enterpriseIds: [enterpriseId] }, [threadId]),
    listEnterprises(reader),
    membersAt(reader, [enterpriseId]),
  ]);
  const enterprise = enterprises.find(({ id }) => id === enterpriseId);
  if (!row || !enterprise) return undefined;
  const people = (members.length > 0 ? members : await listOwners(reader))
    .filter(({ is_enabled }) => is_enabled === 1)
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const person = people[turn % people.length];
  const { OriginalSender } = JSON.parse(row.document) as MessageThread;
  const { name: property, default_language_code: propertyLanguage } = enterprise;
  return {
    userId: person?.id,
    facts: { guest: OriginalSender, property, me: person?.name ?? property, propertyLanguage },
  };
}
