/** Languages that are written in letters of their own. */
const scripts: readonly (readonly [code: string, letters: RegExp])[] = [
  ["ar", /\p{Script=Arabic}/gu],
  ["he", /\p{Script=Hebrew}/gu],
  ["uk", /\p{Script=Cyrillic}/gu],
  ["ja", /\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Han}/gu],
];

/** Words that are common in one language and hardly seen in the others. */
const commonWords: Readonly<Record<string, string>> = {
  en: "the and is are was were have has had with you your for from please thanks thank hello this that there would could can what when where we our my not will they of to it's i'm",
  de: "und der die das es sie als war wurde jetzt aber dann doch hier um dem den ist sind wir nicht ein eine mit für auf wie bitte danke hallo haben hat ich mein unser kann können noch gibt auch sehr guten uns zum zur bei oder",
  fr: "le les des est sont nous vous pas une avec pour bonjour merci sur dans que qui mon notre je il elle très plus avons pouvez du au bonsoir s'il plaît chambre",
  es: "el los las es son nosotros usted no una con para hola gracias por favor que mi nuestro muy más tenemos pueden del al buenas buenos está hay habitación desde pero",
  cs: "je jsme jsou není prosím děkuji děkujeme dobrý den máme můžete jak na se že pro ale nebo ještě také pokoj pokoje pokoji bude byla bylo už jsem dobrou",
  it: "il gli è sono siamo non con per ciao grazie prego che mio nostro molto abbiamo potete della nel buongiorno buonasera camera anche perché vorrei",
  nl: "het een zijn wij niet met voor hallo dank alstublieft graag mijn onze heeft hebben kunnen ook nog goedemorgen goedemiddag kamer maar wat",
  pt: "os não uma com para olá obrigado obrigada nosso muito temos podem você quarto também está boa bom gostaria",
  hu: "az és nem van vagyunk kérem köszönöm szeretnénk hogy meg jó napot estét szoba lehet még csak",
  pl: "jest nie się dzień dobry proszę dziękuję dziękujemy mamy czy jak pokój pokoju dla nasz mój już bardzo",
};
const languagesOf = new Map<string, string[]>();
for (const [code, words] of Object.entries(commonWords)) {
  for (const word of words.split(" ")) languagesOf.set(word, [...(languagesOf.get(word) ?? []), code]);
}

/**
 * The language of a text as far as it can be told, as in `de`; nothing for a few words or none.
 * @param likely  what the guest wrote in before: it takes more than one word to think otherwise
 */
export function guessLanguage(text: string, likely?: string): string | undefined {
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  const own = scripts.find(([, pattern]) => (text.match(pattern)?.length ?? 0) > letters / 2);
  if (own) return own[0];

  const scores = new Map<string, number>(likely === undefined ? [] : [[likely, 1]]);
  for (const word of text.toLowerCase().match(/[\p{L}’']+/gu) ?? []) {
    const codes = languagesOf.get(word.replace("’", "'")) ?? [];
    // A word of several languages says less.
    for (const code of codes) scores.set(code, (scores.get(code) ?? 0) + 1 / codes.length);
  }
  const [best, next] = [...scores].sort((a, b) => b[1] - a[1]);
  return best && best[1] > (next?.[1] ?? 0) ? best[0] : undefined;
}
