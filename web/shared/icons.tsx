import type { JSX } from "preact";
// Here as well as in the pages, so that it comes before the styles of a dialog that is loaded later.
import "./base.css";

const paths = {
  bell: "M6 9a6 6 0 0 1 12 0c0 5 2 6 2 7H4c0-1 2-2 2-7m4 10a2 2 0 0 0 4 0",
  inbox: "M4 13h4l2 3h4l2-3h4M4 13l3-8h10l3 8v6H4z",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8m-7 8c.5-4 3.5-5 7-5s6.5 1 7 5",
  people:
    "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7m-6 8c.4-3.5 2.6-5 6-5s5.6 1.5 6 5m.5-14.6a3.5 3.5 0 0 1 0 6.2M17.5 14.5c2 .6 3.2 2 3.5 4.5",
  dashed: "M12 4a8 8 0 0 1 4 1m3 3a8 8 0 0 1 0 8m-3 3a8 8 0 0 1-8 0m-3-3a8 8 0 0 1 0-8m3-3a8 8 0 0 1 4-1",
  check: "M5 12.5l4.5 4.5L19 7.5",
  stack: "M12 4l8 4-8 4-8-4zM4 12l8 4 8-4M4 16l8 4 8-4",
  search: "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14m5-2l4 4",
  back: "M14 6l-6 6 6 6",
  close: "M6 6l12 12M18 6L6 18",
  menu: "M4 7h16M4 12h16M4 17h10",
  send: "M5 12h12m-5-6l6 6-6 6",
  note: "M5 4h14v10l-5 6H5zm9 16v-6h5",
  reply: "M10 7l-5 5 5 5m-5-5h9a5 5 0 0 1 5 5v1",
  mail: "M4 6h16v12H4zm0 1l8 6 8-6",
  print: "M7 9V4h10v5M7 17H4v-7h16v7h-3M7 14h10v6H7z",
  undo: "M8 5L4 9l4 4M4 9h10a5 5 0 0 1 0 10h-3",
  settings:
    "M12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6M12 3v3m0 12v3m9-9h-3M6 12H3m15.4-6.4l-2.2 2.2M7.8 16.2l-2.2 2.2m12.8 0l-2.2-2.2M7.8 7.8L5.6 5.6",
  keyboard: "M3 7h18v10H3zm4 3.5h.01M11 10.5h.01M15 10.5h.01M8 14h8",
  down: "M12 5v14m-6-6l6 6 6-6",
  clock: "M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16m0-12v4l3 2",
  warning: "M12 9v4m0 3.5v.01M12 4l9 16H3z",
  eye: "M2.5 12S6 6 12 6s9.5 6 9.5 6-3.5 6-9.5 6-9.5-6-9.5-6m9.5 2.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5",
  slash: "M9 19l6-14M4 4h16v16H4z",
  door: "M14 4H6v16h8m-3-8h9m-3-3l3 3-3 3",
  cup: "M5 9h11v6a4 4 0 0 1-4 4H9a4 4 0 0 1-4-4zm11 1h2a2 2 0 0 1 0 5h-2M8 3v3m4-3v3",
  building: "M5 20V5l8-2v17m0-11h6v11M3 20h18M8 8h2m-2 4h2m-2 4h2m6-3h.01M16 16h.01",
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name, size = 18 }: { readonly name: IconName; readonly size?: number }): JSX.Element {
  return <Drawing path={paths[name]} size={size} />;
}

/** A small drawing. Screen readers skip it, since the words beside it say the same. */
export function Drawing({ path, size }: { readonly path: string; readonly size: number }): JSX.Element {
  return (
    <svg class="icon" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={path} />
    </svg>
  );
}

/** The logo: the bell of a reception. */
export function Mark(): JSX.Element {
  return (
    <svg class="mark" width="26" height="26" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="9" />
      <path d="M7.5 22a8.5 8.5 0 0 1 17 0M16 13.5v-2.5M5.5 25h21" />
      <circle cx="16" cy="9" r="1.7" />
    </svg>
  );
}
