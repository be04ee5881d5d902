import type { Socket } from "node:net";
import { invalid, Problem } from "../errors.ts";
import type { ErrorAnswer } from "../protocol/error-answer.ts";

const reasons: Readonly<Record<number, string>> = { 400: "Bad Request", 404: "Not Found", 408: "Request Timeout" };

/** Answers what never became a request: bytes that are not HTTP, or headers that do not end. */
export function answerClientError(error: Error & { code?: string }, socket: Socket, requestId: string): void {
  if (!socket.writable || error.code === "ECONNRESET") {
    socket.destroy();
    return;
  }
  const isLate = error.code === "ERR_HTTP_REQUEST_TIMEOUT";
  const late = new Problem("timeout", "The request did not arrive in time.");
  answerRaw(socket, isLate ? late : invalid("The request is not valid HTTP."), requestId);
}

/** Writes the error envelope to a bare connection and closes it. */
export function answerRaw(socket: Socket, problem: Problem, requestId: string): void {
  const answer: ErrorAnswer = { Message: problem.message, RequestId: requestId, Details: null };
  const body = JSON.stringify(answer);
  socket.end(
    [
      `HTTP/1.1 ${problem.status} ${reasons[problem.status]}`,
      `Request-Id: ${requestId}`,
      "Content-Type: application/json; charset=utf-8",
      `Content-Length: ${Buffer.byteLength(body)}`,
      "Connection: close",
      "",
      body,
    ].join("\r\n"),
  );
}
