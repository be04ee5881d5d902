import { authentication } from "../api/connector/authentication.ts";
import type { Command } from "../messaging/commands.ts";
import type { Message } from "../protocol/connector/messages.ts";
import type { Autopilot } from "../protocol/sandbox/autopilot.ts";
import type { Fault, FaultState } from "../protocol/sandbox/faults.ts";
import type { Scenario, ScenarioRun } from "../protocol/sandbox/scenarios.ts";
import type { TrafficEntry } from "../protocol/sandbox/traffic.ts";
import { demoTokens } from "../sandbox/demo/demo-world.ts";
import type { StartedWorld } from "../sandbox/serve/start-world.ts";
import { defaultWorld, worldHeader } from "../sandbox/worlds/world-names.ts";
import type { Worlds } from "../sandbox/worlds/worlds.ts";
import { listEnterprises } from "../store/directory/directory.ts";
import { type EventList, eventList, type SandboxEvent } from "./event-list.ts";

export interface Tokens {
  readonly ClientToken: string;
  readonly AccessToken: string;
}

/** A conversation of a guest. */
export interface Chat {
  readonly messageThreadId: string;
  /** The guest goes on. */
  writes(text: string): Promise<Message>;
}

/** Guests of client 1. What they write is not seen on the wire, and no fault bites it. */
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

export interface Staff {
  replies(messageThreadId: string, text: string): Promise<Message>;
  resolves(messageThreadId: string): Promise<void>;
  reopens(messageThreadId: string): Promise<void>;
  /** What they do by themselves. */
  autopilot(autopilot: Autopilot): Promise<void>;
}

export interface TestFaults {
  /** In place of those before; the same seed has the same calls bitten. */
  set(faults: readonly Fault[], seed?: number): Promise<void>;
  clear(): Promise<void>;
  state(): Promise<readonly FaultState[]>;
}

export interface TestClock {
  now(): Promise<Date>;
  freeze(): Promise<void>;
  unfreeze(): Promise<void>;
  set(to: Date | string): Promise<void>;
  /** By a time such as `30s` or `75h`; resolves when all has happened that was due meanwhile. */
  advance(by: string): Promise<void>;
}

/** One world of a sandbox, and all that a test does to it. */
export interface TestWorld {
  readonly url: string;
  /** What an application sends along with its requests to reach this world; empty for the default one. */
  readonly headers: Readonly<Record<string, string>>;
  /** Client 1's, for all three properties. */
  readonly tokens: Tokens;
  readonly guest: Guest;
  readonly staff: Staff;
  readonly faults: TestFaults;
  readonly clock: TestClock;
  /** All that has happened since this was asked for, or since the last reset. */
  readonly events: readonly SandboxEvent[];
  /** What went over the wire. */
  traffic(): Promise<readonly TrafficEntry[]>;
  /** Gives client 1's webhook a URL. @returns the secret that its requests are signed with */
  webhook(url: string): Promise<string>;
  /**
   * The first event, among those that there are or as they come, that `isIt` accepts.
   * @param within  how long to wait for it, in milliseconds of real time; 5,000 by default
   * @throws Error that says what happened instead
   */
  waitFor(isIt: (event: SandboxEvent) => boolean, within?: number): Promise<SandboxEvent>;
  /** As it was at the start. */
  reset(): Promise<void>;
}

/** How long to wait for an event, in milliseconds. */
const patience = 5000;

/** A sandbox that listens. */
export interface ListeningSandbox {
  readonly url: string;
  readonly worlds: Worlds<StartedWorld>;
}

/**
 * @param name  of the world, which is made if there is none
 * @internal
 */
