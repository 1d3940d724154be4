import type { RecordProblemCode } from '@mandate/store';

/** How a problem of the record is told: what it means, and what to do. */
interface Words {
  readonly says: string;
  readonly remedy: string;
  /** Left over by a crash, too; a fault only beside others. */
  readonly harmless?: true;
}

const COMPARE =
  'stop writing, keep a copy of the database as it is, and compare with the newest backup, the published ledger and the receipts others hold; find out who wrote';
const RESTORE = 'bring back the missing rows from a backup: the ledger proves that they were there';
const OBJECT =
  'bring back the object from a backup of the store; its name and digest are on record';

/** One row for each kind of problem; a new kind does not compile without its words. */
export const RECORD_WORDS: Readonly<Record<RecordProblemCode, Words>> = {
  'trail-broken': { says: 'trails whose events do not follow from each other', remedy: COMPARE },
  'trail-step': { says: 'steps that no role may make', remedy: COMPARE },
  'trail-time': { says: 'events dated before the one before them', remedy: COMPARE },
  'trail-orphan': { says: 'rows of authorizations that are gone', remedy: RESTORE },
  projection: {
    says: 'authorizations that stand otherwise than their trail says',
    remedy: COMPARE,
  },
  'request-changed': { says: 'letters or terms other than were requested', remedy: COMPARE },
  'template-changed': { says: 'templates changed after they were published', remedy: COMPARE },
  'challenge-changed': { says: 'challenges other than their events say', remedy: COMPARE },
  'confirmation-changed': { says: 'confirmations other than their events say', remedy: COMPARE },
  'attempt-changed': { says: 'signing attempts other than their events say', remedy: COMPARE },
  'scope-changed': { says: 'scopes other than was signed', remedy: COMPARE },
  'data-missing': {
    says: 'authorizations without their terms or presentation records',
    remedy: RESTORE,
  },
  'subject-hidden': { says: 'letters their subject does not find', remedy: RESTORE },
  'passkey-changed': { says: 'passkeys other than trail and ledger say', remedy: COMPARE },
  'fact-changed': { says: 'uses or other facts changed after they were recorded', remedy: COMPARE },
  'fact-without-event': { says: 'facts that no trail tells of', remedy: COMPARE },
  'event-without-fact': { says: 'events whose fact is gone', remedy: RESTORE },
  'uses-miscounted': { says: 'more uses than were agreed, or two of one number', remedy: COMPARE },
  'entry-missing': { says: 'facts that are not in the ledger', remedy: COMPARE },
  'entry-differs': {
    says: 'ledger entries that say something else than the record',
    remedy: COMPARE,
  },
  'entry-unexplained': {
    says: 'ledger entries about something the record does not hold',
    remedy: RESTORE,
  },
  'entry-moved': {
    says: 'ledger entries elsewhere or otherwise than they were queued',
    remedy: COMPARE,
  },
  'checkpoint-differs': {
    says: 'signed heads that are not the root of the entries',
    remedy: 'stop role ledger; restore the entries from the published files or a witness’s copy',
  },
  'node-differs': {
    says: 'hashes of the tree that do not follow from its entries',
    remedy:
      'stop role ledger; recompute them from the entries once those agree with what is published',
  },
  'proof-differs': {
    says: 'letters whose proof does not hold',
    remedy: 'their holders’ copies are right where they verify; restore the rows from a backup',
  },
  'published-differs': { says: 'published entries other than the record’s', remedy: COMPARE },
  'published-ahead': {
    says: 'more was published than the record holds',
    remedy:
      'a restored backup is behind: bring back the missing entries, never start a second history',
  },
  'receipt-differs': { says: 'receipts about something else than their fact', remedy: COMPARE },
  'receipt-unsigned': {
    says: 'receipts that no published key signed',
    remedy: 'compare TRUST_DIR/receipt with the key in use; if that is right, somebody wrote them',
  },
  'receipt-stamp': { says: 'receipts stamped over other bytes', remedy: COMPARE },
  'receipt-orphan': { says: 'receipts of facts that are gone', remedy: RESTORE },
  'data-key-missing': {
    says: 'authorizations whose data key is gone without an erasure',
    remedy: 'restore the row of data_keys from a backup; until then the data cannot be opened',
  },
  'data-key-returned': {
    says: 'data keys of erased people that came back, or went at another time',
    remedy:
      'destroy them again, and take the backup they came from out of use; tell whoever answers for data protection',
  },
  'data-key-unopened': {
    says: 'data keys that role vault’s key does not open',
    remedy: 'restore the rows of data_keys, or the key folder of role vault',
  },
  'register-broken': {
    says: 'access registers whose entries do not follow from each other',
    remedy: COMPARE,
  },
  'register-short': {
    says: 'access registers with fewer openings than there must have been',
    remedy: COMPARE,
  },
  'register-unanchored': {
    says: 'access registers other than was entered into the ledger',
    remedy: COMPARE,
  },
  'case-broken': {
    says: 'cases of the disputes desk other than their events say',
    remedy: COMPARE,
  },
  'opening-unexplained': {
    says: 'openings for cases without the grant, or the people, they took',
    remedy: 'find out who wrote them, and look at what was opened: the ledger has each opening',
  },
  'desk-forged': {
    says: 'rows of the disputes desk that role vault did not write, or not so',
    remedy: 'find out who wrote them; take back what rests on them',
  },
  'desk-undone': {
    says: 'grants taken back, or cases ended, that are good again',
    remedy: 'find out who put them back, and look at what was opened since',
  },
  'desk-unentitled': {
    says: 'sessions, agreements or openings of people who could not do that then, or after it was taken back',
    remedy: 'find out who put back what had ended, and for how long; look at what was opened',
  },
  'sample-seed': {
    says: 'samples drawn by another seed than their definition and the ledger’s head give',
    remedy: 'draw them anew; what was found in them says nothing about the period',
  },
  'sample-picked': {
    says: 'samples that hold something else than their seed draws',
    remedy: 'find out who wrote them; what was found in them says nothing about the period',
  },
  'desk-unproven': {
    says: 'agreements at the disputes desk that no authenticator of the person gave',
    remedy: 'ask those people; find out who wrote them, and take back what rests on them',
  },
  'report-changed': {
    says: 'reports of the desk with another moment, result, end or files than role vault entered',
    remedy: 'find out who wrote them; the sealed papers themselves say what is right',
  },
  'report-orphan': {
    says: 'reports that role vault entered under a number given up for another',
    remedy: 'none, if the report was made again; otherwise find out who took the number out',
    harmless: true,
  },
  'desk-index-changed': {
    says: 'letters the desk’s search does not find, or finds for somebody else',
    remedy: 'restore desk_index from a backup; those letters are found by number, id or reference',
  },
  'object-missing': { says: 'objects that are gone', remedy: OBJECT },
  'object-differs': { says: 'objects other than were stored', remedy: OBJECT },
  'object-unknown': {
    says: 'objects the record does not name',
    remedy:
      'left by a crash between storing and recording, or the record lost them: look whether a backup names them',
    harmless: true,
  },
};
