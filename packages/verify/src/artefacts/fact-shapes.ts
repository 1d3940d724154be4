import {
  digest,
  integer,
  list,
  moment,
  oneOf,
  optional,
  record,
  text,
  type Reader,
} from '../material/json-shape.js';

/** Kinds of facts that have a receipt: `typ` is `mandate-<kind>+jwt`, of a redemption `mandate-receipt+jwt`. */
export const FACT_KINDS = [
  'redemption',
  'withdrawal',
  'hold',
  'hold-resolution',
  'end',
  'release',
  'restriction',
  'erasure',
  'id-image-destruction',
] as const;
export type FactKind = (typeof FACT_KINDS)[number];

export const factType = (kind: FactKind): string =>
  `mandate-${kind === 'redemption' ? 'receipt' : kind}+jwt`;

/** What every fact says. */
export interface Fact {
  readonly format: string;
  readonly id: string;
  readonly authorization: string;
  readonly letterNumber: string;
  /** SHA-256 of the letter as shown, hex. */
  readonly letter: string;
  readonly terms: string;
  /** RFC 3339. */
  readonly at: string;
}

const word = text(/^[a-z][A-Za-z0-9-]{0,60}$/);
/** As somebody wrote it, line breaks included. */
const free = text(/^.{1,2000}$/su);
const creditCode = text(/^[0-9A-Z]{18}$/);
export const id = text(/^[a-z]{3}_[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
/** Whole seconds: what happens to an authorization is entered so in the ledger. */
const instant: Reader<string> = (value) => text(/^.{20}$/)(moment(value));
const proof = record<{ kind: string; ref: string }>({ kind: text(), ref: free });

const common = (kind: FactKind) => ({
  format: oneOf(`mandate-${kind}/v1`),
  id,
  authorization: id,
  letterNumber: text(),
  letter: digest,
  terms: digest,
  at: instant,
});

/** Members beside the common ones vary by kind; what is compared is the fact's digest. */
const shape = (members: Readonly<Record<string, Reader<unknown>>>): Reader<Fact> =>
  record(members as never) as unknown as Reader<Fact>;

const PARTY = oneOf('subject', 'institution');

/** Exactly these members, for each kind. Chapter 2.3 lists them. */
export const FACT_SHAPES: Readonly<Record<FactKind, Reader<Fact>>> = {
  redemption: shape({
    ...common('redemption'),
    institution: creditCode,
    purpose: text(),
    source: creditCode,
    recipient: creditCode,
    items: list(text(), 1000),
    operator: digest,
    number: integer(1, 1_000_000),
    of: integer(1, 1_000_000),
    per: optional(oneOf('month', 'quarter', 'year')),
    period: optional(text(/^\d{4}(?:-(?:\d{2}|Q[1-4]))?$/)),
    reservedUntil: optional(instant),
  }),
  withdrawal: shape({
    ...common('withdrawal'),
    by: PARTY,
    channel: free,
    proof,
    salt: digest,
  }),
  hold: shape({
    ...common('hold'),
    by: PARTY,
    reason: free,
    proof,
    salt: digest,
  }),
  'hold-resolution': shape({
    ...common('hold-resolution'),
    hold: id,
    outcome: oneOf('upheld', 'rejected', 'retracted'),
    grounds: free,
    proposedBy: digest,
    resolvedBy: digest,
    proposedAt: instant,
  }),
  end: shape({
    ...common('end'),
    event: free,
    happenedAt: instant,
    salt: digest,
  }),
  release: shape({
    ...common('release'),
    redemption: id,
    recipient: creditCode,
    key: text(),
    fields: list(word, 100),
    content: digest,
    sealed: digest,
  }),
  restriction: shape({
    ...common('restriction'),
    by: PARTY,
    proof,
    salt: digest,
  }),
  erasure: shape({
    ...common('erasure'),
    basis: free,
    keptUntil: instant,
    askedBy: text(),
    approvedBy: optional(text()),
    salt: digest,
  }),
  'id-image-destruction': shape({
    ...common('id-image-destruction'),
    content: digest,
    keptAt: instant,
    keepUntil: instant,
    why: oneOf('deadline', 'asked', 'over', 'erased'),
    by: oneOf('institution', 'subject', 'sweep'),
    salt: digest,
  }),
};
