import { type DemoLanguage, scriptsOf } from "../../demo/demo-language.ts";

export const spanish: DemoLanguage = {
  code: "es",
  people: [
    ["Araceli Begoña Candela Itziar Maite Nuria Rocío", "Albarracín Bermejo Cifuentes Escudero Galdós Iturbegi"],
    ["Anselmo Eloy Gonzalo Íñigo Leandro Nicanor Teófilo", "Lizárraga Montalvo Orduña Peñalver Quesada Villaseñor"],
  ],
  hello: ["Hola,", "Buenas:", "¡Hola!", ""],
  regards: ["", "", "Un saludo,\n{guest}", "Saludos cordiales,\n{guest}", "¡Gracias de antemano!"],
  dear: ["Hola, {guest}:", "Gracias por su mensaje.", "Muchas gracias por escribirnos.", "Hola:"],
  yours: ["", "", "Un cordial saludo,\n{me}\n{property}", "Saludos desde {city},\n{me}"],
  thanks: ["¡Muchas gracias!", "Genial, gracias 😊", "Perfecto", "Mil gracias, ¡nos vemos pronto!", "ok gracias"],
  welcome: ["¡De nada!", "Un placer. ¡Buen viaje!", "Aquí estamos para lo que necesite 😊"],
  scripts: scriptsOf(`
# late: Llegada tarde | Llegamos de madrugada
> Nuestro vuelo {flight} sale con retraso y aterrizamos a las {late}. ¿Habrá alguien en recepción a esa hora?
< Por supuesto, la recepción está abierta toda la noche y su habitación les espera. En taxi se tarda unos 35 minutos desde el aeropuerto.
> ¿Y se podrá cenar algo? Venimos con hambre 😅
< La cocina estará cerrada, pero les dejaremos unos bocadillos y fruta en la habitación.
# parking: Aparcamiento | ¿Tienen parking?
> ¿Tienen aparcamiento? ¿Cuánto cuesta y hace falta reservar?
< Tenemos garaje justo al lado, a {parking} por noche. Mejor reservar: {link}/parking
> Resérvenos una plaza del {date} al {until}, por favor.
< Hecho. Llamen al timbre de la barrera y les abrimos.
# early: Entrada antes de hora | ¿Podemos entrar por la mañana?
> Llegamos el {date} a las {early}. ¿Sería posible tener la habitación a esa hora? Viajamos con mi madre, que tiene 79 años.
< Haremos todo lo posible para que su madre pueda descansar: en cuanto salga el huésped anterior, esa habitación será la primera que se prepare. Mientras tanto, el desayuno va por nuestra cuenta.
> Qué detalle, se lo digo ahora mismo. Se va a poner contentísima.
# invoice: Factura a nombre de empresa | Factura
> Necesito la factura de la reserva {code} a nombre de mi empresa:

Talleres Río Claro, S. L.
Camino del Molino, 5
Valdefuente

El NIF se lo di al reservar.
< Aquí tiene la factura corregida: {link}/factura/{code}
Si falta algo, avísenos.
> Falta la dirección completa, solo aparece la ciudad.
< Corregido, disculpe. Es el mismo enlace.
# lost: Gafas olvidadas | Objeto perdido en la {room}
> Creo que me dejé las gafas de leer en la habitación {room}, al lado de la cama. Montura roja. ¿Las han encontrado?
< Sí, las tenemos en recepción. ¿Se las enviamos?
> Sí, por favor, sin ellas no puedo ni leer este mensaje 😂
# cot: Cuna | Viajamos con bebé
> ¿Podrían poner una cuna en la habitación? El bebé tiene 8 meses.
< Sí, sin coste. También tenemos calientabiberones y trona para el desayuno.
# allergy: Celiaquía | Desayuno sin gluten
> Mi hija es celíaca. ¿Hay opciones seguras en el desayuno?
< Tenemos pan y bollería sin gluten envasados por separado, y una tostadora aparte. Díganlo el primer día y se lo llevamos a la mesa.
# transfer: Traslado desde el aeropuerto | Recogida en {airport}
> ¿Cuánto cuesta que nos recojan en {airport}? Somos tres y llegamos a las {late}.
< Son {transfer}. El conductor les esperará con un cartel del hotel. ¿Nos dice el número de vuelo?
> {flight}
< Reservado. ¡Buen vuelo!
# aircon: No funciona el aire | Calor insoportable en la {room}
> El aire acondicionado de la {room} no enfría. Llamamos hace una hora y no ha venido nadie. Así no hay quien duerma.
< Lamentamos mucho la espera. El técnico está subiendo ahora mismo.
> Ya funciona. Pero una hora es demasiado.
< Tiene toda la razón. Hoy les invitamos a cenar, por las molestias.
# noise: Ruido | Fiesta en la habitación de al lado
> Son las {now} y en la habitación de al lado están cantando. Bien, por cierto, pero CANTANDO.
< Lo sentimos. Hemos hablado con ellos y el concierto ha terminado. Buenas noches.
> 😂 Gracias. Silencio total.
# flowers: Sorpresa de cumpleaños | Flores en la habitación
> El {date} es el cumpleaños de mi mujer. ¿Pueden dejar unas flores y una tarjeta que diga «Felices 50, mi vida»?
< ¡Encantados! Habrá un ramo de rosas amarillas y la tarjeta escrita a mano. No diremos nada 🤫
# pets: ¿Aceptan gatos? | Viajamos con nuestra gata
> Viajamos con una gata muy tranquila. ¿Es un problema?
< Ninguno. ¿Necesita arenero o lo traen ustedes?
> Lo traemos, gracias. Se llama Duquesa y espera ser tratada como tal.
# spa: Reserva de spa | Masaje
> ¿Quedan horas para un masaje el {date} por la tarde?
< A las 17:00 y a las 18:30. Todos los tratamientos: {link}/spa
> 18:30, por favor.
# charge: Cobro duplicado | Cargo que no reconozco
> Me han cobrado {amount} dos veces. Exijo que me lo devuelvan hoy mismo.
< Lo hemos comprobado y tiene razón. La devolución está hecha; su banco puede tardar entre dos y cinco días. Le pedimos disculpas.
# checkout: Salida tarde | ¿Hasta las {out}?
> ¿Podemos dejar la habitación a las {out}?
< Sí, sin cargo. ¡Que disfruten del último día!
`),
};
