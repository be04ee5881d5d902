import { invalid } from "../../core/problem.ts";
import { readOptionalInterval } from "../../protocol/connector/interval.ts";
import {
  addMessageThread,
  getAllMessageThreads,
  threadIntervalMonths,
} from "../../protocol/connector/message-threads.ts";
import { type ThreadFilter, threadPage, threadPlace } from "../../store/lists/threads.ts";
import { answerOnce, connectorOperation } from "./connector-operation.ts";
import { listAnswer } from "./list-answer.ts";
import { enterpriseOf, lowerCase, narrowedScope } from "./scope.ts";

export const getAll = connectorOperation(getAllMessageThreads, async (_context, { caller, input, db }) => {
  const { MessageThreadIds, CreatedUtc, UpdatedUtc } = input;
  if (!MessageThreadIds && !CreatedUtc && !UpdatedUtc) {
    throw invalid("At least one of MessageThreadIds, CreatedUtc and UpdatedUtc is required.");
  }
  const scope = narrowedScope(caller, input.EnterpriseIds);
  const filter: ThreadFilter = {
    ids: lowerCase(MessageThreadIds),
    created: readOptionalInterval("CreatedUtc", CreatedUtc, threadIntervalMonths),
    updated: readOptionalInterval("UpdatedUtc", UpdatedUtc, threadIntervalMonths),
  };
  return listAnswer(
    {
      field: "MessageThreads",
      item: "message thread",
      placeOf: (id) => threadPlace(db, caller.scope, id),
      page: (before, limit) => threadPage(db, scope, filter, before, limit),
    },
    input.Limitation,
  );
});

export const add = connectorOperation(addMessageThread, ({ newIdentifier }, call) => {
  const { caller, input } = call;
  const thread = {
    id: newIdentifier(),
    clientId: caller.scope.clientId,
    enterpriseId: enterpriseOf(caller, input.EnterpriseId).id,
    originalSender: input.OriginalSender,
    subject: input.Subject,
  };
  return answerOnce(call, { kind: "openThread", ...thread }, ['{"MessageThreads":[', "]}"]);
});
