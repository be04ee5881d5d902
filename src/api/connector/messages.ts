import { invalid } from "../../core/problem.ts";
import { addMessages } from "../../messaging/conversation.ts";
import { readInterval } from "../../protocol/connector/interval.ts";
import {
  addMessages as addMessagesDescription,
  getAllMessages,
  messageIntervalMonths,
} from "../../protocol/connector/messages.ts";
import { type MessageFilter, messagePage, messagePlace } from "../../store/lists/messages.ts";
import { connectorOperation, writtenAnswer } from "./connector-operation.ts";
import { listAnswer } from "./list-answer.ts";
import { lowerCase, narrowedScope } from "./scope.ts";

export const getAll = connectorOperation(getAllMessages, async (_context, { caller, input, db }) => {
  const { MessageThreadIds, MessageIds, CreatedUtc } = input;
  if (!MessageThreadIds && !MessageIds) {
    throw invalid("At least one of MessageThreadIds and MessageIds is required.");
  }
  const scope = narrowedScope(caller, input.EnterpriseIds);
  const filter: MessageFilter = {
    ...(MessageThreadIds && { threadIds: lowerCase(MessageThreadIds) }),
    ...(MessageIds && { ids: lowerCase(MessageIds) }),
    ...(CreatedUtc && { created: readInterval("CreatedUtc", CreatedUtc, messageIntervalMonths) }),
  };
  return listAnswer(
    {
      property: "Messages",
      item: "message",
      placeOf: (id) => messagePlace(db, caller.scope, id),
      page: (before, limit) => messagePage(db, scope, filter, before, limit),
    },
    input.Limitation,
  );
});

export const add = connectorOperation(
  addMessagesDescription,
  async ({ newIdentifier }, { caller, input, idempotency, db }) => {
    const answer = (documents: readonly string[]) => {
      const items = documents.map((document, index) => {
        const identifier = JSON.stringify(input.Messages[index]?.Identifier ?? null);
        return `{"Identifier":${identifier},"Message":${document}}`;
      });
      return `{"Messages":[${items.join(",")}]}`;
    };
    const written = await addMessages(
      { store: db, newIdentifier },
      {
        scope: caller.scope,
        sender: "Application",
        messages: input.Messages.map(({ MessageThreadId, Text }) => ({
          messageThreadId: MessageThreadId.toLowerCase(),
          text: Text,
        })),
        ...(idempotency && { idempotency: { ...idempotency, answer } }),
      },
    );
    return writtenAnswer(written, answer);
  },
);
