export interface DemoSavedReply {
  readonly enterpriseId: string;
  readonly shortcut: string;
  readonly languageCode: string;
  readonly text: string;
}

const texts: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  en: {
    late: "Dear {guest},\n\nour front desk is open all night, and your room is yours whatever the hour. Have a safe journey!\n\n{me}\n{property}",
    parking:
      "Dear {guest},\n\nthere is a garage right next to {property}. Its height is limited to 1.95 m. Shall we reserve a place for you?\n\n{me}",
    checkin:
      "Dear {guest},\n\nrooms are ready from 15:00. If you come earlier, we gladly keep your luggage, and your room will be among the first to be prepared.\n\n{me}",
    wifi: "Network: {property} Guest\nPassword: blue-teapot-42\n\n{me}",
    breakfast:
      "Dear {guest},\n\nbreakfast is from 7:00 to 10:30, at weekends until 11:00. Please tell us of any allergies, our kitchen will look after you.\n\n{me}",
    thanks: "Thank you, {guest}! It was a pleasure to have you with us.\n\n{me} and everyone at {property}",
  },
  de: {
    late: "Guten Tag {guest},\n\nunsere Rezeption ist die ganze Nacht besetzt, und Ihr Zimmer bleibt selbstverständlich reserviert. Gute Reise!\n\n{me}\n{property}",
    parking:
      "Guten Tag {guest},\n\ndirekt neben dem {property} gibt es eine Garage, die Einfahrt ist 1,95 m hoch. Sollen wir Ihnen einen Platz reservieren?\n\n{me}",
    checkin:
      "Guten Tag {guest},\n\ndie Zimmer sind ab 15 Uhr bereit. Kommen Sie früher, nehmen wir gern Ihr Gepäck, und Ihr Zimmer wird als eines der ersten vorbereitet.\n\n{me}",
    wifi: "Netz: {property} Guest\nPasswort: blue-teapot-42\n\n{me}",
    breakfast:
      "Guten Tag {guest},\n\nFrühstück gibt es von 7:00 bis 10:30 Uhr, am Wochenende bis 11:00 Uhr. Bitte sagen Sie uns, wenn Sie etwas nicht vertragen.\n\n{me}",
    thanks: "Vielen Dank, {guest}! Es war schön, dass Sie bei uns waren.\n\n{me} und alle im {property}",
  },
  hu: {
    late: "Kedves {guest}!\n\nA recepció egész éjjel nyitva van, a szoba megvárja Önt. Jó utat kívánunk!\n\n{me}\n{property}",
    parking: "Kedves {guest}!\n\nA szálloda mellett van garázs, a belmagasság 1,95 m. Foglaljunk Önnek helyet?\n\n{me}",
    checkin:
      "Kedves {guest}!\n\nA szobák 15 órától foglalhatók el. Ha korábban érkezik, a csomagját szívesen megőrizzük.\n\n{me}",
    wifi: "Hálózat: {property} Guest\nJelszó: blue-teapot-42\n\n{me}",
    breakfast:
      "Kedves {guest}!\n\nReggeli 7:00 és 10:30 között van, hétvégén 11:00-ig. Kérjük, jelezze, ha valamire allergiás.\n\n{me}",
    thanks: "Köszönjük, kedves {guest}! Öröm volt vendégül látni.\n\n{me}\n{property}",
  },
  cs: {
    late: "Dobrý den,\n\nrecepce je otevřená celou noc a pokoj na vás počká. Šťastnou cestu!\n\n{me}\n{property}",
    parking: "Dobrý den,\n\nhned vedle hotelu je garáž, výška vjezdu je 1,95 m. Máme vám zarezervovat místo?\n\n{me}",
    checkin: "Dobrý den,\n\npokoje jsou připravené od 15:00. Přijedete-li dříve, zavazadla vám rádi pohlídáme.\n\n{me}",
    wifi: "Síť: {property} Guest\nHeslo: blue-teapot-42\n\n{me}",
    breakfast:
      "Dobrý den,\n\nsnídaně je od 7:00 do 10:30, o víkendu do 11:00. Dejte nám prosím vědět o případných alergiích.\n\n{me}",
    thanks: "Děkujeme za návštěvu, bylo nám potěšením!\n\n{me}\n{property}",
  },
  nl: {
    late: "Beste {guest},\n\nonze receptie is de hele nacht open en uw kamer blijft gereserveerd. Goede reis!\n\n{me}\n{property}",
    parking:
      "Beste {guest},\n\nnaast {property} is een parkeergarage, de hoogte is 1,95 m. Zullen we een plek voor u reserveren?\n\n{me}",
    checkin:
      "Beste {guest},\n\nde kamers zijn klaar vanaf 15.00 uur. Bent u er eerder, dan passen wij graag op uw bagage.\n\n{me}",
    wifi: "Netwerk: {property} Guest\nWachtwoord: blue-teapot-42\n\n{me}",
    breakfast:
      "Beste {guest},\n\nhet ontbijt is van 7.00 tot 10.30 uur, in het weekend tot 11.00 uur. Laat het ons gerust weten als u ergens allergisch voor bent.\n\n{me}",
    thanks: "Dank u wel, {guest}! Het was fijn u te gast te hebben.\n\n{me} en iedereen van {property}",
  },
};

/** The enterprises of the demo world, with the language of the place. */
const localLanguages = {
  "851df8c8-90f2-4c4a-8e01-a4fc46b25178": "hu",
  "3fa85f64-5717-4562-b3fc-2c963f66afa6": "cs",
  "4d0201db-36f5-428b-8d11-4f0a65e960cc": "nl",
};

/** At each property the same shortcuts, in English, German and the language of the place. */
export const demoSavedReplies: readonly DemoSavedReply[] = Object.entries(localLanguages).flatMap(
  ([enterpriseId, local]) =>
    ["en", "de", local].flatMap((languageCode) =>
      Object.entries(texts[languageCode] ?? {}).map(([shortcut, text]) => ({
        enterpriseId,
        shortcut,
        languageCode,
        text,
      })),
    ),
);
