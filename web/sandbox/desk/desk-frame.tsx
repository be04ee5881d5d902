import { useFrame } from "./desk.ts";
import "./desk-frame.css";

/** The property's own inbox, with somebody signed in. */
export function Desk() {
  return (
    <section class="desk" aria-labelledby="desk-title">
      <header class="pane-header">
        <h2 id="desk-title">The property</h2>
        <p>its staff’s inbox: answer here</p>
        <a class="pane-link" href="/inbox" target="_blank" rel="noreferrer">
          Open in a tab
        </a>
      </header>
      <iframe class="desk-frame" title="The property's inbox" ref={useFrame} />
    </section>
  );
}
