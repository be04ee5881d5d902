import { parentPort } from "node:worker_threads";
import { Problem } from "../../core/problem.ts";
import { digestOf, parseBody } from "./json-body.ts";
import { type JsonShape, pruned } from "./json-shape.ts";

/** A body that is to be parsed on another thread. */
export interface LargeJsonQuestion {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly shape: JsonShape;
  /** The fields that do not count for the digest; `undefined` for no digest. */
  readonly undigested: readonly string[] | undefined;
}

export interface LargeJsonAnswer {
  readonly value?: unknown;
  readonly digest?: Uint8Array<ArrayBuffer> | undefined;
  /** What is wrong with the body, in one sentence. */
  readonly message?: string;
}

const port = parentPort;

port?.on("message", (question: LargeJsonQuestion) => port.postMessage(answerOf(question)));

function answerOf({ bytes, shape, undigested }: LargeJsonQuestion): LargeJsonAnswer {
  try {
    const body = parseBody(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
    const value = pruned(body, shape);
    return { value, digest: digestOf(body, undigested) };
  } catch (error) {
    if (error instanceof Problem) return { message: error.message };
    throw error;
  }
}
