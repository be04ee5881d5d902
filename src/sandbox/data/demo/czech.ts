import { type DemoLanguage, scriptsOf } from "../../demo/demo-language.ts";

export const czech: DemoLanguage = {
  code: "cs",
  people: [
    ["Alžběta Blanka Drahomíra Ivana Květa Markéta Zdeňka", "Bártlová Dubská Hrubešová Jelínková Kalousová Řezníčková"],
    ["Bohumil Čeněk Hynek Kryštof Miloslav Radovan Vojtěch", "Lhoták Mikeš Oplatek Skřivan Šindelář Vrbický"],
  ],
  hello: ["Dobrý den,", "Zdravím,", "Dobrý den přeji,", ""],
  regards: ["", "", "S pozdravem\n{guest}", "Děkuji\n{guest}", "Předem děkujeme!"],
  dear: ["Dobrý den,", "Děkujeme za zprávu.", "Krásný den,"],
  yours: ["", "", "S pozdravem\n{me}\n{property}", "Hezký den přeje\n{me}"],
  thanks: ["Děkujeme!", "Super, díky 🙂", "Výborně, na viděnou", "Díky moc", "Děkuji za rychlou odpověď."],
  welcome: ["Rádo se stalo!", "Není zač, šťastnou cestu!", "Kdykoli 🙂"],
  scripts: scriptsOf(`
# late: Pozdní příjezd | Příjezd po půlnoci
> vlak má zpoždění a dorazíme až kolem {late}. Bude ještě někdo na recepci?
< nebojte se, recepce je otevřená nepřetržitě a pokoj na vás počká. Od nádraží jezdí noční tramvaj, zastávka je přímo před hotelem.
> Výborně. A dá se v tu dobu ještě něco sníst?
< Kuchyně už bude zavřená, ale připravíme vám na pokoj studenou mísu.
# parking: Parkování | Garáž u hotelu
> můžeme u vás zaparkovat? Máme vyšší dodávku, přes dva metry.
< v garáži je výška omezená na 1,95 m, ale čtyři minuty od nás je hlídané parkoviště za {parking} na noc. Mapka: {link}/parkovani
> To nám vyhovuje, prosíme od {date} do {until}.
< Máte zarezervováno.
# early: Dřívější příjezd | Pokoj už dopoledne?
> přijedeme {date} už v {early}. Bylo by možné dostat pokoj dřív?
< pokusíme se, potvrdit to ale můžeme až ten den ráno. Zavazadla si u nás můžete nechat v každém případě.
# invoice: Faktura na firmu | Oprava faktury
> prosíme o vystavení faktury k rezervaci {code} na firmu:

Strojírny Na Kopečku s.r.o.
Polní 18
Horní Lhotka

IČO jsme uvedli už v rezervaci.
< opravená faktura je zde: {link}/faktura/{code}
> Je tam překlep v názvu, má být „Na Kopečku" s velkým N.
< Omlouváme se, je to opraveno. Odkaz zůstává stejný.
# lost: Zapomenutá dětská deka | Ztráta v pokoji {room}
> nechali jsme v pokoji {room} dětskou deku s ovečkami. Nenašla se, prosím? Syn bez ní neusne.
< našla se, čeká u nás na recepci 🐑 Můžeme ji hned poslat, kam to bude?
> Na adresu z rezervace. Jste poklad!
< Zásilka jde ještě dnes, zítra by měla být u vás.
# allergy: Snídaně a alergie | Alergie na ořechy
> dcera má silnou alergii na ořechy. Jsou na snídani ořechy volně v bufetu?
< ano, v koutku s müsli jsou vlašské ořechy. Snídani pro dceru rádi připravíme zvlášť, stačí se ráno ohlásit u obsluhy.
# aircon: Nefunguje topení | Zima v pokoji {room}
> v pokoji {room} nejde topení a je tu 17 stupňů. Prosíme, pošlete někoho.
< moc se omlouváme, technik je na cestě. Zatím vám přineseme přenosné topení a čaj.
> Už to hřeje, děkujeme i za čaj.
# noise: Hluk v noci | Stížnost na hluk
> je {now} a na chodbě běhá a křičí školní výlet. Tohle opravdu není v pořádku!
< omlouváme se. Kolega právě mluvil s jejich učitelkou a děti jsou v pokojích. Kdyby se to opakovalo, volejte prosím linku 9.
# flowers: Kytice k výročí | Překvapení pro manželku
> {date} slavíme třicet let od svatby. Šlo by dát na pokoj kytici tulipánů, než přijdeme?
< samozřejmě, gratulujeme! Tulipány budou na stole a od nás přidáme láhev moravského vína 🌷
# extend: Prodloužení pobytu | O noc déle
> rádi bychom zůstali do {until}. Je pokoj volný?
< ano, za stejnou cenu. Mám pobyt prodloužit?
> Ano, prosím.
< Hotovo.
# pets: Pobyt se psem | Můžeme s jezevčíkem?
> berete i psy? Jde o jednoho jezevčíka s velkým egem.
< bereme! Pelíšek i miska budou na pokoji. Do snídaňové místnosti pejsci bohužel nesmějí, ale ego může.
> 😂😂 vyřídím
# cyclists: Úschova kol | Skupina cyklistů
> přijede nás devět na kolech. Máte je kde zamknout?
< máme zamčenou kolárnu s kamerou, nářadí i hadici na umytí. Snídani vám připravíme už od 6:30.
> Paráda, to je přesně ono.
# charge: Chybná platba | Dvakrát stržená platba
> z karty nám odešlo {amount} dvakrát. Prosím o okamžité vrácení.
< máte pravdu, šlo o naši chybu. Peníze jsme právě vrátili, podle banky to trvá dva až pět pracovních dnů.
# wifi: Wi-Fi | Heslo na wifi
> heslo na wifi prosím?
< Síť {property} Guest, heslo blue-teapot-42.
# dinner: Tip na večeři | Kde se dobře najíst
> kde se tu dá dobře najíst, kam chodíte vy?
< my chodíme do podniku {restaurant}, šest minut pěšky. Svíčková jako od babičky. Máme rezervovat stůl?
> Ano, v sedm pro čtyři.
< Stůl je váš. Dobrou chuť!
`),
};
