import { type DemoLanguage, scriptsOf } from "../../demo/demo-language.ts";

export const english: DemoLanguage = {
  code: "en",
  people: [
    [
      "Amelia Rosalind Harriet Imogen Niamh Priya Tamsin Leona",
      "Hartwell Pemberly Okafor Lindgate Fairhurst Dunmore Sethi",
    ],
    ["Callum Edwin Gareth Marcus Theo Desmond Rohan Stuart", "Ashdown Whitlock Brannigan Oakes Thornby Adeyemi Kessel"],
  ],
  hello: ["Hello,", "Hi there,", "Hi!", "", "", "Dear team,"],
  regards: ["", "", "", "Best regards,\n{guest}", "Thanks,\n{guest}", "Many thanks in advance!", "Booking {code}"],
  dear: ["Dear {guest},", "Hello {guest},", "Hi,", "Thank you for writing to us."],
  yours: ["", "", "Kind regards,\n{me}\n{property}", "Best wishes from {city}\n{me}", "{me}, front desk"],
  thanks: [
    "Thank you!",
    "Perfect, thanks 👍",
    "Brilliant. Thanks so much",
    "ok",
    "Great, see you soon!",
    "👍",
    "Cheers!",
  ],
  welcome: ["You are very welcome!", "With pleasure. Have a good journey!", "Any time 😊"],
  scripts: scriptsOf(`
# late: Late arrival | Arriving after midnight | Late check-in tonight
> Our flight ({flight}) is delayed and we now land at {late}. Will somebody still be at the front desk when we get to you? It will be well past midnight, with two tired children in tow.
< No need to worry: the front desk is open all night, and your room is yours whatever the hour. From the airport the night bus runs every half hour; a taxi takes about 35 minutes.
> That is such a relief, thank you. Could we get something small to eat at that time?
< Of course. We will put sandwiches, fruit and milk for the children in your room. Just ring if you need anything else.
# parking: Parking | Do you have parking? | Car park height
> Is there parking at the hotel, and do I need to reserve? We have a fairly tall van (2.05 m with the roof box).
< We have a garage next door for {parking} per night. Unfortunately its height is limited to 1.95 m. For your van there is an open, guarded car park four minutes away; here is the way: {link}/parking
> Open one is fine. Please book us in from {date} until {until}.
< Booked! The attendant will have your name. Please do not leave anything in the roof box.
# early: Early check-in | Can we check in early?
> We arrive on the night train at {early} on {date}. Any chance of getting into the room before the usual time?
< We cannot promise it yet, as the hotel is full the night before, but we have put you at the top of the list. In any case you can leave your bags, have a shower in our spa and a long breakfast.
> A shower and breakfast sounds like heaven after a night train. Fingers crossed for the room!
# invoice: Invoice with company details | VAT invoice | Receipt for expenses
> Could you please issue the invoice for booking {code} to my company instead of my name?

Brightwater Textiles Ltd.
14 Orchard Lane
Leeds
VAT no. GB 000 0000 00

Accounts will not reimburse me otherwise.
< Certainly. The corrected invoice is ready and you can download it here: {link}/invoice/{code}
It carries the company address and the VAT number exactly as you wrote them.
> Sorry, one more thing: they also want the purchase order number on it, PO-7741.
< Done, same link. The first version has been cancelled so that your accountants see only one.
# lost: Lost: a child's toy rabbit | Left something behind in room {room}
> We checked out of room {room} this morning and our daughter's rabbit must be somewhere in the sheets. Grey, one ear shorter than the other, answers to Mr Flops. There are tears here. Please look!
> He may also be behind the radiator. He likes it there.
< Good news: Mr Flops has been found, in the laundry, a bit dizzy but unharmed 🐰 He is having tea at reception. Where may we send him?
> YOU ARE THE BEST. 22 Ferry Road, Whitby, please. We pay the postage of course.
< He is on his way, first class, and the postage is on us. He took a photograph of the lobby for your daughter; it is in the parcel.
# cot: Baby cot | Travelling with a baby
> We're coming with our 7-month-old on {date}. Could you put a cot in the room, and do you have a bottle warmer?
< A cot with fresh linen, a bottle warmer and a small bath will be in your room when you come, free of charge. Would you like a quiet room to the courtyard?
> Yes please, that would be wonderful.
# allergy: Nut allergy | Breakfast and allergies
> My husband has a SEVERE nut allergy (he carries an EpiPen). Is the breakfast buffet safe, or are there open nuts and pastries? Please be honest, we would rather eat elsewhere than guess.
< Thank you for telling us before you come. There are walnuts in the muesli corner and almond croissants on the buffet, so we would not call it safe. Our chef will gladly prepare your breakfast apart, in a kitchen where nuts are never handled, and bring it to your table. She would like to speak with you on your first evening.
> That's the most sensible answer any hotel has ever given us. Yes please to the separate breakfast, both mornings, around 8.
# transfer: Airport transfer | Pick-up from {airport}
> How much is a transfer from {airport} for four people and how do we find the driver?
< The transfer is {transfer} for up to four people with luggage. The driver waits in the arrivals hall with a sign saying {property}. We only need your flight number.
> {flight}, landing {late}. We're four plus a cello (hard case).
< The cello gets a seat of its own: we have booked the bigger car at the same price 🎻
# aircon: Air conditioning not working | It is boiling in room {room} | AC broken
> The air conditioning in {room} is blowing warm air. It's 28 degrees in here and I have a presentation at 8 tomorrow. Can someone come NOW please
< I am so sorry. Our technician is on his way up and will be at your door in five minutes.
> He was here, tried something, it's still warm. This is not what I paid for.
< You are quite right. I have a cool room for you on the fourth floor, ready now; a colleague is coming to carry your things. Tonight is not going to be charged.
> ok. that's fair. thank you for sorting it quickly
# noise: Noise | Very loud guests next door | Can't sleep
> It is {now} and the people above {room} are having a party. Third time I'm writing!!!
< We apologise. The night porter has just spoken with them and the music is off. If there is another sound, call 9 and we will move you at once.
> Quiet now. Finally.
# flowers: Surprise for our anniversary | Flowers in the room
> My wife and I are celebrating 25 years on {date} (she doesn't know that I'm writing!). Could you have flowers in the room when we arrive? She loves white peonies, and if it's not the season, anything white.
< Congratulations, what a lovely occasion! Our florist can do a bouquet of white roses and lisianthus. Shall we add a bottle of sparkling wine, with our compliments?
> Perfect. And please a card: "Still yes. Always yes."
< It will be there, and nobody will say a word 🤫
# extend: Extending our stay | One more night?
> We like it so much that we'd like to stay until {until}. Is our room free, and at what rate?
< How nice to hear! Your room {room} is free and you can keep it at the same rate. Shall we change the booking?
> Yes please.
< Done. Booking {code} now ends on {until}. No need to come by.
# pets: Bringing our dog | Are dogs allowed?
> Do you take dogs? Ours is a very calm, slightly overweight labrador called Biscuit.
< Biscuit is welcome! There is a small cleaning fee per stay; a bowl and a blanket will be waiting. Dogs may go everywhere but the breakfast room and the spa.
> He'll be heartbroken about the spa.
# spa: Spa booking | Massage for two
> Can we book a couples massage for {date}, late afternoon?
< We have 16:30 or 18:00, 60 minutes each. Which do you prefer? All treatments: {link}/spa
> 18:00
< Booked. Please come ten minutes early; robes and slippers are in your room.
# access: Wheelchair access | Accessible room
> I use an electric wheelchair, 68 cm wide, and travel with my brother. Before I book: is the entrance really step-free, how wide are the bathroom door and the lift, and is there a roll-in shower? "Accessible" has meant a lot of things in my life.
< We went around with a measuring tape just now.

Entrance: level, automatic door of 120 cm.
Lift: door of 90 cm, cabin of 110 × 140 cm.
Bathroom of our accessible rooms: door of 92 cm, roll-in shower without any edge, folding seat, rails on both sides.
Breakfast room: on the ground floor, no steps.

One thing that is not good: the street has cobblestones for about 30 metres. From the side entrance it is smooth; we will send you a map.
> Nobody has ever measured for me. Booking now.
# cyclists: Group of 14 cyclists | Bikes: where to keep them?
> We are fourteen cyclists, arriving on {date} late in the afternoon, probably wet and certainly hungry. Three questions:

1. Is there a locked room for the bikes?
2. Can we wash the bikes (and the clothes) somewhere?
3. Breakfast before 7?
< Welcome to all fourteen!

1. Yes, in the cellar, with a camera and a workshop stand.
2. There is a hose in the yard, and we wash clothes overnight for a flat price per bag.
3. From 6:15 for you, with a double portion of porridge.
> You have done this before 😄
# charge: Wrong charge on my card | Charged twice!
> I was charged twice for booking {code}: {amount} on the day of the booking and {amount} again yesterday. I want the second payment back today or I go to my bank.
< We have looked into it, and you are right: the second one was our mistake. It has been refunded just now. Depending on your bank it takes two to five working days to show. Here is the confirmation: {link}/refund/{code}
> And who pays my overdraft fees?
< Please send us the statement once you have it; we will cover them. Again, our apologies.
# wifi: Wifi | Wi-Fi password
> Wifi?
< Network: {property} Guest, password: blue-teapot-42. On the third floor it is best near the window.
# luggage: Luggage storage | Can we leave our bags?
> Our flight home is only at 21:40. May we leave three suitcases with you after check-out?
< Of course, free of charge, as long as you like on that day. There is also a shower if you want to freshen up before the airport.
# dinner: Dinner recommendation | Where to eat nearby
> Where do locals eat around here? Nothing fancy, one of us is vegetarian, and please no place with photographs on the menu 😅
< Our own favourite is {restaurant}, six minutes on foot: small, noisy, wonderful. Always two vegetarian dishes. Shall we reserve? Map: {link}/eat
> Yes! 19:30 for three.
< Reserved under your name. Leave room for dessert.
# visa: Letter for my visa | Visa support letter
> The consulate asks for a letter from the hotel which confirms my booking {code}, with stamp and signature. Is this possible by Friday?
< Yes. Please tell us the name exactly as in the passport, the number of the passport and the date of birth by the secure form, not in this chat: {link}/visa
> Sent.
< The letter is in your mailbox, stamped and signed. Good luck with the consulate!
# checkout: Late check-out | Check-out at {out}?
> Could we keep the room until {out} on our last day?
< Until {out} is fine, with our compliments. Your key cards are prolonged.
# quiet: A quiet room, please | Room request
> I sleep badly. Could I have a room far from the lift, not above the bar, and not facing the street? High floor if possible. I realise that's a long list.
< Not at all. Room {room}: courtyard side, the last door of the corridor. Only the pigeons are up before you.
# cancel: Cancelling one room | Change of plans
> My colleague has fallen ill and can't come. Can we cancel one of the two rooms under {code} without a fee?
< We are sorry to hear that. The second room is cancelled, without a fee. Please give your colleague our best wishes.
# praise: Thank you | A word of praise
> Just wanted to say that the young man at the night desk walked my mother to the pharmacy at 2 in the morning, in the rain. She is 81 and still talks about it. Please make sure that somebody tells him how grateful we are.
< You have made our whole team smile. He has read it himself, and went rather red. All the best to your mother!
`),
};
