import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { Problem, undecided } from "../core/problem.ts";
import type { ErrorAnswer } from "../protocol/connector/error-answer.ts";
import type { RequestLog } from "./request-log.ts";

/** Answers a request with the error envelope (contract, section 2). */
export function answerProblem(request: FastifyRequest, reply: FastifyReply, problem: Problem): FastifyReply {
  const answer: ErrorAnswer = { Message: problem.message, RequestId: request.id, Details: null };
  return reply.code(problem.status).type("application/json; charset=utf-8").send(JSON.stringify(answer));
}

/** Answers what fails while a request is carried out, and logs what is not the caller's mistake. */
export function answerErrors(server: FastifyInstance, log: RequestLog, isStopping: () => boolean): void {
  server.setErrorHandler((error, request, reply) => {
    const found = problemOf(error);
    // 408 says that nothing was stored.
    const problem = found.kind === "timeout" && request.deadline.mayBeStored ? undecided() : found;
    if (problem.kind === "unexpected" || problem.cause) log.failed(request.id, error);
    if (problem.retryAfterSeconds) reply.header("Retry-After", problem.retryAfterSeconds);
    // The rest of a body that was not read must not be taken for the next request.
    if (isStopping() || !request.raw.complete) reply.header("Connection", "close");
    return answerProblem(request, reply, problem);
  });
}

/** What the caller is told of a failure: nothing of what is wrong with the server. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) {
    // What the machine said is for the operator, who finds it in the log.
    if (!error.cause) return error;
    const { kind, cause } = error;
    const message = "The server can't read or store anything right now; try again.";
    return new Problem(kind, message, { retryAfterSeconds: 1, cause });
  }
  const isInvalid = error instanceof Error && "statusCode" in error && Number(error.statusCode) < 500;
  if (isInvalid) return new Problem("invalid", "The request could not be read.");
  return new Problem("unexpected", "Something went wrong here; the request was not carried out.");
}
