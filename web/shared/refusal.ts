/** Why the server did not do what it was asked. Status 0: it could not be asked at all. */
export class Refusal extends Error {
  readonly status: number;
  /** After how many seconds one may ask again, where the server said so. */
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
