/** What goes over the wire, as it is written there. (+) marks extensions of Innbox. */

/** Accepted by every operation. */
export interface Localization {
  readonly LanguageCode?: string | null;
  readonly CultureCode?: string | null;
}

/** `StartUtc <= t < EndUtc` in ISO 8601; exactly `StartUtc` when both are equal. */
export interface TimeInterval {
  readonly StartUtc: string;
  readonly EndUtc: string;
}

/** One page of a list, newest first: at most `Count` (1 to 1,000) items older than the one that `Cursor` names. */
export interface Limitation {
  readonly Count: number;
  readonly Cursor?: string | null;
}

export interface MessageThread {
  readonly Id: string;
  readonly OriginalSender: string;
  readonly Subject: string;
  readonly CreatedUtc: string;
  readonly UpdatedUtc: string;
  readonly IsResolved: boolean;
}

/** At least one of `MessageThreadIds`, `CreatedUtc` and `UpdatedUtc` is required. */
export interface GetAllMessageThreadsRequest extends Localization {
  readonly MessageThreadIds?: readonly string[] | null;
  readonly CreatedUtc?: TimeInterval | null;
  readonly UpdatedUtc?: TimeInterval | null;
  readonly EnterpriseIds?: readonly string[] | null;
  readonly Limitation?: Limitation | null;
}

export interface GetAllMessageThreadsAnswer {
  readonly MessageThreads: readonly MessageThread[];
  readonly Cursor?: string | null;
}

export interface AddMessageThreadRequest extends Localization {
  readonly OriginalSender: string;
  readonly Subject: string;
  /** (+) Default: the primary enterprise of the access token. */
  readonly EnterpriseId?: string | null;
}

export interface AddMessageThreadAnswer {
  readonly MessageThreads: readonly MessageThread[];
}

export interface Message {
  readonly Id: string;
  readonly MessageThreadId: string;
  readonly Text: string;
  /** `Application` for messages of this API, `Enterprise` for those of the property's staff. */
  readonly Sender: { readonly Discriminator: "Application" | "Enterprise"; readonly Value: null };
  readonly CreatedUtc: string;
}

/** `MessageThreadIds` or, on Innbox, `MessageIds` is required. */
export interface GetAllMessagesRequest extends Localization {
  readonly MessageThreadIds?: readonly string[] | null;
  /** (+) */
  readonly MessageIds?: readonly string[] | null;
  readonly CreatedUtc?: TimeInterval | null;
  readonly EnterpriseIds?: readonly string[] | null;
  readonly Limitation?: Limitation | null;
}

export interface GetAllMessagesAnswer {
  readonly Messages: readonly Message[];
  readonly Cursor?: string | null;
}

export interface NewMessage {
  readonly MessageThreadId: string;
  readonly Text: string;
  /** Your own mark, answered with the message and not kept. */
  readonly Identifier?: string | null;
}

export interface AddMessagesRequest extends Localization {
  readonly Messages: readonly NewMessage[];
}

export interface AddMessagesAnswer {
  readonly Messages: readonly { readonly Identifier: string | null; readonly Message: Message }[];
}

export interface Enterprise {
  readonly Id: string;
  readonly Name: string;
  readonly TimeZoneIdentifier: string;
  readonly DefaultLanguageCode: string;
  readonly CreatedUtc: string;
  readonly UpdatedUtc: string;
  readonly IsPortfolio: boolean;
}

export interface LinkedEnterprise extends Enterprise {
  readonly LinkedUtc: string;
}

export interface GetConfigurationRequest extends Localization {
  readonly EnterpriseId?: string | null;
}

export interface GetConfigurationAnswer {
  readonly NowUtc: string;
  readonly Enterprise: Enterprise;
}

export interface GetAllEnterprisesRequest extends Localization {
  readonly EnterpriseIds?: readonly string[] | null;
  readonly ExternalIdentifiers?: readonly string[] | null;
  readonly LinkedUtc?: TimeInterval | null;
  readonly UpdatedUtc?: TimeInterval | null;
  readonly Limitation?: Limitation | null;
}

export interface GetAllEnterprisesAnswer {
  readonly Enterprises: readonly LinkedEnterprise[];
  readonly Cursor?: string | null;
}

export type EventDiscriminator = "MessageAdded" | "MessageThreadUpdated";

/** The message that was added, or the thread that was resolved or reopened, and its thread (+). */
export interface EventValue {
  readonly Id: string;
  readonly MessageThreadId: string;
}

/** (+) */
export interface ConnectorEvent {
  readonly Discriminator: EventDiscriminator;
  readonly Value: EventValue;
  readonly EnterpriseId: string;
  readonly CreatedUtc: string;
}

/** (+) `After` is a `Position` of an earlier answer or of a frame of the WebSocket, or `now`. */
export interface GetAllEventsRequest extends Localization {
  readonly After?: string | null;
  readonly Limitation?: { readonly Count: number } | null;
}

/** (+) */
export interface GetAllEventsAnswer {
  readonly Events: readonly ConnectorEvent[];
  readonly Position: string;
}

export interface GeneralWebhook {
  readonly EnterpriseId: string;
  readonly IntegrationId: string;
  /** None in a test that the operator sends. */
  readonly Events: readonly { readonly Discriminator: EventDiscriminator; readonly Value: EventValue }[];
}

export interface Named {
  readonly Id: string;
  readonly Name: string;
}

export type IntegrationWebhook =
  | {
      readonly Action: "IntegrationCreated";
      readonly Data: {
        readonly Enterprise: Named;
        readonly Service: null;
        readonly Requestor: null;
        readonly AccessToken: string;
        readonly CreatedUtc: string;
        readonly IsEnabled: boolean;
        readonly Integration: Named;
      };
    }
  | { readonly Action: "IntegrationEnabled"; readonly Data: { readonly Integration: Named } }
  | { readonly Action: "IntegrationDisabled"; readonly Data: { readonly Integration: Named } }
  | {
      readonly Action: "IntegrationDeleted";
      readonly Data: { readonly DeletedUtc: string; readonly Integration: Named };
    }
  | {
      readonly Action: "IntegrationApiKeyCreated";
      readonly Data: { readonly Integration: Named; readonly ApiKey: string };
    };

/** Of the WebSocket. `Type` is `Message` on Innbox; other servers have others. */
export interface SocketEvent {
  readonly Type: string;
  readonly Id: string;
  /** (+) */
  readonly MessageThreadId?: string;
}

export interface SocketFrame {
  readonly Events: readonly SocketEvent[];
  /** (+) Where to go on after these events. */
  readonly Position?: string;
}
