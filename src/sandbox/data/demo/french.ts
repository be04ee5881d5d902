import { type DemoLanguage, scriptsOf } from "../../demo/demo-language.ts";

export const french: DemoLanguage = {
  code: "fr",
  people: [
    [
      "Capucine Delphine Hélène Ludivine Maëlle Solène Yasmina",
      "Aubertin Beaufils Castagnol Desrosiers Fontanel Guillemot",
    ],
    [
      "Anatole Bertrand Corentin Édouard Loïc Mathurin Thibaud",
      "Lachaume Marchandeau Périgault Quentin Rivoire Vasseur",
    ],
  ],
  hello: ["Bonjour,", "Bonjour à toute l'équipe,", "Bonjour !", ""],
  regards: ["", "", "Cordialement,\n{guest}", "Bien à vous,\n{guest}", "Merci d'avance !"],
  dear: ["Bonjour {guest},", "Merci pour votre message.", "Bonjour,"],
  yours: ["", "", "Bien cordialement,\n{me}\n{property}", "À très bientôt à {city},\n{me}"],
  thanks: [
    "Merci beaucoup !",
    "Parfait, merci 🙏",
    "Super, à bientôt",
    "Merci",
    "Formidable, merci pour votre réactivité.",
  ],
  welcome: ["Avec plaisir !", "Je vous en prie, bon voyage !", "À votre service 😊"],
  scripts: scriptsOf(`
# late: Arrivée tardive | Arrivée après minuit
> Notre vol {flight} a du retard, nous n'atterrissons qu'à {late}. Y aura-t-il encore quelqu'un à la réception ?
< Ne vous inquiétez pas, la réception est ouverte toute la nuit et votre chambre vous attend. Un taxi met environ 35 minutes depuis l'aéroport.
> Ouf. Et pour manger un morceau à cette heure-là ?
< Nous déposerons une assiette froide dans votre chambre. Bon vol !
# parking: Parking | Place de stationnement
> Avez-vous un parking ? Nous venons en voiture avec un coffre de toit (hauteur 2,00 m).
< Le garage voisin est limité à 1,95 m, mais il y a un parking surveillé à quatre minutes, à {parking} la nuit. Le plan est ici : {link}/parking
> Très bien, réservez-nous une place du {date} au {until} s'il vous plaît.
< C'est fait, la place est à votre nom.
# early: Arriver plus tôt | Chambre avant midi ?
> Nous arrivons le {date} vers {early} par le train de nuit. Est-il possible d'avoir la chambre tout de suite ?
< Nous ferons tout notre possible, sans pouvoir le garantir aujourd'hui. Vous pourrez de toute façon laisser vos bagages et prendre le petit-déjeuner.
# invoice: Facture au nom de la société | Facture à modifier
> Pourriez-vous établir la facture de la réservation {code} au nom de notre société ?

Ateliers du Vieux Moulin SARL
3, chemin des Écluses
Neuville-sur-Brume

Notre comptable l'attend pour lundi.
< La facture corrigée est disponible ici : {link}/facture/{code}
N'hésitez pas si autre chose manque.
# lost: Objet oublié | Foulard oublié dans la chambre {room}
> J'ai oublié un foulard en soie bleu dans l'armoire de la chambre {room}. Il n'a pas grande valeur, mais c'était celui de ma grand-mère…
< Nous l'avons retrouvé, soigneusement plié. Souhaitez-vous que nous vous l'envoyions ?
> Oh merci ! Oui, à l'adresse de la réservation. Vous n'imaginez pas ma joie.
< Il part ce soir en recommandé, à nos frais.
# cot: Lit bébé | Voyage avec un bébé
> Nous voyageons avec notre fille de dix mois. Serait-il possible d'avoir un lit bébé et une chaise haute au petit-déjeuner ?
< Les deux seront prêts, gratuitement. Nous mettrons aussi une petite baignoire dans la salle de bains.
# allergy: Allergie au lait | Petit-déjeuner sans lait
> Mon fils est allergique au lait de vache (allergie, pas intolérance). Que peut-il manger sans risque au petit-déjeuner ?
< Nous avons du lait d'avoine et de soja, des fruits, des œufs, et un pain sans lait. Le chef vous préparera une assiette à part : signalez-vous à l'entrée, tout sera prêt.
> Merci de prendre cela au sérieux, ce n'est pas toujours le cas.
# transfer: Navette aéroport | Transfert depuis {airport}
> Quel est le prix d'un transfert pour cinq personnes depuis {airport} ? Arrivée à {late}.
< Pour cinq personnes nous réservons un van, au prix de {transfer}. Le chauffeur vous attendra avec une pancarte au nom de l'hôtel.
> D'accord, on réserve. Vol {flight}.
# aircon: Climatisation en panne | Chambre {room} glaciale
> La climatisation de la chambre {room} fait un bruit de tracteur et ne s'éteint plus. Nous avons froid et nous ne dormons pas. C'est inadmissible à ce prix.
< Toutes nos excuses. Un technicien monte immédiatement.
> Toujours personne.
< Je viens de vous attribuer la chambre 412, ma collègue monte avec la clé et vous aide à déménager. La nuit ne vous sera pas facturée.
# flowers: Une surprise | Demande (très) spéciale
> Je vais demander mon compagnon en mariage le {date} 🤞 Pourriez-vous préparer la chambre avec des fleurs et deux coupes de champagne vers 21 h, pendant que nous dînons ?
< Toute l'équipe est déjà émue ! Des pivoines, des bougies (électriques, par prudence) et deux coupes bien fraîches vous attendront. Bonne chance !
> IL A DIT OUI 💍 Merci du fond du cœur, c'était parfait.
< Félicitations à vous deux ! La bouteille est offerte par la maison 🥂
# extend: Prolonger le séjour | Une nuit de plus
> Nous aimerions rester jusqu'au {until}. La chambre est-elle libre ?
< Oui, et au même tarif. Je prolonge la réservation {code} ?
> Oui, merci.
< C'est noté.
# charge: Erreur sur ma carte | Débit injustifié
> J'ai été débité de {amount} alors que tout était réglé d'avance. Merci de rembourser sans délai et de m'expliquer comment une telle erreur est possible.
< Vous avez raison : il s'agissait d'une double saisie de notre part. Le remboursement est fait, comptez deux à cinq jours selon votre banque. Voici le justificatif : {link}/remboursement/{code}
# dinner: Un bon restaurant ? | Où dîner ?
> Un restaurant sympathique à conseiller, pas trop touristique ?
< {restaurant}, à six minutes à pied. Cuisine du marché, une salle minuscule, réservation indispensable. Voulez-vous que nous appelions ?
> Volontiers, 20 h pour deux.
< C'est réservé. Bon appétit !
# luggage: Bagages | Consigne
> Peut-on laisser nos valises après le départ ?
< Bien sûr, gratuitement, toute la journée.
# wifi: Code wifi | Wifi
> Le code wifi svp ?
< Réseau « {property} Guest », mot de passe blue-teapot-42.
`),
};
