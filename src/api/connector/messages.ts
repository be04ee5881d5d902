import { invalid } from "../../core/problem.ts";
import { readOptionalInterval } from "../../protocol/connector/interval.ts";
import { addMessages, getAllMessages, messageIntervalMonths } from "../../protocol/connector/messages.ts";
import { type MessageFilter, messagePage, messagePlace } from "../../store/lists/messages.ts";
import { answerOnce, connectorOperation } from "./connector-operation.ts";
import { listAnswer } from "./list-answer.ts";
import { lowerCase, narrowedScope } from "./scope.ts";

export const getAll = connectorOperation(getAllMessages, async (_context, { caller, input, db }) => {
  const { MessageThreadIds, MessageIds, CreatedUtc } = input;
  if (!MessageThreadIds && !MessageIds) {
    throw invalid("At least one of MessageThreadIds and MessageIds is required.");
  }
  const scope = narrowedScope(caller, input.EnterpriseIds);
  const filter: MessageFilter = {
    threadIds: lowerCase(MessageThreadIds),
    ids: lowerCase(MessageIds),
    created: readOptionalInterval("CreatedUtc", CreatedUtc, messageIntervalMonths),
  };
  return listAnswer(
    {
      field: "Messages",
      item: "message",
      placeOf: (id) => messagePlace(db, caller.scope, id),
      page: (before, limit) => messagePage(db, scope, filter, before, limit),
    },
    input.Limitation,
  );
});

export const add = connectorOperation(addMessages, ({ newIdentifier }, call) => {
  const { Messages } = call.input;
  const messages = Messages.map(({ MessageThreadId, Text }) => ({
    id: newIdentifier(),
    messageThreadId: MessageThreadId.toLowerCase(),
    text: Text,
  }));
  const beginnings = Messages.map(({ Identifier }) => `{"Identifier":${JSON.stringify(Identifier ?? null)},"Message":`);
  const frame = [`{"Messages":[${beginnings[0] ?? ""}`, ...beginnings.slice(1).map((text) => `},${text}`), "}]}"];
  return answerOnce(call, { kind: "addMessages", sender: "Application", messages }, frame);
});
