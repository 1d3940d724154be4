import type { Terms } from './terms.js';

/** Members of the subject that a use may hand on, in this order. */
export const SUBJECT_FIELDS = ['name', 'idType', 'idNumber', 'phone'] as const;
export type SubjectField = (typeof SUBJECT_FIELDS)[number];

/** What a source needs to find somebody at all. */
const IDENTITY: readonly SubjectField[] = ['name', 'idType', 'idNumber'];

/**
 * Items that cannot be answered without the telephone number. THE table of what goes beyond identity: whoever adds an
 * item here hands on more.
 */
const NEEDS_PHONE: ReadonlySet<string> = new Set([
  'real-name-match',
  'number-age',
  'number-status',
  'device-risk',
]);

/** The members of the subject that a use of these items needs; nothing else leaves with it. */
export const subjectFieldsFor = (items: readonly string[]): readonly SubjectField[] =>
  items.some((item) => NEEDS_PHONE.has(item)) ? [...IDENTITY, 'phone'] : IDENTITY;

/** Those members of a subject, and no others. */
export const pickSubject = (
  subject: Terms['subject'],
  fields: readonly SubjectField[],
): Partial<Terms['subject']> =>
  Object.fromEntries(
    SUBJECT_FIELDS.filter((field) => fields.includes(field)).map((field) => [
      field,
      subject[field],
    ]),
  );
