import { type DemoLanguage, scriptsOf } from "../../demo/demo-language.ts";

export const portuguese: DemoLanguage = {
  code: "pt",
  people: [
    ["Benedita Constança Filipa Leonor Matilde Vitória", "Albuquerque Castelhano Carvalhal Figueiredo Lourinho"],
    ["Afonso Duarte Gustavo Martim Rodrigo Xavier", "Meireles Noronha Portela Saldanha Vilhena"],
  ],
  hello: ["Olá,", ""],
  regards: ["", "", "Cumprimentos,\n{guest}", "Um abraço,\n{guest}"],
  dear: ["Olá {guest},", "Agradecemos a sua mensagem."],
  yours: ["", "", "Com os melhores cumprimentos,\n{me}\n{property}"],
  thanks: ["Agradeço imenso!", "Perfeito 😊", "Ótimo, até breve!", "Agradecemos imenso a ajuda."],
  welcome: ["De nada, boa viagem!", "Sempre às ordens 😊"],
  scripts: scriptsOf(`
# late: Chegada tardia | Chegamos depois da meia-noite
> O nosso voo {flight} está atrasado e só aterramos às {late}. A receção ainda estará aberta?
< Sim, a receção está aberta toda a noite e o quarto fica à vossa espera.
> Que alívio!
# parking: Estacionamento | Lugar de garagem
> Têm estacionamento? Precisamos de um lugar de {date} a {until}.
< Temos garagem mesmo ao lado, {parking} por noite. O lugar está reservado. Como chegar: {link}/garagem
# early: Check-in antecipado | Entrar mais cedo
> Chegamos às {early} com duas crianças cheias de sono. Há hipótese de ter o quarto mais cedo?
< Vamos preparar o vosso em primeiro lugar. Se não estiver pronto, há um cantinho com almofadas e livros para os pequenos.
# invoice: Fatura com contribuinte | Fatura da empresa
> Preciso da fatura da reserva {code} em nome da empresa:

Cortiças do Vale, Lda.
Rua da Fonte, 8
Vila Serena
< A fatura está aqui: {link}/fatura/{code}
# allergy: Doença celíaca | Pequeno-almoço sem glúten
> A minha mãe é celíaca. O pequeno-almoço tem opções seguras?
< Tem pão e bolos sem glúten embalados à parte e uma torradeira só para eles. Basta avisar no primeiro dia.
# flowers: Surpresa de aniversário | Flores no quarto
> Fazemos cinco anos de casados no dia {date}. Podem pôr flores no quarto?
< Com todo o gosto! Parabéns aos dois, o espumante é oferta da casa 🥂
# aircon: Ar condicionado avariado | Calor no {room}
> O ar condicionado do {room} não funciona e ninguém atende o telefone. Péssimo serviço.
< Pedimos imensa desculpa. O técnico vai já a caminho e, se não resolver em dez minutos, mudamos o vosso quarto.
> Resolvido. Fica a nota positiva pela rapidez.
# dinner: Onde jantar? | Sugestão de restaurante
> Onde se come bem por aqui?
< No {restaurant}, a seis minutos a pé. Reservamos?
> Sim, 20h, duas pessoas.
< Reservado. Bom apetite!
`),
};
