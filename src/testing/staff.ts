import type { Command } from "../messaging/commands.ts";
import type { Message } from "../protocol/connector/messages.ts";
import type { Autopilot } from "../protocol/sandbox/autopilot.ts";
import { listEnterprises } from "../store/directory/directory.ts";
import type { WorldAccess } from "./world-access.ts";

export interface Staff {
  replies(messageThreadId: string, text: string): Promise<Message>;
  resolves(messageThreadId: string): Promise<void>;
  reopens(messageThreadId: string): Promise<void>;
  /** What they do by themselves. */
  autopilot(autopilot: Autopilot): Promise<void>;
}

/**
 * What the staff of all properties of a world do.
 * @internal
 */
export function staffOf({ world, ask, caughtUp }: WorldAccess): Staff {
  async function carryOut(command: Command): Promise<string> {
    const { store } = await world();
    const enterpriseIds = (await listEnterprises(store.db)).map(({ id }) => id);
    const { documents } = await store.write({ scope: { clientId: null, enterpriseIds }, command });
    await caughtUp();
    return documents[0] ?? "";
  }

  async function resolve(messageThreadId: string, isResolved: boolean): Promise<void> {
    await carryOut({ kind: "setResolved", messageThreadId, isResolved });
  }

  return {
    replies: async (messageThreadId, text) => {
      const { newIdentifier } = await world();
      const messages = [{ id: newIdentifier(), messageThreadId, text }];
      return JSON.parse(await carryOut({ kind: "addMessages", sender: "Enterprise", messages })) as Message;
    },
    resolves: (messageThreadId) => resolve(messageThreadId, true),
    reopens: (messageThreadId) => resolve(messageThreadId, false),
    autopilot: async (autopilot) => {
      await ask("autopilot/set", autopilot);
    },
  };
}
