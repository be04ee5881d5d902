import { useState } from "preact/hooks";
import { Form } from "../../shared/form.tsx";
import { Glyph } from "../glyph.tsx";
import { write } from "./guest-talk.ts";
import "./phone-composer.css";

/** Where the guest writes. */
export function PhoneComposer() {
  const [text, setText] = useState("");
  const send = () => {
    if (text.trim() === "") return;
    setText("");
    write(text.trim());
  };
  return (
    <Form class="phone-composer" onSubmit={send}>
      <textarea
        aria-label="Write as the guest"
        placeholder="Write as the guest…"
        rows={1}
        dir="auto"
        value={text}
        onInput={({ currentTarget }) => setText(currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
          event.preventDefault();
          send();
        }}
      />
      <button type="submit" class="phone-send" aria-label="Send" disabled={text.trim() === ""}>
        <Glyph name="send" size={18} />
      </button>
    </Form>
  );
}
