import assert from "node:assert/strict";
import type { Message } from "../../../src/protocol/connector/messages.ts";
import type { startTestSandbox } from "./sandbox-server.ts";

export const monday = "2026-11-23T09:00:00Z";

/** Makes worlds of a sandbox whose clock stands still on a Monday morning, with staff on autopilot. */
export function autopilotDesk(server: Awaited<ReturnType<typeof startTestSandbox>>) {
  return async (world: string, autopilot: object) => {
    const ask = async (operation: string, input: object = {}) => {
      const { status, text, body } = await server.sandbox(operation, input, world);
      assert.equal(status, 200, text);
      return body;
    };
    await ask("clock/freeze");
    await ask("clock/set", { NowUtc: monday });
    await ask("autopilot/set", autopilot);
    const call = async (operation: string, properties: object) => {
      const { status, text, body } = await server.call(operation, properties, world);
      assert.equal(status, 200, text);
      return body;
    };
    const write = (MessageThreadId: string, ...texts: readonly string[]) =>
      call("messages/add", { Messages: texts.map((Text) => ({ MessageThreadId, Text })) });
    return {
      ask,
      write,
      /** Opens a thread with a guest's first messages. @returns its id */
      open: async (...texts: readonly string[]): Promise<string> => {
        const { MessageThreads } = await call("messageThreads/add", {
          OriginalSender: "Jane Guest",
          Subject: "A question",
        });
        const id = MessageThreads[0]?.Id ?? "";
        if (texts.length > 0) await write(id, ...texts);
        return id;
      },
      advance: (By: string) => ask("clock/advance", { By }),
      replies: async (id: string): Promise<Message[]> => {
        const { Messages } = await call("messages/getAll", { MessageThreadIds: [id], Limitation: { Count: 1000 } });
        return Messages.filter(({ Sender }) => Sender.Discriminator === "Enterprise").toReversed();
      },
      isResolved: async (id: string) => {
        const { MessageThreads } = await call("messageThreads/getAll", { MessageThreadIds: [id] });
        return MessageThreads[0]?.IsResolved;
      },
    };
  };
}

export function secondsAfterMonday({ CreatedUtc }: Message): number {
  return (Date.parse(CreatedUtc) - Date.parse(monday)) / 1000;
}
