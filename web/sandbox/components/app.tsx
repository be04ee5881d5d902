import { useEffect } from "preact/hooks";
import { coalesced } from "../coalesced.ts";
import { checkDesk, openDesk, reopenDesk } from "../desk.ts";
import { startFlights } from "../flights.ts";
import { fetchMessages, hear, startOver } from "../guest.ts";
import { listen } from "../guest-socket.ts";
import { startLive } from "../live.ts";
import { attempt } from "../notices.ts";
import { followRun } from "../scenarios.ts";
import { loadWorld } from "../world.ts";
import { Controls } from "./controls.tsx";
import { Desk } from "./desk.tsx";
import { Notices } from "./notices.tsx";
import { Phone } from "./phone.tsx";
import { Splitter } from "./splitter.tsx";
import { Wire } from "./wire.tsx";

/** Looks at the world again, and at what hangs on its clock. */
const lookAgain = coalesced(() =>
  attempt(async () => {
    const isMoved = await loadWorld();
    followRun();
    if (isMoved) reopenDesk();
    else checkDesk();
  }),
);

/** The guest on the left, the property on the right, the wire between them underneath. */
export function App() {
  useEffect(() => {
    void openDesk();
    const ends = [
      startLive({
        changed: () => void lookAgain(),
        renewed: () => {
          startOver();
          void openDesk();
        },
      }),
      listen({ heard: (event) => hear(event.Id, event.MessageThreadId), opened: () => void fetchMessages() }),
      startFlights(),
    ];
    return () => {
      for (const end of ends) end();
    };
  }, []);
  return (
    <div class="sandbox">
      <Controls />
      <main class="stage">
        <Phone />
        <Desk />
        <Splitter />
        <Wire />
      </main>
      <Notices />
    </div>
  );
}
