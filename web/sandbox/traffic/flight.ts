import "./flight.css";

/** How long the flight from one stop to the next takes, in milliseconds. */
const leg = 420;

function isStill(): boolean {
  return document.hidden || matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/** Lets an envelope fly from stop to stop and calls `landed` at each. With reduced motion it only calls `landed`. */
export async function fly(stops: readonly (DOMRect | undefined)[], landed: (stop: number) => void): Promise<void> {
  const known = stops.map((rect, stop) => ({ rect, stop })).filter(({ rect }) => rect && rect.width > 0);
  if (isStill()) {
    for (const { stop } of known.slice(1)) landed(stop);
    return;
  }
  const flyer = document.createElement("div");
  flyer.className = "flyer";
  flyer.setAttribute("aria-hidden", "true");
  document.body.append(flyer);
  try {
    for (const [index, { rect, stop }] of known.entries()) {
      const from = known[index - 1]?.rect;
      if (!from || !rect) continue;
      await oneLeg(flyer, middleOf(from), middleOf(rect));
      landed(stop);
    }
  } finally {
    flyer.remove();
  }
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** The middle of an element, or a point near its beginning if it is wide, where its text is. */
function middleOf({ left, top, width, height }: DOMRect): Point {
  return { x: left + Math.min(width / 2, 120), y: top + height / 2 };
}

async function oneLeg(flyer: HTMLElement, from: Point, to: Point): Promise<void> {
  const rise = Math.min(90, Math.hypot(to.x - from.x, to.y - from.y) / 5);
  const at = ({ x, y }: Point, scale: number) => `translate(${x}px, ${y}px) translate(-50%, -50%) scale(${scale})`;
  const between = { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 - rise };
  const flight = flyer.animate(
    [
      { transform: at(from, 0.6), opacity: 0.4 },
      { transform: at(between, 1.15), opacity: 1, offset: 0.5 },
      { transform: at(to, 0.8), opacity: 0.9 },
    ],
    { duration: leg, easing: "cubic-bezier(0.45, 0.05, 0.35, 1)", fill: "forwards" },
  );
  await flight.finished;
}

/** Lights an element up for a moment. Rows of the wire are left out, since their style sheet does it when they come. */
export function light(element: Element | null | undefined): void {
  if (!element || element instanceof HTMLTableRowElement) return;
  element.animate(
    [
      { boxShadow: "0 0 0 4px color-mix(in srgb, var(--brass) 55%, transparent)" },
      { boxShadow: "0 0 0 12px transparent" },
    ],
    { duration: 900, easing: "ease-out" },
  );
}
