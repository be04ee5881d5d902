import type { Socket } from "node:net";
import type { ErrorAnswer } from "../protocol/error-answer.ts";

const requestTimeoutCode = "ERR_HTTP_REQUEST_TIMEOUT";

/** Answers what never became a request: bytes that are not HTTP, or headers that do not end. */
export function answerClientError(error: Error & { code?: string }, socket: Socket, requestId: string): void {
  if (!socket.writable || error.code === "ECONNRESET") {
    socket.destroy();
    return;
  }
  const isLate = error.code === requestTimeoutCode;
  const answer: ErrorAnswer = {
    Message: isLate ? "The request did not arrive in time." : "The request is not valid HTTP.",
    RequestId: requestId,
    Details: null,
  };
  const body = JSON.stringify(answer);
  socket.end(
    [
      isLate ? "HTTP/1.1 408 Request Timeout" : "HTTP/1.1 400 Bad Request",
      `Request-Id: ${requestId}`,
      "Content-Type: application/json; charset=utf-8",
      `Content-Length: ${Buffer.byteLength(body)}`,
      "Connection: close",
      "",
      body,
    ].join("\r\n"),
  );
}
