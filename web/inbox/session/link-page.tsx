import { useEffect, useState } from "preact/hooks";
import { Form } from "../../shared/form.tsx";
import { Refusal } from "../../shared/refusal.ts";
import { formRefusalText, refusalText } from "../actions.ts";
import { call } from "../api.ts";
import { PasswordField, TextField } from "../forms/field.tsx";
import { Failure } from "../forms/form.tsx";
import { place } from "../place.ts";
import type { OutputOf } from "../wire.ts";
import { currentWords } from "../words/words.ts";
import { EntryPage } from "./entry-page.tsx";
import { signedInAs } from "./session.ts";
import { TryAgain } from "./try-again.tsx";

type Link = OutputOf<"links/get">;

interface LinkPageProps {
  readonly onDone: () => void;
}

/** Where a one-time link leads: its token stands behind the # and so in no log. */
export function LinkPage({ onDone }: LinkPageProps) {
  const words = currentWords();
  const [token] = useState(() => location.hash.slice(1));
  const [link, setLink] = useState<Link | "bad">();
  /** Why the link could not be looked at; it may be good all the same. */
  const [trouble, setTrouble] = useState("");
  const look = async () => {
    setTrouble("");
    try {
      setLink(await call("links/get", { Token: token }));
    } catch (error) {
      if (error instanceof Refusal && error.isPassing) setTrouble(refusalText(error));
      else setLink("bad");
    }
  };
  useEffect(() => void look(), []);

  if (trouble) return <TryAgain trouble={trouble} onRetry={() => void look()} />;
  if (link === undefined) return <EntryPage title="Innbox" hint={`${words.loading}…`} />;
  if (link !== "bad") return <UseLink token={token} link={link} onDone={onDone} />;
  return (
    <EntryPage title={words.linkBad} hint={words.linkBadHint}>
      <a class="button button-large" href="/inbox">
        {words.signIn}
      </a>
    </EntryPage>
  );
}

interface UseLinkProps extends LinkPageProps {
  readonly token: string;
  readonly link: Link;
}

/** Asks for what the link is for, and signs in with it. */
function UseLink({ token, link, onDone }: UseLinkProps) {
  const words = currentWords();
  const [name, setName] = useState(link.Name ?? "");
  const [email, setEmail] = useState(link.Email ?? "");
  const [password, setPassword] = useState("");
  const [failure, setFailure] = useState("");
  const [isBusy, setBusy] = useState(false);
  const use = async () => {
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
      setFailure(formRefusalText(error));
      setBusy(false);
    }
  };
  return (
    <EntryPage title={words.linkTitles[link.Purpose]} hint={words.linkHints[link.Purpose]}>
      <Form onSubmit={use}>
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
          <HiddenEmail email={email} />
        )}
        <PasswordField label={words.newPassword} value={password} onInput={setPassword} isNew />
        <Failure text={failure} />
        <button type="submit" class="button button-primary button-large" disabled={isBusy}>
          {words.linkButton}
        </button>
      </Form>
    </EntryPage>
  );
}

/** For the browser's password manager, which keeps a password together with the name that stands before it. */
function HiddenEmail({ email }: { readonly email: string }) {
  return (
    <input
      type="email"
      class="visually-hidden"
      autocomplete="username"
      readOnly
      tabIndex={-1}
      aria-hidden="true"
      value={email}
    />
  );
}
