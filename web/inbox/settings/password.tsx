import { useState } from "preact/hooks";
import { Form } from "../../shared/form.tsx";
import { Refusal } from "../../shared/refusal.ts";
import { formRefusalText } from "../actions.ts";
import { call } from "../api.ts";
import { PasswordField } from "../forms/field.tsx";
import { Failure } from "../forms/form.tsx";
import { say } from "../live/toasts.ts";
import { currentWords } from "../words/words.ts";

/** Changes the person's password, which ends their other sessions. */
export function Password() {
  const words = currentWords();
  const [oldPassword, setOld] = useState("");
  const [newPassword, setNew] = useState("");
  const [failure, setFailure] = useState("");
  const change = async () => {
    try {
      await call("password/change", { OldPassword: oldPassword, NewPassword: newPassword });
      setOld("");
      setNew("");
      setFailure("");
      say(words.passwordChanged);
    } catch (error) {
      const isOldWrong = error instanceof Refusal && error.status === 403;
      setFailure(isOldWrong ? words.oldPasswordWrong : formRefusalText(error));
    }
  };
  return (
    <section class="settings-group">
      <h3>{words.password}</h3>
      <Form onSubmit={change}>
        <div class="field-row">
          <PasswordField label={words.oldPassword} value={oldPassword} onInput={setOld} />
          <PasswordField label={words.newPassword} value={newPassword} onInput={setNew} isNew />
        </div>
        <Failure text={failure} />
        <button type="submit" class="button" disabled={!oldPassword || !newPassword}>
          {words.changePassword}
        </button>
      </Form>
    </section>
  );
}
