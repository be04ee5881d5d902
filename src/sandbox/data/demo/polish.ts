import { type DemoLanguage, scriptsOf } from "../../demo/demo-language.ts";

export const polish: DemoLanguage = {
  code: "pl",
  people: [
    [
      "Bogumiła Danuta Grażyna Jagoda Kinga Malwina Wiesława",
      "Bielawska Czarnecka Grabiec Jaworzyn Modrzewska Zarzycka",
    ],
    [
      "Bartosz Dobromir Ignacy Leszek Mieszko Radosław Zygmunt",
      "Kalinowicz Lisiecki Olszański Pniewski Sadowniczak Wrona",
    ],
  ],
  hello: ["Dzień dobry,", "Witam,", "Dzień dobry!", ""],
  regards: ["", "", "Pozdrawiam\n{guest}", "Z poważaniem\n{guest}", "Z góry dziękujemy!"],
  dear: ["Dzień dobry,", "Dziękujemy za wiadomość.", "Szanowni Państwo,"],
  yours: ["", "", "Pozdrawiamy serdecznie\n{me}\n{property}", "Do zobaczenia\n{me}"],
  thanks: ["Dziękujemy!", "Super, dzięki 😊", "Świetnie, do zobaczenia", "Dziękuję bardzo", "👍"],
  welcome: ["Bardzo proszę!", "Nie ma za co, szerokiej drogi!", "Zawsze do usług 😊"],
  scripts: scriptsOf(`
# late: Późny przyjazd | Przyjazd po północy
> nasz samolot jest opóźniony i lądujemy dopiero o {late}. Czy ktoś będzie jeszcze w recepcji?
< proszę się nie martwić, recepcja działa całą dobę, a pokój na Państwa czeka. Taksówka z lotniska jedzie około 35 minut.
> Uff, dziękujemy!
# parking: Parking | Miejsce parkingowe
> czy mają Państwo parking i ile kosztuje doba?
< garaż jest tuż obok, {parking} za noc. Miejsce najlepiej zarezerwować: {link}/parking
> Poproszę od {date} do {until}.
< Zarezerwowane. Przy szlabanie proszę zadzwonić.
# early: Wcześniejsze zameldowanie | Czy można wcześniej?
> będziemy {date} już o {early}. Czy jest szansa na pokój o tej porze?
< postaramy się, ale potwierdzimy dopiero rano tego dnia. Bagaże przechowamy, a śniadanie mogą Państwo zjeść od razu.
# invoice: Faktura na firmę | Prośba o fakturę
> proszę o fakturę do rezerwacji {code} na firmę:

Stolarnia Pod Lipą sp. z o.o.
ul. Leśna 4
Nowa Dąbrówka

NIP podaliśmy przy rezerwacji.
< faktura jest gotowa: {link}/faktura/{code}
# lost: Zgubiona rzecz | Zegarek w pokoju {room}
> mąż zostawił zegarek w łazience w pokoju {room}. To pamiątka po ojcu. Czy ktoś go znalazł?
< tak, zegarek jest w sejfie, cały i zdrowy. Wysłać kurierem?
> Tak, bardzo prosimy! Kamień z serca.
< Przesyłka jest ubezpieczona i wyrusza jutro rano. Dalej chodzi co do minuty.
# cot: Łóżeczko dla dziecka | Przyjazd z niemowlakiem
> czy możemy prosić o łóżeczko dla półrocznego dziecka?
< oczywiście, bezpłatnie. Dostawimy też wanienkę i podgrzewacz do butelek.
# allergy: Śniadanie i alergia | Alergia na jajka
> syn nie może jeść jajek ani niczego, co je zawiera. Czy da się to ogarnąć na śniadaniu?
< da się! Kucharz przygotuje osobny talerz i spisze skład każdej potrawy. O której Państwo jedzą?
> Koło ósmej. Bardzo dziękujemy, to dla nas ważne.
# transfer: Transfer z lotniska | Odbiór z {airport}
> ile kosztuje transfer z {airport} dla sześciu osób? Lądujemy o {late}, lot {flight}.
< dla sześciu osób zamówimy busa, cena {transfer}. Kierowca będzie czekał z tabliczką.
> Poprosimy.
# aircon: Zepsuta klimatyzacja | Gorąco w {room}
> klimatyzacja w {room} nie działa od wczoraj, a w recepcji trzeci raz słyszymy „zaraz". Ile trwa zaraz?
< bardzo przepraszamy, nie powinno tak być. Przenosimy Państwa od ręki do pokoju wyższej klasy, bez dopłaty.
> Przyjęte. Nowy pokój jest świetny.
# flowers: Kwiaty do pokoju | Niespodzianka dla żony
> {date} mamy rocznicę ślubu. Czy mogą Państwo wstawić do pokoju bukiet piwonii?
< z przyjemnością, gratulujemy! Bukiet będzie czekał, a do tego coś słodkiego od nas 💐
# extend: Przedłużenie pobytu | Jedna noc dłużej
> czy możemy zostać do {until}?
< tak, ten sam pokój i ta sama cena. Potwierdzam?
> Tak
# charge: Błędna kwota | Podwójne obciążenie karty
> pobrali Państwo {amount} dwa razy. Proszę o zwrot i wyjaśnienie.
< mają Państwo rację, to nasz błąd. Zwrot już poszedł, bank zaksięguje go w ciągu pięciu dni roboczych. Potwierdzenie: {link}/zwrot/{code}
# luggage: Przechowanie bagażu | Bagaże
> czy można zostawić bagaże do 18:00?
< tak, bez opłat.
# checkout: Późne wymeldowanie | Pokój do {out}?
> czy możemy wyjechać o {out}?
< do {out} bez dopłaty, bardzo proszę.
`),
};
