import { invalid } from "../../core/problem.ts";
import { openThread } from "../../messaging/conversation.ts";
import { readInterval } from "../../protocol/connector/interval.ts";
import {
  addMessageThread,
  getAllMessageThreads,
  threadIntervalMonths,
} from "../../protocol/connector/message-threads.ts";
import { type ThreadFilter, threadPage, threadPlace } from "../../store/lists/threads.ts";
import { connectorOperation, writtenAnswer } from "./connector-operation.ts";
import { listAnswer } from "./list-answer.ts";
import { enterpriseOf, lowerCase, narrowedScope } from "./scope.ts";

export const getAll = connectorOperation(getAllMessageThreads, async (_context, { caller, input, db }) => {
  const { MessageThreadIds, CreatedUtc, UpdatedUtc } = input;
  if (!MessageThreadIds && !CreatedUtc && !UpdatedUtc) {
    throw invalid("At least one of MessageThreadIds, CreatedUtc and UpdatedUtc is required.");
  }
  const scope = narrowedScope(caller, input.EnterpriseIds);
  const filter: ThreadFilter = {
    ...(MessageThreadIds && { ids: lowerCase(MessageThreadIds) }),
    ...(CreatedUtc && { created: readInterval("CreatedUtc", CreatedUtc, threadIntervalMonths) }),
    ...(UpdatedUtc && { updated: readInterval("UpdatedUtc", UpdatedUtc, threadIntervalMonths) }),
  };
  return listAnswer(
    {
      property: "MessageThreads",
      item: "message thread",
      placeOf: (id) => threadPlace(db, caller.scope, id),
      page: (before, limit) => threadPage(db, scope, filter, before, limit),
    },
    input.Limitation,
  );
});

export const add = connectorOperation(
  addMessageThread,
  async ({ newIdentifier }, { caller, input, idempotency, db }) => {
    const answer = (documents: readonly string[]) => `{"MessageThreads":[${documents.join(",")}]}`;
    const written = await openThread(
      { store: db, newIdentifier },
      {
        scope: caller.scope,
        enterpriseId: enterpriseOf(caller, input.EnterpriseId).id,
        originalSender: input.OriginalSender,
        subject: input.Subject,
        ...(idempotency && { idempotency: { ...idempotency, answer } }),
      },
    );
    return writtenAnswer(written, answer);
  },
);
