import { type DemoLanguage, scriptsOf } from "../../demo/demo-language.ts";

export const hungarian: DemoLanguage = {
  code: "hu",
  isFamilyNameFirst: true,
  people: [
    ["Boglárka Csilla Emőke Gyöngyi Hajnalka Piroska Tünde", "Almási Bakonyi Cserháti Dallos Erdélyi Füredi"],
    ["Ákos Botond Csongor Dezső Gergő Levente Zsombor", "Gyulai Harmath Kenyeres Lovas Mezei Szendrey"],
  ],
  hello: ["Jó napot kívánok!", "Üdvözlöm,", "Sziasztok!", ""],
  regards: ["", "", "Üdvözlettel:\n{guest}", "Köszönettel:\n{guest}", "Előre is köszönöm!"],
  dear: ["Kedves {guest}!", "Jó napot kívánunk!", "Köszönjük az üzenetét."],
  yours: ["", "", "Üdvözlettel:\n{me}\n{property}", "Szép napot kíván:\n{me}"],
  thanks: ["Köszönöm szépen!", "Szuper, köszi 😊", "Rendben, köszönjük!", "Nagyon kedvesek, köszönjük!", "👍"],
  welcome: ["Nagyon szívesen!", "Szívesen, jó utat!", "Bármikor 😊"],
  scripts: scriptsOf(`
# late: Késői érkezés | Éjfél után érkezünk
> Késik a vonatunk, csak {late} körül érünk oda. Lesz még valaki a recepción?
< Ne aggódjon, a recepció éjjel-nappal nyitva van, a szoba megvárja Önöket. A pályaudvarról éjszakai busz is jár.
> Lehet még ilyenkor valamit enni?
< A konyha már zárva lesz, de készítünk be a szobába egy hidegtálat.
# parking: Parkolás | Van parkoló?
> Van parkolójuk, és mennyibe kerül egy éjszakára?
< A szomszédos garázsban {parking} egy éjszaka. Érdemes előre foglalni: {link}/parkolas
> Kérünk egy helyet. Érkezés: {date}, távozás: {until}.
< Lefoglaltuk, a sorompónál csengessenek.
# early: Korai bejelentkezés | Délelőtt is jöhetünk?
> Már {early}-kor a városban leszünk ({date}). Elfoglalhatjuk a szobát korábban?
< Mindent megteszünk, de csak aznap reggel tudjuk biztosan megmondani. A csomagokat addig is szívesen megőrizzük.
# invoice: Céges számla | Számla módosítása
> A {code} számú foglalásról cégnévre szeretnénk számlát kérni:

Kerekes és Lánya Bt.
Fő utca 9.
Felsőtarján

Az adószámot már megadtuk.
< A javított számla itt tölthető le: {link}/szamla/{code}
> Az irányítószám lemaradt róla.
< Elnézést, pótoltuk. Ugyanott találja.
# lost: Ottfelejtett tárgy | Elveszett sál ({room})
> A szobában ({room}) maradt egy piros kötött sál. Megtalálták?
< Igen, itt van nálunk a recepción. Elküldjük postán, vagy bejönnek érte?
> Holnap délután beugrunk érte. Köszönöm!!
# cot: Kiságy | Babával érkezünk
> Egy hét hónapos babával érkezünk. Tudnak kiságyat adni?
< Természetesen, díjmentesen. Kiskádat és cumisüveg-melegítőt is teszünk a szobába.
# allergy: Laktózmentes reggeli | Ételallergia
> A férjem laktózérzékeny, én gluténmentesen étkezem. Nehéz eset vagyunk 😅 Mit tudunk reggelizni?
< Egyáltalán nem nehéz eset! Laktózmentes tej és joghurt mindig van, a gluténmentes péksüteményt külön csomagolva visszük az asztalhoz.
# aircon: Nem működik a klíma | Meleg van a szobában ({room})
> A klíma a szobában ({room}) nem hűt, a gyerekek nem tudnak elaludni. Kérem, küldjenek valakit!
< Elnézést kérünk, a karbantartó kolléga öt percen belül ott van.
> Megjavította, csodás. Köszönjük!
# noise: Zaj | Hangos szomszédok
> {now} van, és a szomszéd szobában üvölt a tévé. Kopogtunk, hiába.
< Elnézést kérünk. Szóltunk nekik, és lehalkították. Ha mégis zavarná, a 9-es melléken azonnal segítünk.
# flowers: Meglepetés évfordulóra | Virág a szobába
> {date} lesz a tizedik házassági évfordulónk. Tudnának egy csokor fehér rózsát tenni a szobába?
< Gratulálunk! A csokor ott lesz, és egy üveg pezsgővel is kedveskedünk 🥂 Hallgatunk, mint a sír.
# extend: Hosszabbítás | Még egy éjszaka
> Maradhatnánk még egy éjszakát?
< Igen, a szoba szabad, az ár változatlan. Meghosszabbítsam?
> Igen, kérem.
< Megtörtént, a kártyáik is érvényesek.
# pets: Kutyával jöhetünk? | Kutyabarát szálloda?
> Jöhetünk kutyával? Kistestű, nem ugat, csak néz.
< Szívesen látjuk! Fekhelyet és tálat készítünk be.
# spa: Masszázs | Wellness foglalás
> Van még szabad időpont masszázsra? Nap: {date}, lehetőleg este.
< 17:30 vagy 19:00. Melyik legyen?
> 19:00
< Felírtuk. A többi kezelés itt van: {link}/spa
# charge: Téves terhelés | Kétszer vonták le
> Kétszer vontak le {amount} összeget a kártyámról. Kérem, sürgősen utalják vissza.
< Igaza van, a mi hibánk volt. A visszautalás elindult, két-öt munkanap alatt érkezik meg. Elnézését kérjük.
# checkout: Késői kijelentkezés | Szoba {out}-ig?
> Maradhatunk a szobában {out}-ig?
< Persze, felár nélkül.
`),
};
