import { invalid, type Problem } from "../../core/problem.ts";
import { threadIdsOf } from "../../messaging/commands.ts";
import type { Reader } from "../db.ts";
import { locateThreads } from "../lists/threads.ts";
import type { Write } from "./writes.ts";

/** A write, and the properties that it is about: their logs are locked before anything else is read. */
export interface RoutedWrite extends Write {
  /** The threads that the command names, in its order. */
  readonly threadIds: readonly string[];
  /** The property of each of them. */
  readonly enterpriseIds: readonly string[];
  /** The property that keeps the idempotency key: the first one, since messages may go to several. */
  readonly owner: string;
}

/**
 * Finds out which properties a write is about. A thread never moves, so this holds whatever happens until the write.
 * @throws Problem (invalid) naming the first thread that is out of scope
 */
export async function routeWrite(reader: Reader, write: Write): Promise<RoutedWrite> {
  const { scope, command } = write;
  if (command.kind === "openThread") return routeToProperty(write, command.enterpriseId);
  const [only, ...others] = scope.enterpriseIds;
  if (only !== undefined && others.length === 0) return routeToProperty(write, only);

  const threadIds = threadIdsOf(command);
  const rows = await locateThreads(reader, scope, threadIds);
  const properties = new Map(rows.map(({ id, enterprise_id }) => [id, enterprise_id]));
  const enterpriseIds = threadIds.map((id, index) => {
    const enterpriseId = properties.get(id);
    if (enterpriseId === undefined) throw noSuchThread(write, index);
    return enterpriseId;
  });
  return { ...write, threadIds, enterpriseIds, owner: enterpriseIds[0] ?? "" };
}

/** Whether the threads are at the property is only seen when they are read. */
function routeToProperty(write: Write, enterpriseId: string): RoutedWrite {
  const threadIds = threadIdsOf(write.command);
  return { ...write, threadIds, enterpriseIds: threadIds.map(() => enterpriseId), owner: enterpriseId };
}

/** A client is told which field of its request is wrong; the property's own people know the thread by its id. */
export function noSuchThread({ scope, command }: Write, index: number): Problem {
  if (scope.clientId === null) return invalid(`There is no message thread ${threadIdsOf(command)[index]}.`);
  const field = command.kind === "addMessages" ? `Messages[${index}].MessageThreadId` : "MessageThreadId";
  return invalid(`${field} is not the id of a message thread of yours.`);
}
