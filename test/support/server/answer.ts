import type { Enterprise, LinkedEnterprise } from "../../../src/protocol/connector/enterprises.ts";
import type { Event } from "../../../src/protocol/connector/events.ts";
import type { MessageThread } from "../../../src/protocol/connector/message-threads.ts";
import type { Message } from "../../../src/protocol/connector/messages.ts";

/** What a server answered, already held against the OpenAPI description. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: AnswerBody;
}

/** The fields of every answer together; which of them are there has been held against the description. */
export interface AnswerBody {
  readonly MessageThreads: readonly MessageThread[];
  readonly Messages: readonly (Message & { readonly Identifier: string | null; readonly Message: Message })[];
  readonly Enterprises: readonly LinkedEnterprise[];
  readonly Enterprise: Enterprise;
  readonly NowUtc: string;
  readonly Cursor: string | null;
  readonly Events: readonly Event[];
  readonly Position: string;
  /** Of an error. */
  readonly Message: string;
  readonly RequestId: string;
}
