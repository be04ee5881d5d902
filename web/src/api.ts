import type { InputOf, OperationName, OutputOf } from "./wire.ts";

/** Longer than the server takes at most; after it the connection counts as lost. Milliseconds. */
const patience = 20_000;

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

let onSignedOut: () => void = () => {};

/** Has `listener` told when the server no longer knows the session. */
export function whenSignedOut(listener: () => void): void {
  onSignedOut = listener;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Goes through although the page closes. */
  readonly isLast?: boolean;
}

/** Asks the server. @throws Refusal; AbortError when `signal` aborts */
export async function call<Name extends OperationName>(
  name: Name,
  input: InputOf<Name>,
  { signal, isLast = false }: CallOptions = {},
): Promise<OutputOf<Name>> {
  const timeout = AbortSignal.timeout(patience);
  let response: Response;
  let body: unknown;
  try {
    response = await fetch(`/api/staff/v1/${name}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(input),
      credentials: "same-origin",
      keepalive: isLast,
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
    body = await response.json().catch(() => undefined);
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Refusal(0, "");
  }
  if (response.ok && body !== undefined) return body as OutputOf<Name>;
  if (response.status === 401 && name !== "session/start" && name !== "password/change") onSignedOut();
  const message = (body as { Message?: string } | undefined)?.Message ?? "";
  throw new Refusal(
    response.ok ? 0 : response.status,
    message,
    Number(response.headers.get("Retry-After")) || undefined,
  );
}
