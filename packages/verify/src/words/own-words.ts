import type { OwnFindingId } from '../catalogue.js';
import { ARTEFACT_WORDS } from './artefact-words.js';
import { BUNDLE_WORDS } from './bundle-words.js';
import { CEREMONY_WORDS } from './ceremony-words.js';
import { CERTIFICATE_WORDS } from './certificate-words.js';
import { FILE_WORDS } from './file-words.js';
import { IDENTITY_WORDS } from './identity-words.js';
import { LATER_WORDS } from './later-words.js';
import { LEDGER_WORDS } from './ledger-words.js';
import { TERMS_WORDS } from './terms-words.js';
import { TIMESTAMP_WORDS } from './timestamp-words.js';
import type { Words } from './words-of.js';

/** Words of our own checks; each file has those of one thing. */
export const OWN_WORDS: Readonly<Record<OwnFindingId, Words>> = {
  ...FILE_WORDS,
  ...CERTIFICATE_WORDS,
  ...TIMESTAMP_WORDS,
  ...BUNDLE_WORDS,
  ...TERMS_WORDS,
  ...IDENTITY_WORDS,
  ...CEREMONY_WORDS,
  ...LEDGER_WORDS,
  ...LATER_WORDS,
  ...ARTEFACT_WORDS,
};
