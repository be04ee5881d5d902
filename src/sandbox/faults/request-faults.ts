import type { OutgoingHttpHeaders } from "node:http";
import { Readable } from "node:stream";
import { setTimeout } from "node:timers/promises";
import type { FastifyReply, FastifyRequest } from "fastify";
import { duration } from "../../core/duration.ts";
import type { ErrorAnswer } from "../../protocol/connector/error-answer.ts";
import type { Fault } from "../../protocol/sandbox/faults.ts";

/** The answer as a hook of Fastify may get it. */
export type Payload = string | Buffer | Readable | null | undefined;

/**
 * Why the client did not get the whole answer; `undefined` for a fault that leaves the answer whole.
 * @param status  the answer's
 */
export function brokenBy({ Kind }: Fault, status: number): string | undefined {
  if (Kind === "Disconnect") return "A fault ended the connection; nothing was done.";
  if (Kind === "Drop") return `A fault ended the connection in place of an answer of ${status}.`;
  return Kind === "Half" ? "A fault ended the connection within the answer." : undefined;
}

/**
 * Injects the faults that come before a request is carried out: makes it wait, or answers it, or ends its connection.
 * @param skipWaits  ends every wait
 */
export async function injectBefore(
  fault: Fault,
  request: FastifyRequest,
  reply: FastifyReply,
  skipWaits: AbortSignal,
): Promise<void> {
  if (fault.Kind === "Status") answerStatus(fault, request, reply);
  if (fault.Kind === "Disconnect") {
    reply.hijack();
    request.raw.socket.destroy();
  }
  if (fault.Kind !== "Delay") return;
  // The connection closes when the time limit has answered the request or the client has gone. Both end the wait.
  const left = new AbortController();
  reply.raw.once("close", () => left.abort());
  const signal = AbortSignal.any([skipWaits, left.signal]);
  await setTimeout(duration(fault.Delay ?? "1s"), undefined, { signal }).catch(() => undefined);
}

function answerStatus({ Status, RetryAfterSeconds }: Fault, request: FastifyRequest, reply: FastifyReply): void {
  const status = Status ?? 503;
  const answer: ErrorAnswer = {
    Message: `The sandbox was told to answer ${status}.`,
    RequestId: request.id,
    Details: null,
  };
  if (status === 429 || status === 503) reply.header("Retry-After", RetryAfterSeconds ?? 1);
  reply.code(status).type("application/json; charset=utf-8").send(JSON.stringify(answer));
}

/** Ends the connection in place of the answer. */
export function dropAnswer(request: FastifyRequest, payload: Payload): void {
  if (payload instanceof Readable) payload.destroy();
  request.raw.socket.destroy();
}

/**
 * Sends the headers, which announce the whole length, and half of an answer, and ends the connection. Of an answer that
 * is sent in pieces the first ones are sent.
 * @returns what was sent
 */
export async function sendHalf(request: FastifyRequest, reply: FastifyReply, payload: Payload): Promise<Buffer> {
  const { raw } = reply;
  const isStream = payload instanceof Readable;
  const whole = isStream ? await beginningOf(payload) : Buffer.from(payload ?? "");
  const half = isStream ? whole : whole.subarray(0, Math.ceil(whole.length / 2));
  if (half.length === 0) {
    request.raw.socket.destroy();
    return half;
  }
  if (!isStream) reply.header("Content-Length", whole.length);
  raw.writeHead(reply.statusCode, reply.getHeaders() as OutgoingHttpHeaders);
  raw.write(half, () => request.raw.socket.destroy());
  return half;
}

/** The first two pieces: the first one may be empty. */
async function beginningOf(payload: Readable): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of payload.iterator({ destroyOnReturn: false })) {
    pieces.push(piece as Uint8Array);
    if (pieces.length === 2) break;
  }
  payload.destroy();
  return Buffer.concat(pieces);
}
