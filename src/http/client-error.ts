import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import type { FastifyReply } from "fastify";
import { invalid, Problem } from "../core/problem.ts";
import type { ErrorAnswer } from "../protocol/connector/error-answer.ts";
import { notFound } from "./exact-path.ts";

interface ClientError extends Error {
  readonly code?: string;
  readonly rawPacket?: unknown;
}

/**
 * Answers what never became a whole request: bytes that are not HTTP, or headers or a body that do not end. When the
 * connection still waits for the reply to an earlier, whole request, that reply is sent before it is closed.
 * @param current  the reply that the connection waits for
 */
export function answerClientError(
  error: ClientError,
  socket: Socket,
  current: FastifyReply | undefined,
  requestId: string,
): void {
  if (!socket.writable || error.code === "ECONNRESET") {
    socket.destroy();
    return;
  }
  if (current?.request.raw.complete) {
    current.raw.once("close", () => socket.destroy());
    return;
  }
  current?.request.abandoned.abort();
  answerRaw(socket, malformedRequest(error), requestId);
}

/** What is wrong with a request that the parser of HTTP has given up. */
function malformedRequest({ code, rawPacket }: ClientError): Problem {
  if (code === "ERR_HTTP_REQUEST_TIMEOUT") return new Problem("timeout", "The request did not arrive in time.");
  const start = Buffer.isBuffer(rawPacket) ? rawPacket.toString("latin1", 0, 64) : "";
  const isOtherMethod = code === "HPE_INVALID_METHOD" && /^[A-Za-z]+ [/*]/.test(start);
  return isOtherMethod ? notFound() : invalid("The request is not valid HTTP.");
}

/** Writes the error envelope to a bare connection and closes it. */
export function answerRaw(socket: Socket, problem: Problem, requestId: string): void {
  // A client that has reset the connection already makes the write fail. Without a listener, that would end the process.
  socket.on("error", () => socket.destroy());
  const answer: ErrorAnswer = { Message: problem.message, RequestId: requestId, Details: null };
  const body = JSON.stringify(answer);
  socket.end(
    [
      `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
      `Request-Id: ${requestId}`,
      ...(problem.retryAfterSeconds ? [`Retry-After: ${problem.retryAfterSeconds}`] : []),
      "Content-Type: application/json; charset=utf-8",
      `Content-Length: ${Buffer.byteLength(body)}`,
      "Connection: close",
      "",
      body,
    ].join("\r\n"),
    // Bytes that the client has sent after that must not be taken for a request.
    () => socket.destroy(),
  );
}
