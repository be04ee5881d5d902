import type { SignedIn } from "../../../src/protocol/staff/account.ts";
import { currentWords } from "../words/words.ts";
import { EntryPage } from "./entry-page.tsx";
import type { Farewell } from "./farewell.ts";
import { findSession, session } from "./session.ts";

interface OtherPersonProps {
  readonly farewell: Farewell;
  readonly present: SignedIn;
}

/** Says that somebody else has signed in in this browser, to the person whose tab this was. */
export function OtherPerson({ farewell, present }: OtherPersonProps) {
  const words = currentWords();
  const { user, unsent } = farewell;
  const { Id, Name } = present.User;
  return (
    <EntryPage title={words.otherPersonTitle} hint={words.otherPersonHint(Name)}>
      {unsent > 0 && (
        <p class="entry-hint" role="status">
          {words.unsentKept(unsent, user.Name)}
        </p>
      )}
      <div class="entry-choices">
        <button type="button" class="button button-primary button-large" onClick={() => void findSession(Id)}>
          {words.continueAs(Name)}
        </button>
        <button
          type="button"
          class="button button-large"
          onClick={() => {
            session.value = { state: "out", farewell };
          }}
        >
          {words.signInAs(user.Name)}
        </button>
      </div>
    </EntryPage>
  );
}
