import { useEffect } from "preact/hooks";
import { checkDesk, openDesk, reopenDesk } from "./desk/desk.ts";
import { Desk } from "./desk/desk-frame.tsx";
import { fetchMessages, hear, startOver } from "./guest/guest.ts";
import { listen } from "./guest/guest-socket.ts";
import { Phone } from "./guest/phone.tsx";
import { followRun } from "./guest/scenarios.ts";
import { Notices } from "./notice-list.tsx";
import { attempt } from "./notices.ts";
import { Controls } from "./panels/controls.tsx";
import { coalesced } from "./server/coalesced.ts";
import { startLive } from "./server/live.ts";
import { Splitter } from "./splitter.tsx";
import { startFlights } from "./traffic/flights.ts";
import { Wire } from "./traffic/wire.tsx";
import { loadWorld } from "./world.ts";
import "./app.css";

/** Fetches the state of the world again. If its clock was moved, the inbox must sign in again. */
const lookAgain = coalesced(() =>
  attempt(async () => {
    const isMoved = await loadWorld();
    followRun();
    if (isMoved) reopenDesk();
    else checkDesk();
  }),
);

/** The sandbox's page: the guest on the left, the property on the right, the traffic between them underneath. */
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
