import {
  canonicalBytes,
  decrypt,
  DomainError,
  encrypt,
  fromUtf8,
  type CaseAct,
  type CaseStep,
  type CaseTexts,
  type Random,
} from '@mandate/core';

/** Characters. */
const MOST_TEXT = 4000;
const MOST_DOCUMENTS = 50;
const MOST_DOCUMENT = 200;

/** What must be said when this is done. */
const NEEDED: Readonly<Record<string, readonly (keyof CaseTexts)[]>> = {
  accepted: ['standing', 'legalBasis', 'scope'],
  rejected: ['decision'],
  certified: ['decision'],
  noted: ['note'],
  extended: ['note'],
};

/** Throws `invalid-request`. */
export function checkTexts(texts: CaseTexts): void {
  const { documents = [], ...others } = texts;
  const long = Object.entries(others).find(([, text]) => (text ?? '').length > MOST_TEXT);
  if (long) throw new DomainError('invalid-request', `${long[0]}: at most ${MOST_TEXT} characters`);
  if (documents.length > MOST_DOCUMENTS || documents.some((text) => text.length > MOST_DOCUMENT))
    throw new DomainError(
      'invalid-request',
      `documents: at most ${MOST_DOCUMENTS} of ${MOST_DOCUMENT} characters`,
    );
}

/**
 * `from`: where the case stands. Throws `invalid-request` where what is done takes a text that is missing.
 */
export function checkTextsFor(act: CaseAct, from: CaseStep): void {
  checkTexts(act.texts);
  const done = act.type === 'stepped' ? act.to : act.type;
  // What was certified has its decision; a case that ends before says why.
  const needed = done === 'closed' && from !== 'certified' ? NEEDED['rejected'] : NEEDED[done];
  for (const name of needed ?? [])
    if (!String(act.texts[name] ?? '').trim())
      throw new DomainError('invalid-request', `${name}: say it`);
}

const context = (caseId: string, version: number): string => `case_boxes/${caseId}/${version}`;

/** Null where nothing was said. */
export function sealTexts(
  key: Uint8Array,
  caseId: string,
  version: number,
  texts: CaseTexts,
  random: Random,
): Uint8Array | null {
  if (Object.keys(texts).length === 0) return null;
  return encrypt(key, canonicalBytes(texts), context(caseId, version), random);
}

/** Throws `object-corrupt`. */
export const openTexts = (
  key: Uint8Array,
  caseId: string,
  version: number,
  box: Uint8Array,
): CaseTexts => JSON.parse(fromUtf8(decrypt(key, box, context(caseId, version)))) as CaseTexts;
