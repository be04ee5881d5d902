import { useEffect, useState } from "preact/hooks";

/** Draws the component again each second. */
export function useTick(): void {
  const [, redraw] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => redraw((count) => count + 1), 1000);
    return () => clearInterval(timer);
  }, []);
}
