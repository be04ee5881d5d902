// biome-ignore-all lint/performance/noBarrelFile: This is the door of the package; nothing inside goes through it.
export type { ConnectorRequest, Fetch, Middleware, Send } from "./attempt.ts";
export type { AddOptions, CallOptions, Logger } from "./call.ts";
export { type ClientOptions, type Connector, createClient } from "./client.ts";
export {
  AttemptTimeoutError,
  BadRequestError,
  ConnectionError,
  ConnectorError,
  ForbiddenError,
  NotFoundError,
  PayloadTooLargeError,
  RequestTimeoutError,
  ServerError,
  TooManyRequestsError,
  UnauthorizedError,
  UnavailableError,
} from "./errors.ts";
export type { List } from "./pages.ts";
export type { Sleep } from "./retries.ts";
export type { ConnectorSocket, OpenWebSocket, SocketOptions } from "./socket.ts";
export type { WebSocketLike } from "./socket-connection.ts";
export type * from "./types.ts";
export type { VerifyOptions, WebhookHeaders } from "./webhooks.ts";
export * as webhooks from "./webhooks.ts";
export { WebhookVerificationError } from "./webhooks.ts";
