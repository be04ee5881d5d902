import type { TrafficEntry } from "../../../src/protocol/sandbox/traffic.ts";
import { chatClient } from "../demo.ts";
import { deskFrame, deskTarget } from "../desk.ts";
import { onArrival } from "../guest/guest.ts";
import { fly, light } from "./flight.ts";
import { onEntry } from "./traffic.ts";

/** Shows how words travel: from the guest over the wire to the property, and back. @returns what ends it */
export function startFlights(): () => void {
  const ends = [
    onEntry((entry) => {
      if (entry.ClientName !== chatClient || entry.Operation !== "messages/add" || entry.Status !== 200) return;
      const row = rowOf(entry);
      const stops = [lastBubble("guest"), row, deskFrame()];
      void fly([rectOf(stops[0]), rectOf(row), deskTarget()], (stop) => light(stops[stop]));
    }),
    onArrival(() => {
      const row = document.querySelector(".wire-row");
      requestAnimationFrame(() => {
        const stops = [deskFrame(), row, lastBubble("property")];
        void fly([deskTarget(), rectOf(row), rectOf(stops[2])], (stop) => light(stops[stop]));
      });
    }),
  ];
  return () => {
    for (const end of ends) end();
  };
}

function rowOf({ Number: number }: TrafficEntry): Element | null {
  return document.querySelector(`[data-number="${number}"]`);
}

function lastBubble(side: "guest" | "property"): Element | null {
  return [...document.querySelectorAll(`.bubble-${side}`)].at(-1) ?? null;
}

/** Undefined for what is out of sight. */
function rectOf(element: Element | null | undefined): DOMRect | undefined {
  const rect = element?.getBoundingClientRect();
  return rect && rect.bottom > 0 && rect.top < innerHeight ? rect : undefined;
}
