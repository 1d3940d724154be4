import type { IdentityWords } from './identity-zh.js';

/** English: the check of who the subject is. Composed into `en.ts`. */
export const identityEn: IdentityWords = {
  title: 'Check of who you are',
  lead: (institution) =>
    `${institution} asks that who you are is checked before you sign. The check is made by whoever is named below, not by us.`,
  noPictureTitle: 'No pictures, no card numbers kept',
  noPicture:
    'We receive the result and a receipt only. No photograph, face or picture of a document reaches us, and we keep none. A card number is passed on to the provider and not kept.',
  step: (n, of) => `Check ${n} of ${of}`,
  choose: (n) => (n === 1 ? 'One of these checks is needed:' : `${n} of these checks are needed:`),
  done: 'Confirmed',
  failed: 'Not confirmed last time',
  unavailable: 'Not available now',
  asked: (operator) => `Made by ${operator}`,
  simulated: 'Simulated: nobody checks anything, for trials only',
  begin: 'Start the check',
  another: 'Choose another way',
  card: 'Bank card number',
  cardHint: 'A card in your name with the phone number above on file, 12 to 19 digits',
  cardWrong: 'The card number is incomplete or wrong.',
  credential: 'One-time text from the provider’s application',
  credentialHint: 'Shown when you have answered in the provider’s own application; good once',
  credentialWrong: 'Enter the text without spaces.',
  triesLeft: (n) =>
    n === 1 ? 'You can try once more today.' : `You can try ${n} more times today.`,
  checks: {
    'police-id': {
      title: 'Check with the police’s authoritative source',
      text: 'Whether name and ID number belong together. Sent: name, ID number.',
    },
    'network-id': {
      title: 'National network identity',
      text: 'You answer in the national application first, then enter the text it gives. Sent: name, ID number, that text.',
    },
    'carrier-name': {
      title: 'Whose phone number it is',
      text: 'Your carrier says whether the number is registered to you, and for how long. Sent: name, ID number, phone.',
    },
    'bank-card': {
      title: 'Bank card',
      text: 'Whether the card is yours. Nothing is charged; no password and no code is asked for. Sent: name, ID number, phone, card number.',
    },
    face: {
      title: 'Face check by the provider',
      text: 'You do it in the provider’s own application; pictures stay there and never reach us. Sent: name, ID number, the text it gives.',
    },
    institution: {
      title: 'The institution’s word',
      text: 'The institution that asks you says that it knows you. Do that in its own application.',
    },
  },
};
