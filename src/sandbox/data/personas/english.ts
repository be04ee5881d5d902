import { type PersonaLanguage, topicsOf } from "../../autopilot/persona-language.ts";

export const englishPersonas: PersonaLanguage = {
  code: "en",
  voices: {
    warm: {
      dear: ["Hello {guest}, how nice to hear from you!", "Hi {guest}! Thank you for writing to us."],
      yours: ["See you soon 😊\n{me}", "Warm wishes from all of us\n{me}"],
    },
    brisk: { dear: [""], yours: [""] },
    formal: {
      dear: ["Dear {guest},", "Dear {guest},\n\nThank you for your message."],
      yours: ["Yours sincerely,\n{me}\n{property}", "With kind regards,\n{me}\n{property}"],
    },
    clumsy: { dear: ["Hi {guest}, sorry, I pressed Enter too early.", "Hello hello {guest}!"], yours: ["Bye!! {me}"] },
  },
  topics: topicsOf(`
# arrival: arriv\\w+|late(?!r)|midnight|flight|land(?:s|ing|ed)?\\b|check.?in|delayed|reception|anybody at the (?:front )?desk
- The desk is open all night. Just ring.
- Your room is kept. Ring the bell after midnight.
+ There is somebody at the front desk all night, and your room stays yours however late it gets. If the door is closed, please ring the bell on the left.
+ Please don't worry about the hour: the night porter knows your name and has your key ready.
# departure: depart\\w*|leav(?:e|ing)|check.?out|taxi|early (?:flight|train|start)|go home
- Noted. Leave the key in the box by the door.
- Taxi ordered, breakfast bag at the desk.
+ That is no problem at all. We will have your bill and a breakfast bag at the front desk, and a taxi in front of the door.
+ We have told the night porter. Please leave the key in the box by the door if nobody is there for a moment.
# allergy: allerg\\w*|anaphyla\\w*|celiac|coeliac|gluten|nuts?\\b|peanuts?|sesame|lactose|epipen|shellfish
- Kitchen told, in writing. Please tell the waiter too.
- Prepared separately. The list of ingredients is at the buffet.
+ Thank you for telling us in time. The kitchen has it in writing and prepares everything of yours separately, with its own board and knife. Please tell us again when you sit down, so that we know you by face.
+ We have a list of ingredients for every dish. The chef will come to your table in the morning and go through it with you.
# breakfast: breakfast|buffet|coffee|eggs?\\b|croissant
- Breakfast is from 7:00 to 10:30.
- In the garden room, from 7:00.
+ Breakfast is served from 7:00 to 10:30 in the garden room, at weekends until 11:00. If you leave earlier we will pack you a bag.
+ You find us in the garden room from 7:00. Tea, coffee and something warm are included in your rate.
# noise: nois\\w*|loud|party|music|drum\\w*|sleep|shout\\w*|hear (?:every|them|it)|quiet|drill\\w*|snor\\w*
- On my way up.
- They have been asked to be quiet. Another room?
+ We are sorry that you can't sleep. A colleague is on the way to their door right now; please tell us in ten minutes whether it is quiet.
+ That must not be. If you like, we will move you to a room on the courtyard at once and carry your things.
# wifi: wi.?fi|wlan|internet|password|network|router|online
- The password is on your key card.
- Restarted. Try again in two minutes.
+ The network has the name of the house, and the password is on the back of your key card. If it doesn't let you in, we will gladly come and help.
+ We have just restarted the access point on your floor. It takes about two minutes, and should be fast then.
# invoice: invoic\\w*|receipt|bill\\b|vat|charg\\w*|company|refund|pay(?:ment|ing)?\\b|tax\\b
- Corrected invoice sent.
- Sent as a PDF to the address of your booking.
+ We have changed the invoice as you asked and sent it as a PDF to the address of your booking. The old one is cancelled.
+ Accounts have looked at it and you are right. You will see the correction on your card within three working days.
# lost: lost|forgot\\w*|left (?:my|our|it|a|the)|bag|suitcase|luggage|backpack|found|missing
- Found. It is in the safe.
- Looking. I'll write within the hour.
+ We have looked, and it is here: in the safe, with your name on it. Shall we keep it for you or send it on?
+ Housekeeping is looking right now, and the taxi company has been called. We will write again within the hour.
# parking: park(?:ing|ed)?\\b|garage|car\\b|charging|tesla
- Garage next door, place 12.
- Reserved. Ring at the barrier.
+ There is a garage right next door. We have put a place aside for you; please ring at the barrier and it opens.
# group: group|people|rooms|bus\\b|coach|team|choir|wedding|of us|conference
- All rooms on one floor. Send the list.
- Yes. Please send the names by Friday.
+ What a pleasure! We can put all of you on the second floor. Please send us the list of names, and who shares a room with whom.
+ We have noted it. Coaches can stop in front of the house for twenty minutes, and the long table is yours for breakfast.
# complaint: given away|paid for|complain\\w*|unacceptable|disgust\\w*|terrible|awful|worst|manager|never again|review|dirty|broken|cold|angry|ridiculous
- You are right. The manager calls you now.
- Sorry. Another room is ready.
+ You are right, and we are sorry. The manager on duty knows about it and will call your room within five minutes.
+ This is not how it should be in our house. We would like to put it right today: another room is ready for you, and last night is on us.
# thanks: thank\\w*|thx|perfect|great|lovely|wonderful|cheers|brilliant
- You're welcome.
- Any time.
+ You are very welcome!
+ With pleasure. If there is anything else, we are here.
# emoji:
- 👍
- On it 👍
+ I think I understand you 😊 Shall we come up, or call you?
+ 🙏 That needs no words. We are looking after it.
# letter:
- Read to the end. Thank you. All noted.
+ Thank you for your letter. We have read it to the end, twice, and passed it round. Everything that you ask is arranged; the rest we keep.
# question:
- One moment, I'll ask.
- Yes, we can do that.
+ That is a good question. My colleague knows more about it, and will answer you within the hour.
+ We think so, but would rather make sure. You will hear from us shortly.
# other:
- Noted. I'll see to it.
- Done.
+ Thank you for telling us. We will see to it and write again shortly.
+ We have written it down for everybody here, so that nobody has to ask you again.
`),
};
