import { type PersonaLanguage, topicsOf } from "../../autopilot/persona-language.ts";

export const frenchPersonas: PersonaLanguage = {
  code: "fr",
  voices: {
    warm: {
      dear: ["Bonjour {guest}, quel plaisir de vous lire !", "Bonjour {guest} ! Merci de nous avoir écrit."],
      yours: ["À très vite 😊\n{me}", "Toute l’équipe vous salue chaleureusement\n{me}"],
    },
    brisk: { dear: [""], yours: [""] },
    formal: {
      dear: ["Bonjour {guest},", "Bonjour {guest},\n\nNous vous remercions de votre message."],
      yours: ["Bien cordialement,\n{me}\n{property}", "Veuillez agréer nos salutations distinguées.\n{me}\n{property}"],
    },
    clumsy: { dear: ["Bonjour {guest}, oups, parti trop vite.", "Coucou {guest} !"], yours: ["À pluss !! {me}"] },
  },
  topics: topicsOf(`
# arrival: arriv\\w+|tard\\b|retard\\w*|minuit|vol\\b|avion|atterri\\w*|réception|check.?in
- La réception est ouverte toute la nuit. Sonnez.
- Votre chambre est gardée.
+ Il y a quelqu’un à la réception toute la nuit, et votre chambre vous attend, quelle que soit l’heure. Si la porte est fermée, sonnez à gauche.
+ Ne vous inquiétez pas de l’heure : le veilleur de nuit connaît votre nom, et votre clé est prête.
# departure: dépar\\w*|partir|partons|check.?out|taxi|rentr(?:er|ons)
- C’est noté. La clé dans la boîte, près de la porte.
- Taxi commandé, petit déjeuner à emporter.
+ Aucun souci. Votre facture et un petit déjeuner à emporter vous attendront à la réception, et un taxi devant la porte.
+ Le veilleur est prévenu. S’il n’y a personne un instant, laissez la clé dans la boîte à côté de la porte.
# allergy: allergi\\w*|intoléran\\w*|cœliaque|gluten|noix|noisettes?|arachides?|cacahu\\w*|sésame|lactose|adrénaline
- La cuisine est prévenue par écrit. Dites-le aussi au serveur.
- Préparé à part. La liste des ingrédients est au buffet.
+ Merci de nous prévenir à temps. La cuisine l’a par écrit et préparera tout à part, avec une planche et un couteau réservés. Dites-le-nous encore à table, que nous vous reconnaissions.
+ Nous avons la liste des ingrédients de chaque plat. La cheffe viendra demain matin la parcourir avec vous.
# breakfast: petit.déj\\w*|buffet|café|croissants?
- Petit déjeuner de 7 h à 10 h 30.
- Dans la salle du jardin, dès 7 h.
+ Le petit déjeuner est servi de 7 h à 10 h 30 dans la salle du jardin, jusqu’à 11 h le week-end. Si vous partez plus tôt, nous vous préparons un sac.
+ Nous sommes dans la salle du jardin dès 7 h. Thé, café et plat chaud sont compris.
# noise: bruit\\w*|bruyant\\w*|fête|musique|dorm\\w*|tapage|crient?|calme|perceuse|ronfl\\w*|batterie
- Je monte.
- Ils sont prévenus. Une autre chambre ?
+ Nous sommes navrés que vous ne puissiez pas dormir. Un collègue est en route vers leur porte ; dites-nous dans dix minutes si c’est calme.
+ Ce n’est pas acceptable. Si vous le souhaitez, nous vous installons tout de suite côté cour et portons vos affaires.
# wifi: wi.?fi|internet|mot de passe|réseau|routeur|connexion
- Le mot de passe est sur votre carte.
- Redémarré. Réessayez dans deux minutes.
+ Le réseau porte le nom de la maison, et le mot de passe est au dos de votre carte. Si cela ne marche pas, nous venons vous aider.
+ Nous venons de redémarrer la borne de votre étage. Dans deux minutes, tout devrait aller vite.
# invoice: factur\\w*|reçu\\b|note\\b|tva|prélev\\w*|débit\\w*|société|rembours\\w*|pay(?:er|é|ons)
- Facture corrigée envoyée.
- Envoyée en PDF à l’adresse de la réservation.
+ Nous avons modifié la facture comme vous le souhaitiez et l’avons envoyée en PDF à l’adresse de votre réservation. L’ancienne est annulée.
+ La comptabilité a vérifié, et vous avez raison. La correction paraîtra sur votre carte sous trois jours ouvrés.
# lost: perdu\\w*|oubli\\w*|laissé\\w*|sac\\b|valises?|bagages?|retrouv\\w*|manqu\\w*
- Trouvé. Il est au coffre.
- Nous cherchons. Réponse dans l’heure.
+ Nous avons cherché, et il est ici : au coffre, à votre nom. Faut-il le garder ou vous l’envoyer ?
+ Les étages cherchent en ce moment, et la compagnie de taxis est prévenue. Nous vous écrivons dans l’heure.
# parking: parking|garage|voiture|stationn\\w*|borne
- Garage voisin, place 12.
- Réservé. Sonnez à la barrière.
+ Il y a un garage juste à côté. Une place vous est réservée ; sonnez à la barrière et elle s’ouvrira.
# group: groupe\\w*|personnes|chambres|autocar|équipe|chorale|mariage|séminaire
- Tous au même étage. Envoyez la liste.
- Oui. Les noms avant vendredi, s’il vous plaît.
+ Quelle joie ! Nous pouvons vous loger tous au deuxième étage. Envoyez-nous la liste des noms, et qui partage avec qui.
+ C’est noté. L’autocar peut s’arrêter vingt minutes devant la maison, et la grande table est à vous au petit déjeuner.
# complaint: plain(?:dre|te)\\w*|inadmissible|inacceptable|scandal\\w*|honte\\w*|sale\\b|cassée?|froid\\w*|directeur|directrice|avis\\b|jamais|déçu\\w*|colère
- Vous avez raison. La directrice vous appelle.
- Pardon. Une autre chambre est prête.
+ Vous avez raison, et nous vous présentons nos excuses. La responsable de garde est au courant et vous appellera dans cinq minutes.
+ Ce n’est pas ainsi que cela doit être chez nous. Nous voulons réparer cela aujourd’hui : une autre chambre est prête, et la nuit dernière vous est offerte.
# thanks: merci\\w*|parfait\\w*|super|génial|formidable|impeccable
- Je vous en prie.
- À votre service.
+ Avec grand plaisir !
+ Je vous en prie. S’il y a autre chose, nous sommes là.
# emoji:
- 👍
- Je m’en occupe 👍
+ Je crois que je comprends 😊 Faut-il monter, ou vous appeler ?
+ 🙏 Cela se passe de mots. Nous nous en occupons.
# letter:
- Lu jusqu’au bout. Merci. Tout est noté.
+ Merci de votre lettre. Nous l’avons lue jusqu’au bout, deux fois, et fait circuler. Tout ce que vous demandez est prévu ; le reste, nous le gardons.
# question:
- Un instant, je demande.
- Oui, c’est possible.
+ C’est une bonne question. Ma collègue en sait plus et vous répondra dans l’heure.
+ Nous le pensons, mais préférons vérifier. Vous aurez vite de nos nouvelles.
# other:
- Noté. Je m’en occupe.
- C’est fait.
+ Merci de nous le dire. Nous nous en occupons et vous récrivons très vite.
+ Nous l’avons noté pour toute l’équipe, afin que personne ne vous le redemande.
`),
};
