import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { browserKeep, browserKept } from "../shared/browser-kept.ts";
import "./splitter.css";

/** The wire's share of the page's height, in percent. */
const least = 15;
const most = 75;
const step = 5;

/** The line above the wire, which can be moved. */
export function Splitter() {
  const [share, setShare] = useState(() => browserKept<number>("sandbox-wire") ?? 36);
  const line = useRef<HTMLDivElement>(null);
  const move = (wanted: number) => setShare(Math.round(Math.min(most, Math.max(least, wanted))));
  useLayoutEffect(() => {
    line.current?.parentElement?.style.setProperty("--wire", `${share}%`);
    browserKeep("sandbox-wire", share);
  }, [share]);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a line that can be moved is no rule in a text.
    <div
      ref={line}
      class="splitter"
      role="separator"
      aria-label="Height of the wire"
      aria-orientation="horizontal"
      aria-valuemin={least}
      aria-valuemax={most}
      aria-valuenow={share}
      tabIndex={0}
      onKeyDown={({ key }) => {
        if (key === "ArrowUp") move(share + step);
        if (key === "ArrowDown") move(share - step);
      }}
      onPointerDown={({ currentTarget, pointerId }) => currentTarget.setPointerCapture(pointerId)}
      onPointerMove={({ currentTarget, pointerId, clientY }) => {
        const stage = currentTarget.parentElement?.getBoundingClientRect();
        if (!stage || !currentTarget.hasPointerCapture(pointerId)) return;
        move((100 * (stage.bottom - clientY)) / stage.height);
      }}
    />
  );
}
