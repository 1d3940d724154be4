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
const free = text(/^[^\p{Cc}]{1,2000}$/u);
const creditCode = text(/^[0-9A-Z]{18}$/);
const id = text(/^[a-z]{2,10}_[0-9a-f-]{36}$/);
const proof = record<{ kind: string; ref: string }>({ kind: text(), ref: free });

const common = (kind: FactKind) => ({
  format: oneOf(`mandate-${kind}/v1`),
  id,
  authorization: id,
  letterNumber: text(),
  letter: digest,
  terms: digest,
  at: moment,
});

/** Members beside the common ones vary by kind; what is compared is the fact's digest. */
const shape = (members: Readonly<Record<string, Reader<unknown>>>): Reader<Fact> =>
  record(members as never) as unknown as Reader<Fact>;

const PARTY = oneOf('subject', 'institution');

/** Exactly these members, for each kind. What they mean stands in `docs/api.md`. */
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
    per: optional(text()),
    period: optional(text()),
    reservedUntil: optional(moment),
  }),
  withdrawal: shape({
    ...common('withdrawal'),
    by: PARTY,
    channel: free,
    proof,
    salt: text(),
  }),
  hold: shape({
    ...common('hold'),
    by: PARTY,
    reason: free,
    proof,
    salt: text(),
  }),
  'hold-resolution': shape({
    ...common('hold-resolution'),
    hold: id,
    outcome: oneOf('upheld', 'rejected', 'retracted'),
    grounds: free,
    proposedBy: text(),
    resolvedBy: text(),
    proposedAt: moment,
  }),
  end: shape({
    ...common('end'),
    event: free,
    happenedAt: moment,
    salt: text(),
  }),
  release: shape({
    ...common('release'),
    redemption: id,
    recipient: creditCode,
    key: text(),
    fields: list(word, 100),
    content: digest,
    sealed: text(),
  }),
  restriction: shape({
    ...common('restriction'),
    by: PARTY,
    proof,
    salt: text(),
  }),
  erasure: shape({
    ...common('erasure'),
    basis: free,
    keptUntil: moment,
    askedBy: text(),
    approvedBy: optional(text()),
    salt: text(),
  }),
  'id-image-destruction': shape({
    ...common('id-image-destruction'),
    content: digest,
    keptAt: moment,
    keepUntil: moment,
    why: oneOf('deadline', 'asked', 'over', 'erased'),
    by: oneOf('institution', 'subject', 'sweep'),
    salt: text(),
  }),
};