export async function testWorld(server: ListeningSandbox, name: string): Promise<TestWorld> {
  const headers: Record<string, string> = name === defaultWorld ? {} : { [worldHeader]: name };
  const world = (): Promise<StartedWorld> => server.worlds.find(name);
  let list: EventList = await eventList(await world());

  /** Does something to the world, by its own API. */
  async function ask<T>(operation: string, input: object): Promise<T> {
    const answer = await fetch(`${server.url}/sandbox/v1/${operation}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...headers },
      body: JSON.stringify(input),
    });
    const body = (await answer.json()) as T & { readonly Message?: string };
    if (!answer.ok) throw new Error(body.Message);
    return body;
  }

  async function everywhere() {
    const { store } = await world();
    return { clientId: null, enterpriseIds: (await listEnterprises(store.db)).map(({ id }) => id) };
  }

  async function writeAsGuest(messageThreadId: string, text: string): Promise<Message> {
    const parts = await world();
    const { scope } = await client1(parts);
    const messages = [{ id: parts.newIdentifier(), messageThreadId, text }];
    const { documents } = await parts.store.write({
      scope,
      command: { kind: "addMessages", sender: "Application", messages },
    });
    await list.caughtUp();
    return JSON.parse(documents[0] ?? "") as Message;
  }

  async function asStaff(command: Command): Promise<string> {
    const { store } = await world();
    const { documents } = await store.write({ scope: await everywhere(), command });
    await list.caughtUp();
    return documents[0] ?? "";
  }

  async function resolve(messageThreadId: string, isResolved: boolean): Promise<void> {
    await asStaff({ kind: "setResolved", messageThreadId, isResolved });
  }

  return {
    url: server.url,
    headers,
    tokens: demoTokens,
    guest: {
      writes: async (text, { name: originalSender = "Jane Guest", subject = "My stay" } = {}) => {
        const parts = await world();
        const { scope, primaryEnterprise } = await client1(parts);
        const messageThreadId = parts.newIdentifier();
        const opened = { id: messageThreadId, enterpriseId: primaryEnterprise.id, originalSender, subject };
        await parts.store.write({ scope, command: { kind: "openThread", clientId: scope.clientId, ...opened } });
        await writeAsGuest(messageThreadId, text);
        return { messageThreadId, writes: (more) => writeAsGuest(messageThreadId, more) };
      },
      plays: async (scenario, { hurry = false } = {}) => {
        const which = typeof scenario === "string" ? { Name: scenario } : { Scenario: scenario };
        const { Run } = await ask<{ Run: ScenarioRun }>("scenarios/start", which);
        const run = await ended(await world(), Run.Id, hurry);
        if (run.State === "Failed") throw new Error(`${run.Name}: ${run.Failure}`);
        return run;
      },
    },
    staff: {
      replies: async (messageThreadId, text) => {
        const { newIdentifier } = await world();
        const messages = [{ id: newIdentifier(), messageThreadId, text }];
        return JSON.parse(await asStaff({ kind: "addMessages", sender: "Enterprise", messages })) as Message;
      },
      resolves: (messageThreadId) => resolve(messageThreadId, true),
      reopens: (messageThreadId) => resolve(messageThreadId, false),
      autopilot: async (autopilot) => {
        await ask("autopilot/set", autopilot);
      },
    },
    faults: {
      set: async (faults, seed) => {
        await ask("faults/set", { Faults: faults, ...(seed !== undefined && { Seed: seed }) });
      },
      clear: async () => {
        await ask("faults/set", { Faults: [] });
      },
      state: async () => (await ask<{ Faults: readonly FaultState[] }>("faults/getAll", {})).Faults,
    },
    clock: {
      now: async () => new Date((await world()).clock() / 1000),
      freeze: async () => (await world()).worldClock.freeze(),
      unfreeze: async () => (await world()).worldClock.unfreeze(),
      set: async (to) => {
        await ask("clock/set", { NowUtc: new Date(to).toISOString() });
      },
      advance: async (by) => {
        await ask("clock/advance", { By: by });
      },
    },
    get events() {
      return list.events;
    },
    traffic: async () => (await world()).traffic.after(0, Number.POSITIVE_INFINITY),
    webhook: async (url) => {
      const { Secret } = await ask<{ Secret: string }>("webhooks/set", {
        ClientToken: demoTokens.ClientToken,
        Url: url,
      });
      return Secret;
    },
    waitFor: (isIt, within = patience) => found(list, isIt, within),
    reset: async () => {
      await ask("state/reset", {});
      list = await eventList(await world());
    },
  };
}

/** Client 1 with the token for all of its properties, as the world knows it. */
function client1({ store, clock }: StartedWorld) {
  return authentication(store.db, clock)({ ...demoTokens, Client: "Innbox guest" });
}

async function found(list: EventList, isIt: (event: SandboxEvent) => boolean, within: number): Promise<SandboxEvent> {
  await list.caughtUp();
  const there = list.events.find(isIt);
  if (there) return there;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      end();
      reject(new Error(`Nothing of the kind happened within ${within} ms. What did: ${summary(list.events)}.`));
    }, within);
    const end = list.onEvent((event) => {
      try {
        if (!isIt(event)) return;
        resolve(event);
      } catch (error) {
        reject(error);
      }
      clearTimeout(timer);
      end();
    });
  });
}

function summary(events: readonly SandboxEvent[]): string {
  const words = events.map(({ Discriminator, Message }) =>
    Message ? `${Discriminator} by ${Message.Sender.Discriminator} "${Message.Text.slice(0, 60)}"` : Discriminator,
  );
  return words.length > 0 ? words.slice(-20).join(", ") : "nothing";
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
