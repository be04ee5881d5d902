import { effect } from "@preact/signals";
import type { TrafficEntry } from "../../../src/protocol/sandbox/traffic.ts";
import { deskFrame, deskTarget } from "../desk/desk.ts";
import { lastAnswer } from "../guest/guest.ts";
import { chatClient } from "../server/demo.ts";
import { fly, light } from "./flight.ts";
import { arrived } from "./traffic.ts";

/** Lets each message fly from the guest over the wire to the property, and each answer back. @returns what ends it */
export function startFlights(): () => void {
  const ends = [
    effect(() => {
      for (const entry of arrived.value) if (isFromChat(entry)) flyToDesk(entry);
    }),
    effect(() => {
      if (!lastAnswer.value) return;
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

function isFromChat({ ClientName, Operation, Status }: TrafficEntry): boolean {
  return ClientName === chatClient && Operation === "messages/add" && Status === 200;
}

function flyToDesk(entry: TrafficEntry): void {
  const row = rowOf(entry);
  const stops = [lastBubble("guest"), row, deskFrame()];
  void fly([rectOf(stops[0]), rectOf(row), deskTarget()], (stop) => light(stops[stop]));
}

function rowOf({ Number: number }: TrafficEntry): Element | null {
  return document.querySelector(`[data-number="${number}"]`);
}

function lastBubble(side: "guest" | "property"): Element | null {
  return [...document.querySelectorAll(`.bubble-${side}`)].at(-1) ?? null;
}

/** Undefined for an element outside the window. */
function rectOf(element: Element | null | undefined): DOMRect | undefined {
  const rect = element?.getBoundingClientRect();
  return rect && rect.bottom > 0 && rect.top < innerHeight ? rect : undefined;
}
