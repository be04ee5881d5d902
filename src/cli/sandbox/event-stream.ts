export interface ServerSentEvent {
  readonly event: string;
  readonly data: string;
}

/** The server-sent events of an answer, until it ends. */
export async function* eventsIn(answer: Response): AsyncGenerator<ServerSentEvent, void> {
  let rest = "";
  for await (const part of (answer.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
    const blocks = (rest + part).split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      const fields = new Map(block.split("\n").map((line) => fieldIn(line)));
      const event = fields.get("event");
      if (event !== undefined) yield { event, data: fields.get("data") ?? "" };
    }
  }
}

function fieldIn(line: string): readonly [name: string, value: string] {
  const colon = line.indexOf(":");
  return [line.slice(0, colon), line.slice(colon + 1).trimStart()];
}
