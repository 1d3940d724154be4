import type { PasskeyWords } from './passkey-zh.js';

/** English: passkeys. Composed into `en.ts`. */
export const passkeyEn: PasskeyWords = {
  title: 'Sign with your passkey',
  what: 'A passkey lives in your phone or computer and is unlocked by fingerprint, face or screen lock. Fingerprint and face never leave your device; we do not get them.',
  lead: 'This letter is confirmed with your passkey; no text message is needed. Choose the button below, then unlock your device as it asks.',
  confirm: 'Confirm and sign with passkey',
  submitText:
    'Choosing the button below and unlocking your device is your own signature on this letter.',
  setUpText:
    'This letter needs a passkey beside the code, and you have none yet. Enter the code above and choose the button below to set one up; only after that you are asked to sign.',
  setUp: 'Set up a passkey',
  setUpHere: 'My passkey is not on this device: set up another',
  enrolHere: 'My passkey is not on this device',
  ready: 'Your passkey is ready. Now confirm with it.',
  noneLead: (phone) =>
    `This letter needs a passkey, and there is none yet. So that we know it is you, the button below first sends a code to ${phone}; with it you set up the passkey.`,
  offerTitle: 'Safer next time: set up a passkey',
  offer: 'Set up a passkey',
  offerText:
    'Text messages can be coaxed out of people or caught on the way; a passkey cannot. Set one up now and use it for your next letter. Without one, this authorization stays as it is.',
  offerDone: 'Your passkey is ready for your next letter.',
  cannotTitle: 'A passkey cannot be used here',
  unsupported:
    'This letter needs a passkey, which this browser does not offer. Open the institution’s link in the browser that came with your phone, or in a recent Chrome, Edge or Safari.',
};
