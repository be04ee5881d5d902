import { passwordTurnLimits, turns } from "../../core/turns.ts";
import { requestCounter } from "../../http/rate-limit.ts";
import type { Server } from "../../http/server.ts";
import { liveRoute } from "../../staff/live/live.ts";
import { presence } from "../../staff/live/presence.ts";
import { authenticateStaff } from "../../staff/sign-in/sessions.ts";
import type { Store } from "../../store/store.ts";
import { staffOperations } from "./operations.ts";
import type { StaffContext } from "./staff-operation.ts";
import { sessionLimit, staffRoutes, strangerLimit } from "./staff-routes.ts";

export interface StaffServerParts extends Omit<StaffContext, "presence" | "turns"> {
  readonly store: Store;
  /** Where people reach the server, if it is set. */
  readonly publicUrl: string | undefined;
  /** Called with failures that belong to no request. */
  readonly failed: (error: unknown) => void;
}

/** The property's side of a server: the staff API and its live stream. @returns what ends the stream */
export function staffServer(server: Server, { failed, store, publicUrl, ...parts }: StaffServerParts): () => void {
  const { clock } = parts;
  const authenticate = authenticateStaff(clock);
  const people = presence(store);
  staffRoutes(server.fastify, {
    operations: staffOperations,
    store,
    publicUrl,
    context: { ...parts, presence: people, turns: turns(passwordTurnLimits) },
    authenticate,
    countRequest: requestCounter(sessionLimit, clock),
    countStranger: requestCounter(strangerLimit, clock),
  });
  const live = liveRoute(server, { store, presence: people, authenticate, failed });
  return () => {
    people.stop();
    live.stop();
  };
}
