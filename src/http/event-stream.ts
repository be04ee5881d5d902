import { PassThrough } from "node:stream";
import type { FastifyReply, FastifyRequest } from "fastify";

/** Server-sent events on their way to one reader. After the end, what is sent goes nowhere. */
export interface EventStream {
  /** What is answered: it tells when it is drained, finished or closed. */
  readonly body: PassThrough;
  /** The id is what a reader that comes back names in `Last-Event-ID`. */
  send(event: string, data: object, id?: string | number): void;
  /** Sends what readers ignore, which shows that the connection is still there. */
  comment(text: string): void;
  /** Ends the stream, with an event that has no data when one is named. */
  end(event?: string): void;
}

/** Begins a stream that is closed with its connection. */
export function eventStream(request: FastifyRequest): EventStream {
  const body = new PassThrough();
  request.raw.once("close", () => body.destroy());
  const write = (text: string) => {
    if (body.writable) body.write(`${text}\n\n`);
  };
  const send: EventStream["send"] = (event, data, id) =>
    write(`${id === undefined ? "" : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}`);
  return {
    body,
    send,
    comment: (text) => write(`: ${text}`),
    end: (event) => {
      if (event !== undefined) send(event, {});
      body.end();
    },
  };
}

/** Answers with a stream, which no proxy or browser may keep. */
export function answerEvents(reply: FastifyReply, { body }: EventStream): FastifyReply {
  return reply
    .type("text/event-stream; charset=utf-8")
    .header("Cache-Control", "no-store")
    .header("X-Accel-Buffering", "no")
    .send(body);
}
