import { type PersonaLanguage, topicsOf } from "../../autopilot/persona-language.ts";

export const germanPersonas: PersonaLanguage = {
  code: "de",
  voices: {
    warm: {
      dear: ["Hallo {guest}, wie schön, von Ihnen zu hören!", "Hallo {guest}! Danke, dass Sie uns schreiben."],
      yours: ["Bis bald 😊\n{me}", "Herzliche Grüße von uns allen\n{me}"],
    },
    brisk: { dear: [""], yours: [""] },
    formal: {
      dear: ["Guten Tag {guest},", "Guten Tag {guest},\n\nvielen Dank für Ihre Nachricht."],
      yours: ["Mit freundlichen Grüßen\n{me}\n{property}", "Mit besten Empfehlungen\n{me}\n{property}"],
    },
    clumsy: { dear: ["Hallo {guest}, ups, zu früh abgeschickt.", "Hallihallo {guest}!"], yours: ["Tschüss!! {me}"] },
  },
  topics: topicsOf(`
# arrival: anreise\\w*|ankunft|ankommen|kommen .{0,20}an\\b|spät\\w*|mitternacht|flug|flieger|landen|einchecken|check.?in|verspät\\w*|rezeption
- Rezeption ist die ganze Nacht besetzt. Einfach klingeln.
- Zimmer bleibt reserviert.
+ An der Rezeption ist die ganze Nacht jemand, und Ihr Zimmer bleibt Ihres, wie spät es auch wird. Falls die Tür zu ist: bitte links klingeln.
+ Machen Sie sich wegen der Uhrzeit keine Gedanken. Der Nachtportier kennt Ihren Namen und hat den Schlüssel bereit.
# departure: abreise\\w*|abreisen|auschecken|check.?out|taxi|früh los|heimfahr\\w*
- Notiert. Schlüssel bitte in den Kasten an der Tür.
- Taxi ist bestellt, Frühstückstüte steht bereit.
+ Das ist gar kein Problem. Rechnung und Frühstückstüte liegen an der Rezeption, und das Taxi steht vor der Tür.
+ Der Nachtportier weiß Bescheid. Ist einmal niemand da, werfen Sie den Schlüssel bitte in den Kasten neben der Tür.
# allergy: allergi\\w*|unverträglich\\w*|zöliakie|gluten\\w*|n[uü]ss\\w*|erdn[uü]ss\\w*|sesam|laktose\\w*|notfallspritze
- Küche weiß es schriftlich. Bitte auch beim Service sagen.
- Wird getrennt zubereitet. Zutatenliste liegt am Buffet.
+ Gut, dass Sie es uns rechtzeitig sagen. Die Küche hat es schriftlich und bereitet alles für Sie getrennt zu, mit eigenem Brett und Messer. Bitte sprechen Sie uns am Tisch noch einmal an, damit wir Sie kennen.
+ Wir haben für jedes Gericht eine Zutatenliste. Die Köchin kommt morgen früh zu Ihnen an den Tisch und geht sie mit Ihnen durch.
# breakfast: frühstück\\w*|buffet|kaffee|brötchen|eier\\b
- Frühstück von 7:00 bis 10:30 Uhr.
- Im Gartenzimmer, ab 7:00 Uhr.
+ Frühstück gibt es von 7:00 bis 10:30 Uhr im Gartenzimmer, am Wochenende bis 11:00 Uhr. Wenn Sie früher fahren, packen wir Ihnen gern eine Tüte.
+ Sie finden uns ab 7:00 Uhr im Gartenzimmer. Tee, Kaffee und etwas Warmes sind in Ihrem Preis enthalten.
# noise: l[aä]rm\\w*|laut\\w*|party|musik|schlaf\\w*|schlagzeug|ruhe\\b|ruhig\\w*|bohr\\w*|schnarch\\w*|gegröle
- Bin unterwegs nach oben.
- Wurden um Ruhe gebeten. Anderes Zimmer?
+ Es tut uns leid, dass Sie nicht schlafen können. Ein Kollege ist gerade auf dem Weg zu der Tür; sagen Sie uns bitte in zehn Minuten, ob es ruhig ist.
+ Das darf nicht sein. Wenn Sie möchten, ziehen Sie sofort in ein Zimmer zum Hof, und wir tragen Ihre Sachen.
# wifi: wlan|wi.?fi|internet|passwort|netz\\w*|router|online
- Passwort steht auf der Schlüsselkarte.
- Neu gestartet. Bitte in zwei Minuten noch einmal versuchen.
+ Das Netz heißt wie das Haus, und das Passwort steht hinten auf Ihrer Schlüsselkarte. Klappt es nicht, kommen wir gern vorbei.
+ Wir haben den Zugangspunkt auf Ihrer Etage gerade neu gestartet. In zwei Minuten sollte es schnell sein.
# invoice: rechnung\\w*|beleg|quittung|mwst|umsatzsteuer\\w*|abbuch\\w*|abgebucht|firma|firmen\\w*|bezahl\\w*|erstatt\\w*|gmbh|ust
- Korrigierte Rechnung ist raus.
- Als PDF an die Adresse der Buchung geschickt.
+ Wir haben die Rechnung wie gewünscht geändert und als PDF an die Adresse Ihrer Buchung geschickt. Die alte ist storniert.
+ Die Buchhaltung hat nachgesehen, und Sie haben recht. Die Korrektur sehen Sie in drei Werktagen auf Ihrer Karte.
# lost: verloren|vergessen|liegen ?(?:ge)?lassen|liegengelassen|koffer\\w*|tasche\\w*|rucksack|gepäck\\w*|gefunden|fehlt
- Gefunden. Liegt im Tresor.
- Wir suchen. Melde mich in einer Stunde.
+ Wir haben nachgesehen, und es ist da: im Tresor, mit Ihrem Namen. Sollen wir es aufheben oder schicken?
+ Die Etage sucht gerade, und das Taxiunternehmen ist angerufen. Wir schreiben Ihnen innerhalb einer Stunde.
# parking: park\\w*|garage|auto\\b|stellplatz|ladesäule
- Garage nebenan, Platz 12.
- Reserviert. An der Schranke klingeln.
+ Gleich nebenan ist eine Garage. Ein Platz ist für Sie zurückgelegt; klingeln Sie an der Schranke, dann geht sie auf.
# group: kantorei|einzelzimmer|doppel\\w*|liste\\w*|gruppe\\w*|personen|zimmer für|reisebus|bus\\b|mannschaft|chor\\b|hochzeit\\w*|tagung|verein\\w*
- Alle auf einer Etage. Bitte Namensliste schicken.
- Geht. Namen bitte bis Freitag.
+ Wie schön! Wir können Sie alle auf der zweiten Etage unterbringen. Schicken Sie uns bitte die Namen, und wer mit wem ein Zimmer teilt.
+ Ist notiert. Der Bus darf zwanzig Minuten vor dem Haus halten, und der lange Tisch gehört beim Frühstück Ihnen.
# complaint: beschwer\\w*|unverschämt\\w*|frechheit|unmöglich|schmutzig\\w*|dreckig\\w*|kaputt\\w*|eklig\\w*|geschäftsführ\\w*|chef\\w*|bewertung|kalt\\w*|sauer|enttäusch\\w*|nie wieder
- Sie haben recht. Die Chefin ruft Sie jetzt an.
- Entschuldigung. Ein anderes Zimmer ist fertig.
+ Sie haben recht, und es tut uns leid. Die Leiterin vom Dienst weiß Bescheid und ruft in fünf Minuten in Ihrem Zimmer an.
+ So soll es bei uns nicht sein. Wir möchten es heute noch in Ordnung bringen: Ein anderes Zimmer ist für Sie fertig, und die letzte Nacht geht auf uns.
# thanks: dank\\w*|perfekt|super|prima|toll|wunderbar|klasse
- Gern.
- Jederzeit.
+ Sehr gern geschehen!
+ Mit Vergnügen. Wenn noch etwas ist, sind wir da.
# emoji:
- 👍
- Mache ich 👍
+ Ich glaube, ich verstehe Sie 😊 Sollen wir heraufkommen oder anrufen?
+ 🙏 Das braucht keine Worte. Wir kümmern uns.
# letter:
- Bis zum Ende gelesen. Danke. Alles notiert.
+ Vielen Dank für Ihren Brief. Wir haben ihn bis zum Ende gelesen, zweimal, und herumgereicht. Alles, worum Sie bitten, ist veranlasst; den Rest heben wir auf.
# question:
- Moment, ich frage.
- Ja, das geht.
+ Das ist eine gute Frage. Meine Kollegin weiß mehr darüber und antwortet Ihnen innerhalb einer Stunde.
+ Wir glauben ja, möchten aber lieber nachsehen. Sie hören gleich von uns.
# other:
- Notiert. Ich kümmere mich.
- Erledigt.
+ Danke, dass Sie es uns sagen. Wir kümmern uns darum und schreiben Ihnen gleich wieder.
+ Wir haben es für alle hier aufgeschrieben, damit Sie niemand noch einmal fragen muss.
`),
};
