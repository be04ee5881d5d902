/** What is known of a failure. */
export interface Failure {
  /** As in `messages/add`. */
  readonly operation?: string | undefined;
  readonly status?: number | undefined;
  readonly requestId?: string | undefined;
  readonly retryAfter?: number | undefined;
  readonly details?: unknown;
}

/** Whatever kept a call from succeeding. Neither its message nor anything else of it holds a token. */
export class ConnectorError extends Error {
  override readonly name: string = "ConnectorError";
  readonly operation: string | undefined;
  /** Of the answer; `undefined` when there was none. */
  readonly status: number | undefined;
  /** What to quote to the operator of the server. */
  readonly requestId: string | undefined;
  /** How long the server asks to wait, in seconds. */
  readonly retryAfter: number | undefined;
  /** `Details` of the answer. */
  readonly details: unknown;

  constructor(message: string, failure: Failure = {}) {
    super(message);
    this.operation = failure.operation;
    this.status = failure.status;
    this.requestId = failure.requestId;
    this.retryAfter = failure.retryAfter;
    this.details = failure.details;
  }
}

/** 400: the request breaks a rule. The message names the property. */
export class BadRequestError extends ConnectorError {
  override readonly name = "BadRequestError";
}

/** 401: the tokens are unknown, do not belong together, or are disabled. */
export class UnauthorizedError extends ConnectorError {
  override readonly name = "UnauthorizedError";
}

/** 403: a rule of the property, which the end user should read. */
export class ForbiddenError extends ConnectorError {
  override readonly name = "ForbiddenError";
}

/** 404: there is nothing at this address. */
export class NotFoundError extends ConnectorError {
  override readonly name = "NotFoundError";
}

/** 408: the server could not serve the request in time. */
export class RequestTimeoutError extends ConnectorError {
  override readonly name = "RequestTimeoutError";
}

/** 413: the body is larger than the server takes. */
export class PayloadTooLargeError extends ConnectorError {
  override readonly name = "PayloadTooLargeError";
}

/** 429: too many requests. */
export class TooManyRequestsError extends ConnectorError {
  override readonly name = "TooManyRequestsError";
}

/** 500 and others from 500 on, but for 503: the server, or something in front of it, failed. */
export class ServerError extends ConnectorError {
  override readonly name = "ServerError";
}

/** 503: the server is stopping, is overloaded, or can't use its database. */
export class UnavailableError extends ConnectorError {
  override readonly name = "UnavailableError";
}

/** No answer came, or only a part of one. */
export class ConnectionError extends ConnectorError {
  override readonly name: string = "ConnectionError";
  /** The request never left, so that nothing can have come of it. */
  readonly isUnsent: boolean;

  constructor(message: string, failure: Failure & { readonly isUnsent?: boolean } = {}) {
    super(message, failure);
    this.isUnsent = failure.isUnsent ?? false;
  }
}

/** No answer came within the time that an attempt may take. */
export class AttemptTimeoutError extends ConnectionError {
  override readonly name = "AttemptTimeoutError";
}

const classes: Readonly<Record<number, typeof ConnectorError>> = {
  400: BadRequestError,
  401: UnauthorizedError,
  403: ForbiddenError,
  404: NotFoundError,
  408: RequestTimeoutError,
  413: PayloadTooLargeError,
  429: TooManyRequestsError,
  503: UnavailableError,
};

/** The error of an answer that is not a success. */
export function errorOf(status: number, message: string, failure: Failure): ConnectorError {
  const Class = classes[status] ?? (status >= 500 ? ServerError : ConnectorError);
  return new Class(message, { ...failure, status });
}
