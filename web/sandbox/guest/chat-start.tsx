import { useEffect } from "preact/hooks";
import { Glyph } from "../glyph.tsx";
import { attempt } from "../notices.ts";
import { openers } from "../server/demo.ts";
import { write } from "./guest-talk.ts";
import { loadScenarios, play, scenarios } from "./scenarios.ts";
import "./chat-start.css";

/** The chat before the guest's first message. */
export function ChatStart() {
  const library = scenarios.value;
  useEffect(() => {
    if (scenarios.value.length === 0) void attempt(loadScenarios);
  }, []);
  return (
    <div class="chat chat-start">
      <p class="bubble bubble-greeting">
        Welcome! Write to the reception at any hour. <span aria-hidden="true">🛎️</span>
      </p>
      <ul class="openers" aria-label="First words">
        {openers.map(({ text, subject }) => (
          <li key={text}>
            <button type="button" class="opener" onClick={() => write(text, subject)}>
              {text}
            </button>
          </li>
        ))}
      </ul>
      {library.length > 0 && (
        <div class="plays">
          <p id="plays-title">or watch a whole conversation</p>
          <ul aria-labelledby="plays-title">
            {library.map((scenario) => (
              <li key={scenario.Name}>
                <button
                  type="button"
                  class="play"
                  title={scenario.Description}
                  onClick={() => void attempt(() => play(scenario))}
                >
                  <Glyph name="play" size={11} />
                  {scenario.Name.replaceAll("-", " ")}
                </button>
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}
