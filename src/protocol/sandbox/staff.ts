import Type from "typebox";
import { MessageThread } from "../connector/message-threads.ts";
import { Message, maxTextLength } from "../connector/messages.ts";
import { describeOperation } from "../operation.ts";
import { text, uuid } from "../values.ts";
import { asksNothing } from "./sandbox-values.ts";

const MessageThreadId = uuid("The thread to act on.");
const thread = "8d02142f-31cf-4115-90bf-ae5200c7a1ba";

const threadExample = {
  Id: thread,
  OriginalSender: "John Doe",
  Subject: "Example subject",
  CreatedUtc: "2022-03-08T12:06:50Z",
  UpdatedUtc: "2026-05-05T20:12:03Z",
  IsResolved: true,
};

export const replyAsStaff = describeOperation({
  resource: "messageThreads",
  action: "reply",
  summary: "Answer a guest",
  description: "As the property's staff would. A thread that is resolved stays so.",
  input: Type.Object({ MessageThreadId, Text: text(maxTextLength, { description: "The reply." }) }),
  output: Message,
  example: {
    request: { MessageThreadId: thread, Text: "We look forward to it." },
    answer: {
      Id: "0195d3a0-1c5e-7000-8000-5c1d6f3a2b17",
      MessageThreadId: thread,
      Text: "We look forward to it.",
      Sender: { Discriminator: "Enterprise", Value: null },
      CreatedUtc: "2026-05-05T20:12:03Z",
    },
  },
});

export const resolveAsStaff = describeOperation({
  resource: "messageThreads",
  action: "resolve",
  summary: "Resolve a thread",
  description: "As the property's staff would. Nothing changes for one that is resolved.",
  input: Type.Object({ MessageThreadId }),
  output: MessageThread,
  example: { request: { MessageThreadId: thread }, answer: threadExample },
});

export const reopenAsStaff = describeOperation({
  resource: "messageThreads",
  action: "reopen",
  summary: "Reopen a thread",
  description: "As the property's staff would. Nothing changes for one that is open.",
  input: Type.Object({ MessageThreadId }),
  output: MessageThread,
  example: { request: { MessageThreadId: thread }, answer: { ...threadExample, IsResolved: false } },
});

export const signInToSandbox = describeOperation({
  resource: "staff",
  action: "signIn",
  summary: "Sign in at the front desk",
  description: "Sets the cookie of a session of the sandbox's owner, so that /inbox opens without a password.",
  ...asksNothing,
});
