import { redactionOf } from "../../../client/src/redaction.ts";
import { slicesOf } from "../../../client/src/slices.ts";
import { duration } from "../../../src/core/duration.ts";
import { withoutTokens } from "../../../src/core/tokens.ts";
import { readRetryAfter } from "../../../src/delivery/webhooks/retry-schedule.ts";
import { readBody } from "../../../src/http/body/json-body.ts";
import { jsonDigest } from "../../../src/http/body/json-digest.ts";
import { cookieIn } from "../../../src/http/cookies.ts";
import { networkOf } from "../../../src/http/network.ts";
import { publicOrigin } from "../../../src/http/origin.ts";
import { firstWords } from "../../../src/messaging/summary.ts";
import { addMessageThread } from "../../../src/protocol/connector/message-threads.ts";
import { addMessages } from "../../../src/protocol/connector/messages.ts";
import { parseDateTime, secondOf } from "../../../src/protocol/date-time.ts";
import { emailOf } from "../../../src/protocol/email.ts";
import { isSandboxName } from "../../../src/protocol/sandbox/sandbox-values.ts";
import type { TrafficEntry } from "../../../src/protocol/sandbox/traffic.ts";
import { checkOf } from "../../../src/protocol/validation.ts";
import { conductOf } from "../../../src/rehearsal/conduct.ts";
import { parseObject } from "../../../src/rehearsal/json-object.ts";
import { readLog } from "../../../src/rehearsal/recorded-log.ts";
import { rules } from "../../../src/rehearsal/rules.ts";
import { guessLanguage } from "../../../src/sandbox/autopilot/guest-language.ts";
import { personaLanguage, personaLanguageCodes } from "../../../src/sandbox/autopilot/persona-language.ts";
import { newConversation, personaReply, personas } from "../../../src/sandbox/autopilot/personas.ts";
import { demoRandom } from "../../../src/sandbox/demo/demo-random.ts";
import { isCutText } from "../../../src/sandbox/traffic/kept-body.ts";
import { beginningOf, excerptOf } from "../../../src/staff/search/excerpt.ts";
import { parseSearch } from "../../../src/staff/search/query.ts";
import { parsePosition } from "../../../src/store/log/position.ts";
import { tsvectorText } from "../../../src/store/search/terms.ts";
import * as searchWords from "../../../src/store/search/words.ts";
import { slashBefore } from "../../../web/inbox/saved-replies/slash.ts";
import { linked } from "../../../web/inbox/thread/links.ts";
import { foldedBeginning } from "../../../web/inbox/thread/long-text.ts";
import { asCurl, asTypeScript } from "../../../web/sandbox/traffic/copy-as.ts";
import { piecesOf, prettyBody } from "../../../web/sandbox/traffic/json-text.ts";
import * as plain from "../../../web/shared/plain-text.ts";

/** A function that reads text from outside, and how to have it read one. */
export interface TextFunction {
  readonly file: string;
  readonly name: string;
  readonly read: (text: string) => unknown;
}

const id = "8d02142f-31cf-4115-90bf-ae5200c7a1ba";
const tokens = { ClientToken: "a", AccessToken: "b", Client: "c" };
const checkMessages = checkOf(addMessages.input);
const checkThread = checkOf(addMessageThread.input);
const [warm] = personas;
const entry: TrafficEntry = {
  Number: 1,
  Kind: "Request",
  StartedUtc: "2026-05-05T20:12:03.250Z",
  Milliseconds: 2.4,
  Client: "Client 1",
  ClientName: "Sample Client 1.0.0",
  Operation: "enterprises/getAll",
  Method: "POST",
  Address: "/api/connector/v1/enterprises/getAll",
  RequestHeaders: { "content-type": "application/json" },
  RequestBody: "{}",
  Status: 400,
  ResponseHeaders: {},
  ResponseBody: "{}",
  Error: null,
  Fault: null,
  DeliveryId: null,
};
const facts = { guest: "Ada", property: "The Grand", me: "Bo", propertyLanguage: "en-US" };

function inLog(changed: object) {
  return conductOf([{ ...entry, ...changed }], 0);
}

function row(file: string, name: string, read: (text: string) => unknown): TextFunction {
  return { file, name, read };
}

