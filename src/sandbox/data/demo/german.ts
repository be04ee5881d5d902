import { type DemoLanguage, scriptsOf } from "../../demo/demo-language.ts";

export const german: DemoLanguage = {
  code: "de",
  people: [
    [
      "Annika Friederike Heike Jördis Katrin Mareike Svenja Ulrike",
      "Althoff Brinkmeier Dornbusch Eichler Gräfen Hüttner Lohse",
    ],
    [
      "Bastian Detlef Hannes Jochen Korbinian Lennart Rüdiger Volker",
      "Mühlbauer Niehaus Petersdorf Rösner Strobl Wittenborn Zöllner",
    ],
  ],
  hello: ["Guten Tag,", "Hallo,", "Sehr geehrte Damen und Herren,", "Hallo zusammen,", ""],
  regards: ["", "", "Mit freundlichen Grüßen\n{guest}", "Viele Grüße\n{guest}", "Vielen Dank im Voraus!"],
  dear: ["Guten Tag {guest}!", "Hallo {guest}!", "Vielen Dank für Ihre Nachricht."],
  yours: ["", "", "Herzliche Grüße\n{me}\n{property}", "Freundliche Grüße aus {city}\n{me}"],
  thanks: [
    "Vielen Dank!",
    "Super, danke 😊",
    "Perfekt, bis bald!",
    "Danke",
    "Top 👍",
    "Ganz herzlichen Dank, das ist sehr nett.",
  ],
  welcome: ["Sehr gern!", "Gern geschehen, gute Reise!", "Jederzeit 😊"],
  scripts: scriptsOf(`
# late: Späte Anreise | Ankunft nach Mitternacht | Zug verspätet
> unser Zug hat mal wieder Verspätung, wir sind wohl erst gegen {late} am Bahnhof. Ist dann noch jemand an der Rezeption?
< Keine Sorge, wir sind rund um die Uhr da, und Ihr Zimmer bleibt selbstverständlich reserviert. Vom Bahnhof fährt die Nachtlinie bis fast vor die Tür.
> Gibt es um die Zeit noch etwas zu essen?
< Die Küche ist dann geschlossen, aber wir stellen Ihnen gern eine kalte Platte aufs Zimmer. Vegetarisch oder mit Käse und Schinken?
> Mit allem, wir haben Hunger 😄
# parking: Parkplatz | Tiefgarage | Stellplatz mit Ladesäule
> haben Sie einen Parkplatz mit Lademöglichkeit für ein Elektroauto (Typ 2)? Und muss man reservieren?
< In der Garage nebenan gibt es sechs Plätze mit Ladesäule, {parking} pro Nacht, der Strom wird nach Verbrauch berechnet. Wir empfehlen, zu reservieren: {link}/parken
> Dann bitte einen Platz vom {date} bis {until}.
< Ist reserviert, Platz 4. Die Einfahrt ist links vom Hotel; bitte an der Schranke klingeln.
# early: Früher Check-in | Zimmer schon am Vormittag?
> wir kommen am {date} schon gegen {early} Uhr an. Können wir dann ins Zimmer?
< Wir geben unser Bestes, können es aber erst am Morgen selbst sagen. Ihr Gepäck nehmen wir auf jeden Fall, und frühstücken können Sie auch gleich.
# invoice: Rechnung mit Firmenanschrift | Rechnung bitte ändern
> bitte stellen Sie die Rechnung zur Buchung {code} auf unsere Firma aus:

Nordlicht Messtechnik GmbH
Am Deich 7
26000 Neuhafen

Die Umsatzsteuer-ID haben Sie schon. Und bitte als PDF, nicht als Foto.
< Die geänderte Rechnung finden Sie hier als PDF: {link}/rechnung/{code}
Die alte haben wir storniert.
> Das Frühstück muss noch getrennt ausgewiesen sein, sonst nimmt es die Buchhaltung nicht.
< Ist erledigt, derselbe Link. Grüße an die Buchhaltung!
# lost: Etwas liegen lassen | Fundsache Zimmer {room}
> wir haben in Zimmer {room} ein E-Book-Lesegerät liegen lassen, vermutlich auf dem Nachttisch links. Schwarze Hülle mit Katzenaufkleber. Wurde es gefunden?
< Ja, es liegt bei uns im Tresor. Sollen wir es Ihnen schicken?
> Ja bitte, die Anschrift steht in der Buchung. Was kostet das?
< Nichts. Es geht heute Nachmittag zur Post. Die Katze schaut schon ganz reisefertig.
# cot: Babybett | Anreise mit Baby
> wir reisen mit unserem Sohn (5 Monate) und bräuchten ein Babybett und möglichst eine Badewanne. Geht das?
< Beides steht bereit, dazu ein Fläschchenwärmer. Für Babys berechnen wir nichts.
# allergy: Glutenfreies Frühstück | Zöliakie
> meine Frau hat Zöliakie. Gibt es beim Frühstück glutenfreies Brot, und wird es getrennt aufbewahrt? Ein gemeinsamer Toaster wäre leider schon ein Problem.
< Wir haben glutenfreies Brot und Müsli, einzeln verpackt, und einen eigenen Toaster, den wir auf Wunsch an den Tisch bringen. Bitte geben Sie am ersten Morgen kurz Bescheid.
> Ein eigener Toaster! Das haben wir noch nirgends erlebt. Danke!!
# transfer: Abholung vom Flughafen | Transfer {airport}
> wir landen am {date} um {late} mit {flight}. Was kostet eine Abholung für zwei Personen mit viel Gepäck (Skier)?
< Der Transfer kostet {transfer}, die Skier fahren umsonst mit. Der Fahrer wartet mit einem Schild in der Ankunftshalle. Sollen wir buchen?
> Ja gern
# aircon: Klimaanlage defekt | Klimaanlage in {room} tropft
> die Klimaanlage in {room} tropft auf den Teppich und kühlt nicht. Bitte dringend jemanden schicken!
< Das tut uns sehr leid. Der Haustechniker ist in zehn Minuten bei Ihnen.
> Es war immer noch niemand da. So langsam werde ich ärgerlich.
< Sie haben recht, bitte entschuldigen Sie. Wir geben Ihnen sofort ein anderes Zimmer, eine Kategorie höher; meine Kollegin kommt mit dem Schlüssel zu Ihnen.
# works: Lärm | Baustelle vor dem Fenster?
> seit sieben Uhr früh wird direkt vor unserem Fenster gebohrt. Davon stand in der Buchung kein Wort. Wir sind im Urlaub!
< Das verstehen wir gut, und es tut uns leid: Die Stadt hat die Arbeiten erst gestern angekündigt. Wir können Ihnen ab heute ein Zimmer zum Garten geben und schenken Ihnen das Frühstück für den ganzen Aufenthalt.
> Das Zimmer zum Garten nehmen wir. Danke für die schnelle Lösung.
# flowers: Überraschung zum Hochzeitstag | Blumen aufs Zimmer
> am {date} haben wir unseren 40. Hochzeitstag. Könnten Sie vor unserer Ankunft Blumen aufs Zimmer stellen, am liebsten Sonnenblumen? Aber bitte nichts verraten!
< Herzlichen Glückwunsch! Ein Strauß Sonnenblumen wird auf dem Tisch stehen, und eine kleine Torte gibt es von uns dazu. Wir schweigen wie ein Grab 🌻
# extend: Verlängerung | Noch eine Nacht
> wir würden gern eine Nacht länger bleiben, also bis {until}. Ist das Zimmer frei?
< Ja, Zimmer {room} ist frei, zum selben Preis. Sollen wir verlängern?
> Ja.
< Erledigt. Ihre Schlüsselkarten gelten jetzt bis {until}.
# pets: Hund erlaubt? | Anreise mit Hund
> nehmen Sie auch Hunde auf? Es handelt sich um einen älteren Dackel, der hauptsächlich schläft.
< Gern! Ein Körbchen und ein Napf stehen bereit. Einen Park gibt es drei Minuten entfernt.
# spa: Termin im Spa | Massage
> gibt es am {date} gegen Abend noch einen Termin für eine Rückenmassage (50 Minuten)?
< Um 17:00 oder um 19:15 Uhr. Was passt Ihnen besser?
> 19:15
< Eingetragen. Alles Weitere steht hier: {link}/spa
# access: Barrierefreies Zimmer | Rollator
> meine Mutter (86) geht am Rollator. Gibt es Stufen im Haus, und hat die Dusche einen Haltegriff?
< Vom Eingang bis ins Zimmer gibt es keine einzige Stufe. In Zimmer {room} ist die Dusche ebenerdig, mit Sitz und zwei Griffen. Wir reservieren es gern für Sie.
> Bitte unbedingt dieses Zimmer.
# cyclists: Radgruppe, 11 Personen | Fahrräder unterstellen
> wir sind elf Radfahrer auf Tour und kommen am {date}. Können wir die Räder (darunter vier E-Bikes) sicher abstellen und laden?
< Ja, im abgeschlossenen Radkeller, mit Steckdosen für alle vier. Werkzeug und Pumpe sind auch da.
> Und Frühstück schon um halb sieben?
< Für Sie gern ab 6:30 Uhr.
# charge: Falsche Abbuchung | Minibar, die wir nicht hatten
> auf der Abrechnung stehen {amount} für die Minibar. Wir trinken keinen Alkohol und haben den Kühlschrank nicht einmal geöffnet!
< Sie haben recht, der Posten gehörte zu einem anderen Zimmer. Der Betrag ist bereits zurückgebucht. Bitte entschuldigen Sie das Versehen.
# wifi: WLAN | WLAN sehr langsam
> Das WLAN in {room} bricht ständig ab, ich muss arbeiten.
< Wir haben den Zugangspunkt auf Ihrer Etage neu gestartet. Ist es jetzt besser?
> Ja, läuft.
# dinner: Restaurant-Empfehlung | Tisch für vier
> können Sie uns etwas Landestypisches in der Nähe empfehlen? Zwei Erwachsene, zwei Kinder, davon eines sehr wählerisch.
< Versuchen Sie {restaurant}: gute Küche, freundlich zu Kindern, und Nudeln mit Butter gibt es auch, wenn man fragt 😉 Sollen wir einen Tisch reservieren?
> Ja bitte, 18 Uhr.
< Steht. Den Weg finden Sie hier: {link}/essen
# checkout: Späte Abreise | Zimmer bis {out}?
> unser Rückflug geht erst abends. Dürfen wir das Zimmer bis {out} Uhr behalten?
< Bis {out} Uhr gern und ohne Aufpreis. Das Gepäck können Sie danach bei uns lassen.
`),
};
