/** What colleagues tell each other, by what a conversation is about. */
export const demoNotes: Readonly<Record<string, readonly string[]>> = {
  late: ["On the arrivals list of the night shift.", "Sandwich plate ordered, kitchen knows. Keys are in box 3."],
  parking: ["Checked: two places left tonight, I've blocked one."],
  early: ["Housekeeping does this one first tomorrow, I asked.", "Full house the night before, please do not promise."],
  invoice: ["Old invoice cancelled in the accounts, new one issued.", "Sent to accounting as well."],
  lost: ["Asked the laundry, they are looking.", "In the safe, bag 12, with a label."],
  cot: ["Cot no. 2 reserved, the blue one squeaks."],
  allergy: [
    "Kitchen told, it's on the breakfast sheet in red.",
    "Serious one. Everyone on the early shift, please read.",
  ],
  transfer: ["Driver confirmed by phone.", "Needs the big car. Booked."],
  aircon: ["Technician is in the other wing and goes there next. If it takes longer: 412 is free."],
  noise: ["Spoke with them at the door, they were nice about it. If it happens again: last warning."],
  flowers: ["Florist ordered, delivery at 14:00. Surprise! Don't mention it at check-in."],
  extend: ["Moved the next arrival to another room so that they can stay."],
  pets: ["Blanket and bowl are in the store behind the bar."],
  spa: ["In the spa's book already."],
  access: ["Ramp for the terrace door is in the bicycle cellar. Please check it before they come."],
  cyclists: ["Key to the bike cellar is with the night porter. Breakfast from 6:15, kitchen agreed."],
  charge: ["Accounts have confirmed it. Refund approved.", "Be gentle with this one, it's our fault."],
  visa: ["Stamp is in the top drawer."],
  checkout: ["Housekeeping informed."],
  cancel: ["No fee, approved."],
  praise: ["Printed and hung up in the back office ❤️"],
};

/** What somebody says who opened a conversation once more. */
export const reopeningNotes: readonly string[] = [
  "Reopened: I want to ask them tomorrow whether everything is fine now.",
  "Resolved too early, the parcel has not been sent yet.",
  "Opening this again until the bank confirms.",
  "Sorry, wrong one resolved. Sorted now.",
];
