/** One answered request. Neither bodies nor tokens, texts or names are ever part of it. */
export interface RequestEntry {
  readonly requestId: string;
  readonly method: string;
  /** The route, not the address, which may hold anything. */
  readonly route: string;
  readonly status: number;
  readonly milliseconds: number;
  readonly clientId: string | undefined;
}

/** One attempt at a webhook. Neither its URL, which may hold a token, nor what was sent or answered is part of it. */
export interface AttemptEntry {
  readonly deliveryId: string;
  readonly endpointId: string;
  /** The client's name. */
  readonly client: string;
  readonly status: number | null;
  readonly error: string | null;
  readonly milliseconds: number;
}
