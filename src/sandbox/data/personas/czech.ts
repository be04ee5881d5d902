import { type PersonaLanguage, topicsOf } from "../../autopilot/persona-language.ts";

export const czechPersonas: PersonaLanguage = {
  code: "cs",
  voices: {
    warm: {
      dear: ["Dobrý den, {guest}, moc rádi o Vás slyšíme!", "Dobrý den, {guest}! Děkujeme, že nám píšete."],
      yours: ["Brzy na viděnou 😊\n{me}", "Srdečně zdravíme všichni\n{me}"],
    },
    brisk: { dear: [""], yours: [""] },
    formal: {
      dear: ["Dobrý den, {guest},", "Vážený hoste, {guest},\n\nděkujeme za Vaši zprávu."],
      yours: ["S pozdravem\n{me}\n{property}", "S úctou\n{me}\n{property}"],
    },
    clumsy: {
      dear: ["Dobrý den, {guest}, pardon, odesláno moc brzy.", "Ahoj, tedy dobrý den, {guest}!"],
      yours: ["Pá!! {me}"],
    },
  },
  topics: topicsOf(`
# arrival: příjezd\\w*|přije\\w*|přilet\\w*|dorazí\\w*|pozdě\\w*|půlnoc\\w*|let\\b|letadl\\w*|recepc\\w*|zpoždě\\w*|check.?in
- Recepce je otevřená celou noc. Stačí zazvonit.
- Pokoj Vám držíme.
+ Na recepci je někdo celou noc a pokoj na Vás počká, ať dorazíte kdykoli. Kdyby byly dveře zavřené, zazvoňte prosím vlevo.
+ Pozdní hodinou se netrapte: noční recepční zná Vaše jméno a klíč má připravený.
# departure: odjezd\\w*|odjíž\\w*|odjed\\w*|check.?out|taxi\\w*|brzy ráno|odlet\\w*
- Poznamenáno. Klíč prosím do schránky u dveří.
- Taxi objednáno, snídaně s sebou bude na recepci.
+ Vůbec to nevadí. Účet a balíček se snídaní budou na recepci a taxi bude stát před domem.
+ Noční recepční o tom ví. Kdyby tam chvíli nikdo nebyl, hoďte prosím klíč do schránky u dveří.
# allergy: alergi\\w*|celiak\\w*|lepek|lepk\\w*|bezlepk\\w*|ořech\\w*|ořeš\\w*|arašíd\\w*|sezam\\w*|laktóz\\w*|adrenalin\\w*
- Kuchyň to má písemně. Řekněte to prosím i u stolu.
- Připraví se zvlášť. Seznam složek je u bufetu.
+ Děkujeme, že to říkáte včas. Kuchyň to má písemně a všechno Vám připraví zvlášť, na vlastním prkénku a vlastním nožem. U stolu se nám prosím připomeňte, ať Vás poznáme.
+ Ke každému jídlu máme seznam složek. Šéfkuchařka s Vámi ráno u stolu všechno projde.
# breakfast: snída\\w*|bufet\\w*|káv\\w*|vajíč\\w*
- Snídaně je od 7:00 do 10:30.
- V zahradním salonku, od 7:00.
+ Snídaně se podává od 7:00 do 10:30 v zahradním salonku, o víkendu do 11:00. Jedete-li dřív, rádi Vám ji zabalíme.
+ Najdete nás v zahradním salonku od 7:00. Čaj, káva i něco teplého jsou v ceně.
# noise: hluk\\w*|hlučn\\w*|večír\\w*|mejdan\\w*|hudb\\w*|spát|nespí\\w*|řv\\w*|křič\\w*|klid\\w*|vrta\\w*|bubn\\w*|chráp\\w*
- Už jdu nahoru.
- Domluvili jsme jim. Chcete jiný pokoj?
+ Mrzí nás, že nemůžete spát. Kolega je právě na cestě k jejich dveřím; napište nám prosím za deset minut, jestli je klid.
+ To se nesmí stávat. Budete-li chtít, hned Vás přestěhujeme do pokoje do dvora a věci Vám přeneseme.
# wifi: wi.?fi\\w*|internet\\w*|hesl\\w*|sí[tť]\\b|připoj\\w*|router\\w*
- Heslo je na klíčové kartě.
- Restartováno. Zkuste to za dvě minuty.
+ Síť se jmenuje jako dům a heslo je na zadní straně klíčové karty. Kdyby to nešlo, rádi přijdeme pomoct.
+ Právě jsme restartovali přístupový bod na Vašem patře. Za dvě minuty by to mělo běžet rychle.
# invoice: faktur\\w*|účet|účt\\w*|dph\\b|ičo\\b|dič\\b|strž\\w*|firm\\w*|vrá(?:tit|cení)|plat(?:ba|it|by)\\w*
- Opravená faktura odeslána.
- Posláno v PDF na adresu z rezervace.
+ Fakturu jsme podle Vašeho přání opravili a poslali v PDF na adresu z rezervace. Původní je stornovaná.
+ Účtárna to prověřila a máte pravdu. Opravu uvidíte na kartě do tří pracovních dnů.
# lost: ztra\\w*|zapomn\\w*|nechal\\w*|tašk\\w*|kufr\\w*|batoh\\w*|zavazadl\\w*|našl\\w*|chyb[íě]\\w*
- Našlo se. Je to v trezoru.
- Hledáme. Napíšu do hodiny.
+ Podívali jsme se a je to tady: v trezoru, s Vaším jménem. Máme to schovat, nebo poslat?
+ Pokojské právě hledají a volali jsme i taxislužbě. Do hodiny Vám napíšeme.
# parking: parkov\\w*|garáž\\w*|aut[oaeu]m?\\b|nabíje\\w*
- Garáž vedle, místo 12.
- Rezervováno. U závory zazvoňte.
+ Garáž je hned vedle. Jedno místo jsme Vám nechali stranou; u závory zazvoňte a otevře se.
# group: skupin\\w*|osob\\w*|pokojů|autobus\\w*|sbor\\w*|svatb\\w*|konferenc\\w*|tým\\w*|je nás
- Všichni na jednom patře. Pošlete seznam.
- Ano. Jména prosím do pátku.
+ To nás těší! Všechny Vás ubytujeme ve druhém patře. Pošlete nám prosím seznam jmen a kdo s kým bydlí.
+ Poznamenáno. Autobus může před domem stát dvacet minut a dlouhý stůl u snídaně je Váš.
# complaint: stížn\\w*|stěžov\\w*|nepřijateln\\w*|ostud\\w*|hrůz\\w*|špín\\w*|špinav\\w*|rozbit\\w*|nefung\\w*|neteč\\w*|studen\\w*|vedouc\\w*|ředitel\\w*|recenz\\w*|nikdy víc|naštva\\w*
- Máte pravdu. Vedoucí Vám hned zavolá.
- Omlouváme se. Jiný pokoj je připravený.
+ Máte pravdu a omlouváme se. Vedoucí směny o tom ví a do pěti minut Vám zavolá na pokoj.
+ Takhle to u nás být nemá. Rádi bychom to dnes napravili: jiný pokoj je připravený a minulá noc je na nás.
# thanks: děkuj\\w*|díky|dík\\b|skvěl\\w*|super|výborn\\w*|paráda
- Rádo se stalo.
- Kdykoli.
+ Rádo se stalo!
+ S radostí. Kdyby ještě něco, jsme tady.
# emoji:
- 👍
- Jdu na to 👍
+ Myslím, že Vám rozumím 😊 Máme přijít, nebo zavolat?
+ 🙏 To nepotřebuje slova. Postaráme se o to.
# letter:
- Přečteno do konce. Děkujeme. Vše poznamenáno.
+ Děkujeme za Váš dopis. Přečetli jsme ho do konce, dvakrát, a koluje mezi námi. Všechno, oč žádáte, je zařízeno; zbytek si schováme.
# question:
- Moment, zeptám se.
- Ano, to půjde.
+ To je dobrá otázka. Kolegyně o tom ví víc a do hodiny Vám odpoví.
+ Myslíme, že ano, ale raději se přesvědčíme. Brzy se ozveme.
# other:
- Poznamenáno. Postarám se.
- Hotovo.
+ Děkujeme, že nám to říkáte. Postaráme se o to a brzy Vám napíšeme.
+ Zapsali jsme to pro všechny, aby se Vás už nikdo nemusel ptát.
`),
};
