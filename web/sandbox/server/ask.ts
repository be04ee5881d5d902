import { Refusal } from "../../shared/refusal.ts";
import type { InputOf, OperationName, OutputOf } from "./wire.ts";

/** An answer that could be read. */
interface Answered {
  readonly status: number;
  readonly retryAfter: number | undefined;
  readonly body: unknown;
}

/** Asks the sandbox to do something. @throws Refusal */
export async function ask<Name extends OperationName>(name: Name, input: InputOf<Name>): Promise<OutputOf<Name>> {
  return (await post(`/sandbox/v1/${name}`, input)) as OutputOf<Name>;
}

/** Posts JSON to this server. @returns the answer's JSON @throws Refusal */
export async function post(path: string, input: object, headers: Readonly<Record<string, string>> = {}) {
  const { status, retryAfter, body } = await exchange(path, input, headers);
  if (status >= 200 && status < 300) return body;
  const message = (body as { Message?: string } | undefined)?.Message ?? "";
  throw new Refusal(status, message, retryAfter);
}

async function exchange(path: string, input: object, headers: Readonly<Record<string, string>>): Promise<Answered> {
  try {
    const response = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...headers },
      body: JSON.stringify(input),
    });
    const text = await response.text();
    const retryAfter = Number(response.headers.get("Retry-After")) || undefined;
    return { status: response.status, retryAfter, body: text === "" ? undefined : (JSON.parse(text) as unknown) };
  } catch {
    throw new Refusal(0, "");
  }
}
