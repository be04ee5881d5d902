import { useEffect, useState } from "preact/hooks";
import { Refusal } from "../../shared/refusal.ts";
import { refusalText } from "../actions.ts";
import { call } from "../api.ts";
import { PasswordField, TextField } from "../dialogs/field.tsx";
import { place } from "../place.ts";
import type { OutputOf } from "../wire.ts";
import { currentWords } from "../words/words.ts";
import { EntryPage } from "./entry-page.tsx";
import { signedInAs } from "./session.ts";
import { TryAgain } from "./try-again.tsx";

/** Where a one-time link leads: its token stands behind the # and so in no log. */
export function LinkPage({ onDone }: { readonly onDone: () => void }) {
  const words = currentWords();
  const [token] = useState(() => location.hash.slice(1));
  const [link, setLink] = useState<OutputOf<"links/get"> | "bad">();
  /** Why the link could not be looked at; it may be good all the same. */
  const [trouble, setTrouble] = useState("");
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [failure, setFailure] = useState("");
  const [isBusy, setBusy] = useState(false);

  const look = async () => {
    setTrouble("");
    try {
      const found = await call("links/get", { Token: token });
      setLink(found);
      setName(found.Name ?? "");
      setEmail(found.Email ?? "");
    } catch (error) {
      if (error instanceof Refusal && error.isPassing) setTrouble(refusalText(error));
      else setLink("bad");
    }
  };
  useEffect(() => void look(), []);

  const use = async () => {
    if (!link || link === "bad") return;
    setBusy(true);
    try {
      const signedIn = await call("links/use", {
        Token: token,
        Password: password,
        ...(link.Purpose !== "Reset" && { Name: name }),
        ...(link.Purpose === "FirstOwner" && { Email: email }),
      });
      history.replaceState(null, "", "/inbox");
      place.value = { ...place.value, threadId: undefined };
      signedInAs(signedIn);
      onDone();
    } catch (error) {
      const isRefused = error instanceof Refusal && error.status === 400 && link.Purpose !== "FirstOwner";
      setFailure(isRefused ? words.passwordRefused : refusalText(error));
      setBusy(false);
    }
  };

  if (trouble) return <TryAgain trouble={trouble} onRetry={() => void look()} />;
  if (link === undefined) return <EntryPage title="Innbox" hint={`${words.loading}…`} />;
  if (link === "bad") {
    return (
      <EntryPage title={words.linkBad} hint={words.linkBadHint}>
        <a class="button button-large" href="/inbox">
          {words.signIn}
        </a>
      </EntryPage>
    );
  }
  return (
    <EntryPage title={words.linkTitles[link.Purpose]} hint={words.linkHints[link.Purpose]}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void use();
        }}
      >
        {link.Purpose !== "Reset" && (
          <TextField label={words.name} autocomplete="name" maxLength={100} value={name} onInput={setName} />
        )}
        {link.Purpose === "FirstOwner" ? (
          <TextField
            label={words.email}
            type="email"
            autocomplete="username"
            maxLength={254}
            value={email}
            onInput={setEmail}
          />
        ) : (
          <input
            type="email"
            class="visually-hidden"
            autocomplete="username"
            readOnly
            tabIndex={-1}
            aria-hidden="true"
            value={email}
          />
        )}
        <PasswordField label={words.newPassword} value={password} onInput={setPassword} isNew />
        {failure && (
          <p class="form-failure" role="alert">
            {failure}
          </p>
        )}
        <button type="submit" class="button button-primary button-large" disabled={isBusy}>
          {words.linkButton}
        </button>
      </form>
    </EntryPage>
  );
}
