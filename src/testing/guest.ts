import { authentication } from "../api/connector/authentication.ts";
import type { Message } from "../protocol/connector/messages.ts";
import type { Scenario, ScenarioRun } from "../protocol/sandbox/scenarios.ts";
import { demoTokens } from "../sandbox/demo/demo-world.ts";
import type { StartedWorld } from "../sandbox/serve/start-world.ts";
import type { WorldAccess } from "./world-access.ts";

/** A conversation of a guest. */
export interface Chat {
  readonly messageThreadId: string;
  /** The guest sends another message. */
  writes(text: string): Promise<Message>;
}

/** Guests of client 1. What they write does not go over the wire, so it is in no traffic and meets no fault. */
export interface Guest {
  /** Opens a conversation. By default, Jane Guest writes about her stay. */
  writes(text: string, options?: { readonly name?: string; readonly subject?: string }): Promise<Chat>;
  /**
   * Plays a scenario of the library, or one of your own, to its end: by the world's clock, or from each thing that is due
   * to the next with `hurry`.
   * @throws Error when something is not as it expects
   */
  plays(scenario: string | Scenario, options?: { readonly hurry?: boolean }): Promise<ScenarioRun>;
}

/**
 * What guests do in a world.
 * @internal
 */
export function guestOf({ world, ask, caughtUp }: WorldAccess): Guest {
  async function write(messageThreadId: string, text: string): Promise<Message> {
    const { store, clock, newIdentifier } = await world();
    const { scope } = await client1({ store, clock });
    const messages = [{ id: newIdentifier(), messageThreadId, text }];
    const { documents } = await store.write({
      scope,
      command: { kind: "addMessages", sender: "Application", messages },
    });
    await caughtUp();
    return JSON.parse(documents[0] ?? "") as Message;
  }

  return {
    writes: async (text, { name: originalSender = "Jane Guest", subject = "My stay" } = {}) => {
      const { store, clock, newIdentifier } = await world();
      const { scope, primaryEnterprise } = await client1({ store, clock });
      const messageThreadId = newIdentifier();
      const opened = { id: messageThreadId, enterpriseId: primaryEnterprise.id, originalSender, subject };
      await store.write({ scope, command: { kind: "openThread", clientId: scope.clientId, ...opened } });
      await write(messageThreadId, text);
      return { messageThreadId, writes: (more) => write(messageThreadId, more) };
    },
    plays: async (scenario, { hurry = false } = {}) => {
      const which = typeof scenario === "string" ? { Name: scenario } : { Scenario: scenario };
      const { Run } = await ask<{ Run: ScenarioRun }>("scenarios/start", which);
      const run = await ended(await world(), Run.Id, hurry);
      if (run.State === "Failed") throw new Error(`${run.Name}: ${run.Failure}`);
      return run;
    },
  };
}

/** Client 1 with the token for all of its properties, as the world knows it. */
function client1({ store, clock }: Pick<StartedWorld, "store" | "clock">) {
  return authentication(store.db, clock)({ ...demoTokens, Client: "Innbox guest" });
}

/** Resolves when a run is over. @throws Error when its world is over before */
async function ended(world: StartedWorld, id: string, hurry: boolean): Promise<ScenarioRun> {
  const over = Promise.withResolvers<never>();
  const end = world.onOver(() => over.reject(new Error("The world was reset meanwhile.")));
  try {
    return await Promise.race([over.promise, played(world, id, hurry)]);
  } finally {
    end();
  }
}

/** With `hurry`, the clock goes to whatever is due next. */
async function played(world: StartedWorld, id: string, hurry: boolean): Promise<ScenarioRun> {
  for (;;) {
    const changed = Promise.withResolvers<void>();
    const end = world.onChange(changed.resolve);
    try {
      const run = world.scenarios.all().find(({ Id }) => Id === id);
      if (!run) throw new Error("The world has no such run.");
      if (run.State !== "Running") return run;
      const next = hurry ? await dueNext(world) : undefined;
      if (next === undefined) await changed.promise;
      else world.worldClock.set(next);
    } finally {
      end();
    }
  }
}

async function dueNext(world: StartedWorld): Promise<number | undefined> {
  await world.settle();
  const next = await world.nextDue();
  return next === undefined ? undefined : Math.max(next, world.clock());
}
