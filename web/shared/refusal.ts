/** The server refused a request, with its HTTP status. Status 0 means that no readable answer came. */
export class Refusal extends Error {
  readonly status: number;
  /** The seconds after which the request may be sent again, from `Retry-After`. */
  readonly retryAfter: number | undefined;

  constructor(status: number, message: string, retryAfter?: number) {
    super(message);
    this.status = status;
    this.retryAfter = retryAfter;
  }

  /** Whether the same request may succeed later. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
  }
}
