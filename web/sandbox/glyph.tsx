import type { JSX } from "preact";
import { Drawing } from "../shared/icons.tsx";

const paths = {
  send: "M5 12h12m-5-6l6 6-6 6",
  plus: "M12 5v14M5 12h14",
  close: "M6 6l12 12M18 6L6 18",
  copy: "M9 9h10v10H9zM5 15V5h10",
  again: "M20 11a8 8 0 1 0-2 6m2 3v-5h-5",
  clock: "M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16m0-12v4l3 2",
  bolt: "M13 3L5 14h6l-1 7 8-11h-6z",
  robot:
    "M7 9h10a2 2 0 0 1 2 2v6a2 2 0 0 1-2 2H7a2 2 0 0 1-2-2v-6a2 2 0 0 1 2-2m5 0V5m0 0h.01M9 13.5v1m6-1v1M2.5 13v3m19-3v3",
  hook: "M9 8a4 4 0 1 1 6 3l2.5 4.500M12 9l-3.500 6.500m-1 4a3.500 3.500 0 1 1-2-6m7 3h5m0 0a3.500 3.500 0 1 1 1 3",
  box: "M4 8l8-4 8 4v8l-8 4-8-4zm0 0l8 4 8-4m-8 4v8",
  globe:
    "M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16M4 12h16M12 4c2.500 2.500 3.500 5 3.500 8s-1 5.500-3.500 8c-2.500-2.500-3.500-5-3.500-8s1-5.500 3.500-8",
  in: "M5 12h14m-5-5l5 5-5 5",
  out: "M19 12H5m5-5l-5 5 5 5",
  socket: "M7 8l-4 4 4 4m10-8l4 4-4 4M3 12h18",
  play: "M8 5l11 7-11 7z",
  skip: "M5 6l8 6-8 6zm9 0v12m4-12v12",
  open: "M14 5h5v5m0-5l-8 8M11 6H6v12h12v-5",
  warning: "M12 9v4m0 3.500v.01M12 4l9 16H3z",
  check: "M5 12.500l4.500 4.500L19 7.500",
} as const;

export type GlyphName = keyof typeof paths;

/** A drawing of the sandbox's page only. */
export function Glyph({ name, size = 16 }: { readonly name: GlyphName; readonly size?: number }): JSX.Element {
  return <Drawing path={paths[name]} size={size} />;
}