/** Every function of the server, of its pages and of the client that reads what guests and partners write. */
export const textFunctions: readonly TextFunction[] = [
  row("web/inbox/thread/links.ts", "linked", linked),
  row("web/inbox/thread/long-text.ts", "foldedBeginning", foldedBeginning),
  row("web/shared/plain-text.ts", "isolated", plain.isolated),
  row("web/shared/plain-text.ts", "beginning", (text) => plain.beginning(text, 160)),
  row("web/shared/plain-text.ts", "initials", plain.initials),
  row("web/shared/plain-text.ts", "bucketOf", (text) => plain.bucketOf(text, 12)),
  row("web/shared/plain-text.ts", "folded", plain.folded),
  row("web/inbox/saved-replies/slash.ts", "slashBefore", (text) => slashBefore(text, text.length)),
  row("web/sandbox/traffic/json-text.ts", "prettyBody", (text) => prettyBody(text)),
  row("web/sandbox/traffic/json-text.ts", "piecesOf", (text) => piecesOf(`{"${text}`)),
  row("web/sandbox/traffic/copy-as.ts", "asCurl", (text) =>
    asCurl({ ...entry, RequestBody: text }, "http://localhost"),
  ),
  row("web/sandbox/traffic/copy-as.ts", "asTypeScript", (text) => {
    asTypeScript({ ...entry, RequestBody: JSON.stringify({ ...tokens, text }) }, "http://localhost");
  }),

  row("src/protocol/validation.ts", "checkOf", (Text) =>
    checkMessages({ ...tokens, Messages: [{ MessageThreadId: id, Text }] }),
  ),
  row("src/protocol/validation.ts", "checkOf", (name) =>
    checkThread({ ...tokens, OriginalSender: name, Subject: name }),
  ),
  row("src/protocol/date-time.ts", "secondOf", (text) => secondOf(`2022-03-03T00:00:00.${text}`)),
  row("src/protocol/date-time.ts", "parseDateTime", (text) => parseDateTime(`2022-03-03T00:00:00.${text}`)),
  row("src/core/duration.ts", "duration", duration),
  row("src/protocol/email.ts", "emailOf", (text) => emailOf(`a@${text}`)),
  row("src/protocol/sandbox/sandbox-values.ts", "isSandboxName", isSandboxName),
  row("src/store/log/position.ts", "parsePosition", parsePosition),
  row("src/delivery/webhooks/retry-schedule.ts", "readRetryAfter", (text) => readRetryAfter(text, 0)),
  row("src/http/body/json-body.ts", "readBody", (text) => readBody("application/json", Buffer.from(`{"a":"${text}`))),
  row("src/http/network.ts", "networkOf", networkOf),
  row("src/http/cookies.ts", "cookieIn", (text) => cookieIn(text, "ClientToken")),
  row("src/http/origin.ts", "publicOrigin", publicOrigin),
  row("src/http/body/json-digest.ts", "jsonDigest", (text) => jsonDigest({ text }, [])),
  row("src/core/tokens.ts", "withoutTokens", withoutTokens),
  row("src/messaging/summary.ts", "firstWords", firstWords),
  row("src/store/search/words.ts", "folded", searchWords.folded),
  row("src/store/search/words.ts", "wordsOf", searchWords.wordsOf),
  row("src/store/search/words.ts", "typedWords", (text) => searchWords.typedWords(text, true)),
  row("src/store/search/terms.ts", "tsvectorText", (text) => {
    const words = searchWords.wordsOf(text).map((word) => word.text);
    return tsvectorText(id, 0, { sender: [], subject: [], text: words });
  }),
  row("src/staff/search/query.ts", "parseSearch", parseSearch),
  row("src/staff/search/excerpt.ts", "excerptOf", (text) => excerptOf(text, new Set(["a", "http", "漢", "漢漢"]))),
  row("src/staff/search/excerpt.ts", "excerptOf", (text) => excerptOf(`${text} late`, new Set(["late"]))),
  row("src/staff/search/excerpt.ts", "beginningOf", beginningOf),

  row("src/sandbox/autopilot/guest-language.ts", "guessLanguage", (text) => guessLanguage(text)),
  row("src/sandbox/autopilot/personas.ts", "personaReply", (question) => {
    if (!warm) throw new Error("There is no persona.");
    const asked = { question, conversation: newConversation(), facts, languageCode: undefined };
    return personaReply(demoRandom(1), warm, asked);
  }),
  // Each has a hundred words to look for, so that a quarter of the text is enough.
  ...personaLanguageCodes.map((code) => {
    // Its file is read here: only what reads a guest's text is counted.
    const { topics } = personaLanguage(code);
    return row("src/sandbox/autopilot/personas.ts", `topics of ${code}`, (text) => {
      const part = text.slice(0, text.length / 4);
      return topics.map(({ words }) => part.match(words));
    });
  }),
  row("src/sandbox/traffic/kept-body.ts", "isCutText", isCutText),
  row("src/rehearsal/conduct.ts", "conductOf", (RequestBody) => inLog({ RequestBody })),
  row("src/rehearsal/json-object.ts", "parseObject", (text) => parseObject(`{"a":"${text}`)),
  row("src/rehearsal/recorded-log.ts", "readLog", readLog),
  row("src/rehearsal/rules.ts", "rules", (text) => {
    const conduct = inLog({ ClientName: text, RequestBody: text, ResponseBody: text, Address: text, Error: text });
    return rules.map((rule) => rule.judge(conduct));
  }),

  row("client/src/slices.ts", "slicesOf", (text) =>
    slicesOf({ StartUtc: `2022-03-03T00:00:00.${text}`, EndUtc: text }, 1),
  ),
  row("client/src/redaction.ts", "redactionOf", redactionOf(["secret", "aa"])),
];
