import { actingForHeader } from "../../src/protocol/staff/acting-for.ts";
import { Refusal } from "../shared/refusal.ts";
import { hasLeft, leavePage } from "./session/leave-page.ts";
import { boundPerson } from "./session/person.ts";
import type { InputOf, OperationName, OutputOf } from "./wire.ts";

/** Milliseconds after which a request counts as lost. The server's own limit is shorter. */
const patience = 20_000;

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Whether the request must go through although the page is being closed. */
  readonly isLast?: boolean;
}

/**
 * Asks the server in the name of the person whose page this is. Leaves the page when that person's session has ended or
 * another person has signed in in this browser.
 * @throws Refusal; AbortError when `signal` aborts
 */
export async function call<Name extends OperationName>(
  name: Name,
  input: InputOf<Name>,
  { signal, isLast = false }: CallOptions = {},
): Promise<OutputOf<Name>> {
  if (hasLeft()) throw new Refusal(0, "");
  const person = boundPerson();
  const timeout = AbortSignal.timeout(patience);
  let response: Response;
  let body: unknown;
  try {
    response = await fetch(`/api/staff/v1/${name}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...(person && { [actingForHeader]: person.Id }) },
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
  if (response.status === 401) leavePage("ended");
  if (response.status === 412) leavePage("other");
  const message = (body as { Message?: string } | undefined)?.Message ?? "";
  throw new Refusal(
    response.ok ? 0 : response.status,
    message,
    Number(response.headers.get("Retry-After")) || undefined,
  );
}
