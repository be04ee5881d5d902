import { type DemoLanguage, scriptsOf } from "../../demo/demo-language.ts";

export const italian: DemoLanguage = {
  code: "it",
  people: [
    [
      "Benedetta Fiorella Ginevra Ilaria Loredana Ornella Serena",
      "Altobelli Bonfanti Carraresi Donadei Ferrantini Giordanelli",
    ],
    [
      "Achille Corrado Ettore Fulvio Gennaro Ludovico Tancredi",
      "Locatelli Montresor Pellegrinetti Rovati Santarossa Zambelli",
    ],
  ],
  hello: ["Buongiorno,", "Salve,", "Gentile staff,", ""],
  regards: ["", "", "Cordiali saluti,\n{guest}", "Un saluto,\n{guest}", "Grazie in anticipo!"],
  dear: ["Buongiorno {guest}.", "Grazie per averci scritto.", "Gentile ospite!"],
  yours: ["", "", "Cordiali saluti,\n{me}\n{property}", "A presto a {city},\n{me}"],
  thanks: ["Grazie mille!", "Perfetto, grazie 🙏", "Ottimo, a presto!", "Grazie", "Gentilissimi come sempre!"],
  welcome: ["Prego, è un piacere!", "Di nulla, buon viaggio!", "Siamo sempre qui 😊"],
  scripts: scriptsOf(`
# late: Arrivo in tarda serata | Arrivo dopo mezzanotte
> il nostro volo {flight} è in ritardo e atterriamo alle {late}. Troviamo qualcuno alla reception?
< Certo, la reception è aperta tutta la notte e la camera resta vostra. In taxi ci vogliono circa 35 minuti.
> Per fortuna! E per mangiare qualcosa?
< Vi lasciamo un piatto freddo in camera. Buon volo!
# parking: Parcheggio | Garage
> avete un parcheggio custodito? Veniamo con una macchina d'epoca e vorremmo stare tranquilli.
< Il garage accanto è custodito giorno e notte, {parking} a notte. Per la vostra signora d'epoca teniamo il posto più largo.
> Allora dal giorno {date} al giorno {until}, grazie. È una spider del '67, rossa 😍
< Prenotato. Il custode chiede già una foto.
# early: Check-in anticipato | Camera al mattino?
> arriviamo il giorno {date} alle {early}. È possibile avere la camera subito?
< Faremo il possibile, ma potremo confermarlo solo quella mattina. Intanto i bagagli e la colazione sono assicurati.
# invoice: Fattura | Fattura intestata alla ditta
> ci serve la fattura della prenotazione {code} intestata a:

Ceramiche Valdoro S.r.l.
Via del Forno 12
Borgoallegro

Il codice fiscale ve l'abbiamo già mandato. Grazie.
< La fattura è pronta: {link}/fattura/{code}
# lost: Oggetto dimenticato | Orecchino perso nella {room}
> ho perso un orecchino nella camera {room}, una piccola perla. Per voi sarà una cosa da niente, ma era di mia nonna. Potete guardare anche nel sifone del lavandino?
< Abbiamo smontato il sifone: era proprio lì! Il nostro tecnico è fierissimo.
> Non ci credo!!! Sto piangendo. Fategli un applauso da parte mia 👏👏
< Applauso fatto. La perla parte domani con corriere assicurato.
# cot: Culla | Viaggio con neonato
> viaggiamo con un bimbo di 4 mesi. Avete una culla e un posto dove scaldare il latte?
< Sì, culla e scaldabiberon saranno in camera, senza costi.
# allergy: Intolleranza al glutine | Celiachia e colazione
> mio marito è celiaco. A colazione c'è qualcosa di sicuro?
< Pane, biscotti e cereali senza glutine, confezionati a parte, e un tostapane dedicato. Basta dirlo al primo mattino.
> E i cornetti? Chiede speranzoso 🥐
< Per lui li facciamo arrivare apposta.
# transfer: Transfer da {airport} | Navetta dall'aeroporto
> quanto costa il transfer da {airport} per due persone? Volo {flight}, arrivo {late}.
< {transfer}. L'autista vi aspetta agli arrivi con un cartello. Confermiamo?
> Sì grazie
# aircon: Aria condizionata guasta | Camera {room} caldissima
> nella {room} l'aria condizionata non va e la finestra non si apre. Siamo in un forno. Due telefonate, zero risposte.
< Ci scusiamo moltissimo. Vi spostiamo subito in una camera fresca al quarto piano, un collega sta salendo.
> Ok la nuova camera va bene. Però che fatica.
# flowers: Sorpresa per l'anniversario | Rose in camera
> il giorno {date} festeggiamo dieci anni insieme. Si possono avere delle rose in camera e una bottiglia di prosecco?
< Con grande piacere! Rose rosse o bianche?
> Rosse, dieci. Una per anno ❤️
< Dieci rose rosse. Il prosecco lo offriamo noi.
# extend: Prolungare il soggiorno | Ancora una notte
> possiamo restare fino al giorno {until}?
< Sì, la camera {room} è libera, stessa tariffa. Confermo?
> Confermo
# pets: Cani ammessi? | Arriviamo con il cane
> accettate cani di taglia grande? Il nostro è un terranova, 60 kg di dolcezza.
< Benissimo! Gli prepariamo una coperta grande… molto grande. Le regole sono qui: {link}/animali
# charge: Addebito errato | Tassa di soggiorno
> ci avete addebitato la tassa di soggiorno anche per i bambini, {amount} in più. Chiedo il rimborso.
< Ha ragione, i bambini non la pagano. Il rimborso è stato fatto adesso, ci scusi.
# dinner: Consiglio per la cena | Dove si mangia bene?
> dove si mangia bene senza spendere una follia? E per favore non italiano 😄
< {restaurant}, cucina del posto, sei minuti a piedi. Prenotiamo?
> Sì, alle 20 in due.
< Fatto. Provate il dolce della casa.
# luggage: Deposito bagagli | Valigie
> possiamo lasciare le valigie fino alle 18 il giorno della partenza?
< Certo, gratis.
`),
};
