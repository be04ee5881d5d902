import { type PersonaLanguage, topicsOf } from "../../autopilot/persona-language.ts";

export const spanishPersonas: PersonaLanguage = {
  code: "es",
  voices: {
    warm: {
      dear: ["¡Hola, {guest}! Qué alegría leerle.", "¡Hola, {guest}! Gracias por escribirnos."],
      yours: ["¡Hasta pronto! 😊\n{me}", "Un saludo muy cariñoso de todos\n{me}"],
    },
    brisk: { dear: [""], yours: [""] },
    formal: {
      dear: ["Buenos días, {guest}:", "Estimado huésped, {guest}:\n\nLe agradecemos su mensaje."],
      yours: ["Atentamente,\n{me}\n{property}", "Reciba un cordial saludo,\n{me}\n{property}"],
    },
    clumsy: { dear: ["Hola, {guest}, uy, se me fue el dedo.", "¡Holaaa, {guest}!"], yours: ["¡¡Chao!! {me}"] },
  },
  topics: topicsOf(`
# arrival: lleg\\w+|tarde\\b|medianoche|vuelo|avión|aterriz\\w*|recepción|check.?in|retras\\w*
- La recepción abre toda la noche. Llame al timbre.
- Su habitación queda reservada.
+ Hay alguien en recepción toda la noche, y su habitación le espera sea la hora que sea. Si la puerta está cerrada, llame al timbre de la izquierda.
+ No se preocupe por la hora: el portero de noche sabe su nombre y tiene la llave preparada.
# departure: salid\\w*|salimos|irnos|marcharnos|check.?out|taxi|volver a casa|temprano
- Anotado. La llave, en el buzón de la puerta.
- Taxi pedido y desayuno para llevar.
+ No hay ningún problema. La factura y un desayuno para llevar estarán en recepción, y un taxi en la puerta.
+ El portero de noche ya lo sabe. Si no hay nadie un momento, deje la llave en el buzón junto a la puerta.
# allergy: al[eé]rgi\\w*|celiac\\w*|celíac\\w*|gluten|nuez|nueces|frutos secos|cacahuetes?|sésamo|lactosa|adrenalina|marisco
- Cocina avisada por escrito. Dígaselo también al camarero.
- Se prepara aparte. La lista de ingredientes está en el bufé.
+ Gracias por avisarnos con tiempo. La cocina lo tiene por escrito y lo preparará todo aparte, con tabla y cuchillo propios. Dígalo otra vez al sentarse, para que le conozcamos.
+ Tenemos la lista de ingredientes de cada plato. La chef la repasará con usted mañana en la mesa.
# breakfast: desayun\\w*|bufé|café|huevos
- Desayuno de 7:00 a 10:30.
- En el salón del jardín, desde las 7:00.
+ El desayuno se sirve de 7:00 a 10:30 en el salón del jardín, y los fines de semana hasta las 11:00. Si salen antes, les preparamos una bolsa.
+ Estamos en el salón del jardín desde las 7:00. Té, café y algo caliente van incluidos.
# noise: ruid\\w*|fiesta|música|dorm\\w*|grit\\w*|tambor\\w*|silencio|obras|ronc\\w*|batería
- Subo ahora mismo.
- Ya se les ha avisado. ¿Otra habitación?
+ Sentimos mucho que no puedan dormir. Un compañero va ahora mismo hacia esa puerta; díganos en diez minutos si hay silencio.
+ Eso no puede ser. Si lo desea, le pasamos enseguida a una habitación que da al patio y llevamos sus cosas.
# wifi: wi.?fi|internet|contraseña|red\\b|router|conexión
- La contraseña está en su tarjeta.
- Reiniciado. Pruebe en dos minutos.
+ La red se llama como la casa, y la contraseña está detrás de su tarjeta. Si no funciona, vamos a ayudarle.
+ Acabamos de reiniciar el punto de acceso de su planta. En dos minutos debería ir rápido.
# invoice: factur\\w*|recibo|cuenta\\b|iva\\b|cobr\\w*|cargo|empresa|devoluci\\w*|pag(?:ar|ado|o)\\b
- Factura corregida y enviada.
- Enviada en PDF a la dirección de la reserva.
+ Hemos cambiado la factura como pedía y la hemos enviado en PDF a la dirección de su reserva. La anterior está anulada.
+ Contabilidad lo ha mirado, y tiene usted razón. Verá la corrección en su tarjeta en tres días laborables.
# lost: perd\\w+|olvid\\w*|dej(?:é|ado|amos)|bolso|bolsa|maleta\\w*|mochila|equipaje|encontr\\w*|falta\\b
- Encontrado. Está en la caja fuerte.
- Buscando. Escribo en una hora.
+ Lo hemos buscado y está aquí: en la caja fuerte, con su nombre. ¿Se lo guardamos o se lo enviamos?
+ Las camareras están buscando y hemos llamado a la compañía de taxis. Le escribiremos antes de una hora.
# parking: aparca\\w*|garaje|coche|cargador
- Garaje de al lado, plaza 12.
- Reservado. Llame en la barrera.
+ Hay un garaje justo al lado. Le hemos guardado una plaza; llame en la barrera y se abrirá.
# group: grupo\\w*|personas|habitaciones|autobús|autocar|equipo|coro|boda|congreso|somos
- Todos en una planta. Mande la lista.
- Sí. Los nombres, antes del viernes.
+ ¡Qué ilusión! Podemos alojarlos a todos en la segunda planta. Mándenos la lista de nombres y quién comparte con quién.
+ Anotado. El autocar puede parar veinte minutos delante de la casa, y la mesa larga es suya en el desayuno.
# complaint: quej\\w*|inaceptable|vergüenza|asqueros\\w*|suci\\w*|rot[oa]\\b|fr[ií][oa]s?\\b|director\\w*|reseña|nunca más|enfadad\\w*|peor
- Tiene razón. La directora le llama ahora.
- Perdón. Hay otra habitación lista.
+ Tiene usted razón, y lo sentimos. La encargada de guardia ya lo sabe y le llamará a la habitación en cinco minutos.
+ Así no debe ser en nuestra casa. Queremos arreglarlo hoy: otra habitación le espera, y la noche pasada corre de nuestra cuenta.
# thanks: gracias|perfect\\w*|genial|estupend\\w*|maravill\\w*
- De nada.
- A su disposición.
+ ¡No hay de qué!
+ Con mucho gusto. Si necesita algo más, aquí estamos.
# emoji:
- 👍
- Voy 👍
+ Creo que le entiendo 😊 ¿Subimos, o le llamamos?
+ 🙏 Sobran las palabras. Nos ocupamos.
# letter:
- Leída hasta el final. Gracias. Todo anotado.
+ Gracias por su carta. La hemos leído hasta el final, dos veces, y ha pasado de mano en mano. Todo lo que pide está previsto; lo demás lo guardamos.
# question:
- Un momento, pregunto.
- Sí, se puede.
+ Buena pregunta. Mi compañera sabe más y le contestará antes de una hora.
+ Creemos que sí, pero preferimos asegurarnos. Enseguida tendrá noticias nuestras.
# other:
- Anotado. Me ocupo.
- Hecho.
+ Gracias por decírnoslo. Nos ocupamos y le escribimos enseguida.
+ Lo hemos apuntado para todo el equipo, y así nadie tendrá que preguntárselo otra vez.
`),
};
