import { useState } from "preact/hooks";
import { Form } from "../../shared/form.tsx";
import { Refusal } from "../../shared/refusal.ts";
import { refusalText } from "../actions.ts";
import { call } from "../api.ts";
import { PasswordField, TextField } from "../forms/field.tsx";
import { Failure } from "../forms/form.tsx";
import type { Words } from "../words/en.ts";
import { currentWords } from "../words/words.ts";
import { EntryPage } from "./entry-page.tsx";
import type { Farewell } from "./farewell.ts";
import { signedInAs } from "./session.ts";

/** The sign-in page. */
export function SignIn({ farewell }: { readonly farewell: Farewell | undefined }) {
  const words = currentWords();
  const [email, setEmail] = useState(farewell && farewell.reason !== "signedOut" ? farewell.user.Email : "");
  const [password, setPassword] = useState("");
  const [failure, setFailure] = useState("");
  const [isBusy, setBusy] = useState(false);
  const signIn = async () => {
    setBusy(true);
    try {
      signedInAs(await call("session/start", { Email: email.trim(), Password: password }));
    } catch (error) {
      const status = error instanceof Refusal ? error.status : undefined;
      setFailure(status === 401 ? words.signInWrong : status === 429 ? words.signInTooMany : refusalText(error));
      setBusy(false);
    }
  };
  return (
    <EntryPage title={words.signInTitle} hint={hintOf(words, farewell)}>
      <Form onSubmit={signIn}>
        <TextField
          label={words.email}
          type="email"
          autocomplete="username"
          maxLength={254}
          value={email}
          onInput={setEmail}
        />
        <PasswordField label={words.password} value={password} onInput={setPassword} />
        <Failure text={failure} />
        <button type="submit" class="button button-primary button-large" disabled={isBusy}>
          {words.signIn}
        </button>
      </Form>
    </EntryPage>
  );
}

function hintOf(words: Words, farewell: Farewell | undefined): string {
  if (!farewell) return words.signInHint;
  const begun = farewell.reason === "signedOut" ? words.signInHint : words.sessionEnded;
  return farewell.unsent > 0 ? `${begun} ${words.unsentKept(farewell.unsent, farewell.user.Name)}` : begun;
}
