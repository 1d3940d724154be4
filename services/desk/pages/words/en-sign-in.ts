import type { SignInWords } from './zh-sign-in.js';

export const en: SignInWords = {
  title: 'Sign in to the disputes desk',
  over: 'Your session is over: half an hour without use, its time was up, or your account has changed. What was open is off this page.',
  left: 'You have signed out.',
  keptTexts:
    'What you had typed and not sent is kept in this tab for ten hours at most, and stands there again when you sign in here. Closing or reloading the tab loses it, and so does signing in through your organisation.',
  lead: 'Every search, every opening and every decision made here is written down, with your name.',
  passkey: 'Sign in with a passkey',
  provider: 'Sign in through your organisation',
  recovery: 'Sign in with a recovery code',
  recoveryText:
    'Where your passkey is not at hand: one of the codes you were given with your account lets you make a new one. Without any, ask your operator for a new invitation.',
  recoveryCode: 'Recovery code',
  recoveryHint: 'Letters and digits, with or without hyphens.',
  signIn: 'Sign in',
  noPasskeys: 'This browser has no passkeys. Use another browser or another way.',
  invitation: {
    title: 'Set up your account',
    lead: 'The link you were given works once. Make a passkey on this device; from now on you sign in with it, and it never leaves your device.',
    again: 'Make a new passkey',
    againText:
      'A recovery code serves for this alone. Afterwards your old passkeys, codes and sessions are over.',
    make: 'Make a passkey',
    missing: 'The link is incomplete. Open it again from the invitation you were given.',
    codes: 'Your recovery codes',
    codesText:
      'Shown this once. Print or copy them and keep them safe: if the passkey is lost, any one of them lets you make a new passkey, and the others are over then.',
    print: 'Print the codes',
    kept: 'I have kept the recovery codes',
    onward: 'To the desk',
  },
  returned: 'Finishing the sign-in…',
};
