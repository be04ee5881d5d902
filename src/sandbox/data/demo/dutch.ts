import { type DemoLanguage, scriptsOf } from "../../demo/demo-language.ts";

export const dutch: DemoLanguage = {
  code: "nl",
  people: [
    [
      "Anneloes Femke Geertje Hilde Lieke Marloes Roosmarijn",
      "Achterberg Boomgaard Duinker Eikelboom Hoogland Kuipers",
    ],
    ["Bram Diederik Gijs Joost Maarten Sjoerd Wouter", "Lindeman Mulderij Noordhoek Postma Schutte Zandstra"],
  ],
  hello: ["Goedendag,", "Hallo,", "Beste mensen,", "Hoi!", ""],
  regards: ["", "", "Met vriendelijke groet,\n{guest}", "Groetjes,\n{guest}", "Alvast bedankt!"],
  dear: ["Beste {guest},", "Dank voor uw bericht.", "Hallo {guest},"],
  yours: ["", "", "Hartelijke groet,\n{me}\n{property}", "Tot gauw in {city},\n{me}"],
  thanks: ["Bedankt!", "Top, dank je wel 😊", "Fijn, tot dan!", "Heel erg bedankt voor de moeite", "👍"],
  welcome: ["Graag gedaan!", "Geen dank, goede reis!", "Altijd welkom 😊"],
  scripts: scriptsOf(`
# late: Late aankomst | Aankomst na middernacht
> Onze vlucht {flight} heeft vertraging, we landen pas om {late}. Is er dan nog iemand bij de receptie?
< Geen zorgen, de receptie is dag en nacht open en uw kamer blijft gewoon gereserveerd. De nachtbus stopt voor de deur.
> Heerlijk. Kunnen we dan nog ergens iets eten?
< Wij zetten wat broodjes en fruit op de kamer klaar.
# parking: Parkeren | Parkeerplaats met laadpaal
> Kunnen we bij jullie parkeren, liefst met laadpaal?
< In de garage hiernaast, {parking} per nacht, met zes laadpunten. Reserveren is verstandig: {link}/parkeren
> Graag van {date} tot {until}.
< Staat genoteerd, plek 3.
# early: Vroeg inchecken | Eerder op de kamer?
> We zijn er op {date} al om {early}. Kunnen we dan op de kamer?
< We doen ons best, maar weten het pas die ochtend zeker. De koffers kunnen sowieso bij ons staan en de koffie is klaar ☕
# invoice: Factuur op bedrijfsnaam | Factuur
> Kunt u de factuur van boeking {code} op naam van ons bedrijf zetten?

Windkracht Zeilmakerij B.V.
Havendijk 21
Oosterhaven

Graag met het btw-nummer dat ik eerder doorgaf.
< De aangepaste factuur staat hier: {link}/factuur/{code}
# lost: Vergeten dagboek | Gevonden voorwerp kamer {room}?
> Mijn dochter heeft haar dagboek laten liggen in kamer {room}. Paars, met een slotje. Ze is in alle staten: NIEMAND mag het lezen.
< Gevonden! Het slotje zit dicht, de sleutel hebben we niet, en het ligt in een verzegelde envelop in de kluis. Erewoord.
> Ze kan weer ademhalen 😂 Kunnen jullie het opsturen?
< Gaat vandaag aangetekend de deur uit.
# cot: Babybedje | Reizen met een baby
> Is er een campingbedje voor een baby van zes maanden?
< Ja, gratis, met lakentjes. Er is ook een kinderstoel bij het ontbijt.
# allergy: Veganistisch ontbijt | Vraag over het ontbijt
> Is er bij het ontbijt genoeg te eten voor een veganist, of wordt het weer droge toast?
< Geen droge toast! Hummus, havermout, gegrilde groente, fruit en drie soorten plantaardige melk. Onze kok bakt op verzoek bananenpannenkoeken.
> Bananenpannenkoeken. Verkocht.
# transfer: Vervoer vanaf {airport} | Taxi regelen
> Kunnen jullie een taxi vanaf {airport} regelen? We landen om {late}, met z'n vieren en een rolstoel (opvouwbaar).
< Dat kan, voor {transfer}. De chauffeur helpt met de rolstoel en wacht met een bordje in de aankomsthal.
> Doen we.
# aircon: Verwarming gaat niet uit | Verwarming kamer {room}
> De verwarming in {room} staat op standje sauna en gaat niet uit. Kan er iemand komen?
< Sorry! De technische dienst is over tien minuten bij u.
> Opgelost, hij had het zo gevonden.
# noise: Geluidsoverlast | Lawaai op de gang
> Het is {now} en er wordt hiernaast geklust of verhuisd, ik weet het niet, maar wij willen slapen!
< Excuses. Een collega is erheen en het is nu stil. Wilt u toch liever een andere kamer, dan regelen we dat meteen.
# flowers: Verrassing voor jubileum | Bloemen op de kamer
> Mijn ouders zijn op {date} vijftig jaar getrouwd en slapen bij jullie. Kunnen wij als kinderen een bos bloemen laten neerzetten?
< Wat een feest! Dat doen we graag. Wat mag er op het kaartje?
> "Voor het mooiste stel dat we kennen. De hele bende."
< Prachtig. Komt helemaal goed 💐
# extend: Verblijf verlengen | Nachtje langer
> Kunnen we een nachtje langer blijven, tot {until}?
< Ja hoor, zelfde kamer en prijs. Zal ik het aanpassen?
> Graag
< Gedaan.
# cyclists: Fietsen stallen | Fietsgroep van 12
> Wij komen met twaalf fietsers. Is er een afgesloten stalling?
< Jazeker, met stopcontacten en gereedschap. We zijn tenslotte in Nederland, of doen in elk geval alsof 😉
# charge: Verkeerd bedrag | Dubbel afgeschreven
> Er is {amount} dubbel afgeschreven. Dit is de tweede keer dat ik mail, graag NU actie.
< U heeft gelijk, en excuses dat het eerste bericht bleef liggen. Het bedrag is net teruggestort.
# dinner: Restauranttip | Waar kunnen we eten?
> Tip voor een leuk restaurant op loopafstand?
< {restaurant}, zes minuten lopen. Zullen we reserveren?
> 19.00 uur, 2 personen
< Geregeld. Eet smakelijk!
`),
};
