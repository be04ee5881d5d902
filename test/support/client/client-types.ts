import type Type from "typebox";
import type * as client from "../../../client/src/types.ts";
import type {
  getAllEnterprises,
  getConfiguration,
  LinkedEnterprise,
} from "../../../src/protocol/connector/enterprises.ts";
import type { Event, getAllEvents } from "../../../src/protocol/connector/events.ts";
import type {
  addMessageThread,
  getAllMessageThreads,
  MessageThread,
} from "../../../src/protocol/connector/message-threads.ts";
import type { addMessages, getAllMessages, Message } from "../../../src/protocol/connector/messages.ts";
import type { GeneralWebhook, IntegrationWebhook } from "../../../src/protocol/connector/webhooks.ts";
import type { OperationDescription } from "../../../src/protocol/operation.ts";
import type { Credentials } from "../../../src/protocol/values.ts";

// Holds the client's own types against the protocol when types are checked; there is nothing to run.

/** The same type with everything in it read-only and every intersection resolved, so that only what it means counts. */
type Plain<T> = T extends object ? { readonly [Key in keyof T]: Plain<T[Key]> } : T;

/** Identity, not only assignability: a property that is optional and missing on one side would slip through that. */
type Same<A, B> =
  (<T>() => T extends Plain<A> ? 1 : 2) extends <T>() => T extends Plain<B> ? 1 : 2
    ? [Plain<A>] extends [Plain<B>]
      ? [Plain<B>] extends [Plain<A>]
        ? true
        : false
      : false
    : false;

type Pinned<T extends true> = T;

type Request<Description> =
  Description extends OperationDescription<infer Input, Type.TSchema>
    ? Omit<Type.Static<Input>, keyof Type.Static<typeof Credentials>>
    : never;
type Answer<Description> =
  Description extends OperationDescription<Type.TSchema, infer Output> ? Type.Static<Output> : never;

export type Items = [
  Pinned<Same<client.MessageThread, MessageThread>>,
  Pinned<Same<client.Message, Message>>,
  Pinned<Same<client.LinkedEnterprise, LinkedEnterprise>>,
  Pinned<Same<client.ConnectorEvent, Event>>,
  Pinned<Same<client.GeneralWebhook, GeneralWebhook>>,
  Pinned<Same<client.IntegrationWebhook, IntegrationWebhook>>,
];

export type Requests = [
  Pinned<Same<client.GetAllMessageThreadsRequest, Request<typeof getAllMessageThreads>>>,
  Pinned<Same<client.AddMessageThreadRequest, Request<typeof addMessageThread>>>,
  Pinned<Same<client.GetAllMessagesRequest, Request<typeof getAllMessages>>>,
  Pinned<Same<client.AddMessagesRequest, Request<typeof addMessages>>>,
  Pinned<Same<client.GetConfigurationRequest, Request<typeof getConfiguration>>>,
  Pinned<Same<client.GetAllEnterprisesRequest, Request<typeof getAllEnterprises>>>,
  Pinned<Same<client.GetAllEventsRequest, Request<typeof getAllEvents>>>,
];

export type Answers = [
  Pinned<Same<client.GetAllMessageThreadsAnswer, Answer<typeof getAllMessageThreads>>>,
  Pinned<Same<client.AddMessageThreadAnswer, Answer<typeof addMessageThread>>>,
  Pinned<Same<client.GetAllMessagesAnswer, Answer<typeof getAllMessages>>>,
  Pinned<Same<client.AddMessagesAnswer, Answer<typeof addMessages>>>,
  Pinned<Same<client.GetConfigurationAnswer, Answer<typeof getConfiguration>>>,
  Pinned<Same<client.GetAllEnterprisesAnswer, Answer<typeof getAllEnterprises>>>,
  Pinned<Same<client.GetAllEventsAnswer, Answer<typeof getAllEvents>>>,
];
