import { toHex } from './encoding.js';
import type { Clock, Random } from './time.js';

export const ID_PREFIXES = {
  institution: 'ins',
  apiKey: 'key',
  registryEntry: 'reg',
  template: 'tpl',
  authorization: 'aut',
  set: 'set',
  bulk: 'blk',
  link: 'lnk',
  visit: 'vis',
  challenge: 'chl',
  passkey: 'psk',
  identityResult: 'idr',
  attempt: 'att',
  report: 'rep',
  reportJob: 'rjb',
  redemption: 'red',
  withdrawal: 'wdr',
  hold: 'hld',
  holdResolution: 'hre',
  end: 'end',
  access: 'acc',
  recipientKey: 'rky',
  release: 'rel',
  restriction: 'rst',
  erasure: 'era',
  idImage: 'img',
  ownChallenge: 'owc',
  ownVisit: 'owv',
  ownLink: 'owl',
  webhook: 'whe',
  staff: 'stf',
  staffInvitation: 'inv',
  staffSignIn: 'sin',
  staffSession: 'ses',
  agreement: 'agr',
  case: 'cas',
  grant: 'gra',
  order: 'ord',
  accessSeal: 'sea',
  reconciliation: 'rcn',
  sample: 'smp',
  message: 'msg',
  request: 'req',
} as const;
export type IdKind = keyof typeof ID_PREFIXES;

/** Prefixed UUIDv7 (RFC 9562 §5.7), e.g. `aut_0192f0c1-…`: sortable by creation time. */
export function newId(kind: IdKind, clock: Clock, random: Random): string {
  const bytes = random.bytes(16);
  const ms = clock.now().getTime();
  for (let i = 0; i < 6; i++) bytes[i] = Math.floor(ms / 2 ** (8 * (5 - i))) & 0xff;
  bytes[6] = (bytes[6]! & 0x0f) | 0x70;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = toHex(bytes);
  const uuid = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ];
  return `${ID_PREFIXES[kind]}_${uuid.join('-')}`;
}

const UUID7 = '[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}';

export const idPattern = (kind: IdKind): RegExp => new RegExp(`^${ID_PREFIXES[kind]}_${UUID7}$`);

/** Letters and digits that cannot be mistaken for one another: no 0 O 1 I. */
export const EYE_ALPHABET = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';

/** 16 characters, 80 bits, drawn before rendering; grouped for reading: `ABCD-EFGH-JKLM-NPQR`. */
export function newLookupCode(random: Random): string {
  const text = [...random.bytes(16)].map((b) => EYE_ALPHABET[b & 31]).join('');
  return text.match(/.{4}/g)!.join('-');
}

/**
 * Six characters from the letter's digest for comparison by eye, `KQ7-MRX`.
 * Always mixes letters and digits, so that it can never be taken for the SMS code.
 */
export function checkCode(letterDigest: Uint8Array): string {
  const digits = EYE_ALPHABET.slice(0, 8);
  const letters = EYE_ALPHABET.slice(8);
  const pick = (i: number): string => {
    const byte = letterDigest[i]!;
    if (i === 2) return digits[byte % 8]!;
    if (i === 3) return letters[byte % 24]!;
    return EYE_ALPHABET[byte % 32]!;
  };
  const code = [0, 1, 2, 3, 4, 5].map(pick).join('');
  return `${code.slice(0, 3)}-${code.slice(3)}`;
}
