import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { Problem } from "../core/problem.ts";
import type { ErrorAnswer } from "../protocol/connector/error-answer.ts";

/** Answers a request with the error envelope (contract, section 2). */
export function answerProblem(request: FastifyRequest, reply: FastifyReply, problem: Problem): FastifyReply {
  const answer: ErrorAnswer = { Message: problem.message, RequestId: request.id, Details: null };
  return reply.code(problem.status).type("application/json; charset=utf-8").send(JSON.stringify(answer));
}

/** What a failure is to the caller, who is told nothing of what is wrong with the server. */
export function problemOf(error: FastifyError | Problem | Error): Problem {
  if (error instanceof Problem) {
    // What is wrong with the machine is the operator's business, who finds it in the log.
    if (!error.cause) return error;
    const { kind, cause } = error;
    const message = "The server can't read or store anything right now; try again.";
    return new Problem(kind, message, { retryAfterSeconds: 1, cause });
  }
  const statusCode = "statusCode" in error ? error.statusCode : undefined;
  if (statusCode && statusCode < 500) return new Problem("invalid", "The request could not be read.");
  return new Problem("unexpected", "Something went wrong here; the request was not carried out.");
}
