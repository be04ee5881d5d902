import assert from "node:assert/strict";
import { test } from "node:test";
import { mustBeHardToGuess } from "../../../src/staff/sign-in/password-rules.ts";

const alice = {
  names: ["Alice Straße"],
  email: "a.strasse@grand.example",
  propertyNames: ["Grand Hôtel", "Spa"],
};

for (const password of [
  "1234567890",
  "qwertyuiop",
  "password123",
  "Password123",
  "PASSWORD 123",
  "pass-word.123",
  "ｐａｓｓｗｏｒｄ123",
  "p a s s w o r d",
  "passwordpassword",
  "1q2w3e4r5t",
]) {
  test(`"${password}" is one of the commonest passwords`, async () => {
    await assert.rejects(mustBeHardToGuess("Password", password, alice), {
      kind: "invalid",
      message: /^Password is one of the passwords that are used most; .+\.$/,
    });
  });
}

for (const password of [
  "Alice Straße",
  "ALICE STRASSE 1990",
  "alice.alice.alice",
  "a.strasse@grand.example",
  "A.STRASSE 2026!",
  "Grand Hôtel",
  "grand ho\u0302tel 1",
  "strasse.grandhôtel",
  "SpaSpaSpa7777",
  "Hôtel Grand 2026",
  "grandgrand1",
  "strasse@example 1",
]) {
  test(`"${password}" is made of Alice's own names`, async () => {
    await assert.rejects(mustBeHardToGuess("NewPassword", password, alice), {
      kind: "invalid",
      message: /^NewPassword is made of your name, e-mail address or property's name; .+\.$/,
    });
  });
}

for (const password of [
  "correct horse battery",
  "alice likes green tea",
  "grand hotels need keys",
  "9081726354",
  "!?!?!?!?!?",
  "příliš žluťoučký kůň",
]) {
  test(`"${password}" is a good one`, async () => {
    await mustBeHardToGuess("Password", password, alice);
    await mustBeHardToGuess("Password", password, { names: ["", "X"], email: "", propertyNames: [] });
  });
}
