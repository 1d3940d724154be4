import { bytesEqual } from '@mandate/core/encoding';
import { DomainError } from '@mandate/core/errors';
import { readAlgorithm, type AlgorithmIdentifier } from './algorithms.js';
import { readExtensions, readSerial, readSignature, type Extension } from './certificate-fields.js';
import { nameId } from './compare-names.js';
import { derMembers, readDer, TAG, type DerBytes, type DerNode } from './der.js';
import { directoryNames, readScope, type CrlScope } from './distribution-points.js';
import { asFormat } from './format.js';
import { readGeneralNames } from './general-name.js';
import { OID } from './oids.js';
import type { Reading } from './reading.js';

/** One entry: `reason` is the CRLReason, left out when unspecified. */
export interface CrlEntry {
  readonly at: Date;
  readonly reason?: number;
}

export interface Crl {
  readonly der: DerBytes;
  readonly tbs: DerBytes;
  readonly issuerDer: DerBytes;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date | null;
  readonly number: bigint | null;
  /** deltaCRLIndicator: the number of the complete list this one only adds to; null for complete lists. */
  readonly baseNumber: bigint | null;
  /** issuingDistributionPoint, null if the list is about all certificates of its issuer. */
  readonly scope: CrlScope | null;
  readonly authorityKeyId: Uint8Array | null;
  readonly extensions: readonly Extension[];
  /** Certificates of the list's own issuer, by serial as in `Certificate.serial`. */
  readonly entries: ReadonlyMap<string, CrlEntry>;
  /** Those of other issuers, by `nameId` of the issuer; only indirect lists have any. */
  readonly foreignEntries: ReadonlyMap<string, ReadonlyMap<string, CrlEntry>>;
  readonly algorithm: AlgorithmIdentifier;
  readonly signature: Uint8Array;
}

const MAX_BYTES = 8 << 20;
const MAX_ENTRIES = 100_000;
/** Different extensions of entries; most lists have a handful, some a date of its own for each. */
const MAX_SAYINGS = 30_000;

/** Critical list extensions that are understood. */
const PROCESSED: ReadonlySet<string> = new Set([
  OID.authorityKeyIdentifier,
  OID.crlNumber,
  OID.deltaCrlIndicator,
  OID.issuingDistributionPoint,
]);

/**
 * Reads a CRL (RFC 5280 §5), complete or partial. Throws `format-revocation`, also for critical
 * extensions it does not know, for such a list must not be used at all (§5.2, §5.3);
 * `budget-exceeded` over 8 MB, 100,000 entries or 30,000 that
 * each say something else.
 */
export function parseCrl(bytes: Uint8Array, reading: Reading = 'strict'): Crl {
  if (bytes.length > MAX_BYTES) throw new DomainError('budget-exceeded', 'list too large');
  return asFormat('format-revocation', () => read(bytes, reading));
}

function read(bytes: Uint8Array, reading: Reading): Crl {
  const foreign = reading === 'foreign';
  const [tbs, outerAlgorithm, outerSignature, ...rest] = derMembers(bytes);
  if (!tbs || !outerAlgorithm || !outerSignature || rest.length > 0)
    throw new DomainError('format-revocation', 'not a list');
  const algorithm = readAlgorithm(readDer(outerAlgorithm));

  // The list of entries stays unopened; everything beside it is small.
  const members = [...derMembers(tbs)];
  let at = 0;
  const next = (...tags: number[]): Uint8Array | undefined =>
    tags.includes(members[at]?.[0] ?? -1) ? members[at++] : undefined;
  const due = (bytesRead: Uint8Array | undefined): DerNode => {
    if (!bytesRead) throw new DomainError('format-revocation', 'a member is missing');
    return readDer(bytesRead);
  };
  const version = next(TAG.integer);
  if (version ? due(version).integer() !== 1n : !foreign)
    throw new DomainError('format-revocation', 'not a version 2 list');
  if (!bytesEqual(due(next(TAG.sequence)).bytes, algorithm.der))
    throw new DomainError('format-revocation', 'two different signature algorithms');
  const issuerDer = due(next(TAG.sequence)).bytes;
  nameId(issuerDer); // throws here, never when it is compared
  const time = { either: foreign };
  const thisUpdate = due(next(TAG.utcTime, TAG.generalizedTime)).time(time);
  const ends = next(TAG.utcTime, TAG.generalizedTime);
  const nextUpdate = ends ? readDer(ends).time(time) : null;
  const list = next(TAG.sequence);
  const tail = next(0xa0);
  if (at !== members.length) throw new DomainError('format-revocation', 'unexpected member');
  const extensions = readExtensions(tail && readDer(tail).only(0xa0), reading);
  refuseUnknown(extensions, PROCESSED);
  const find = <T>(oid: string, reader: (node: DerNode) => T): T | null => {
    const value = extensions.find((it) => it.oid === oid)?.value;
    return value ? reader(readDer(value)) : null;
  };
  const scope = find(OID.issuingDistributionPoint, readScope);
  return {
    der: bytes,
    tbs,
    issuerDer,
    thisUpdate,
    nextUpdate,
    number: find(OID.crlNumber, readNumber),
    baseNumber: find(OID.deltaCrlIndicator, readNumber),
    scope,
    authorityKeyId: find(OID.authorityKeyIdentifier, (node) => {
      const first = node.expect(TAG.sequence).children[0];
      return first?.tag === 0x80 ? first.content : null;
    }),
    extensions,
    ...readEntries(list, issuerDer, { reading, indirect: scope?.indirect ?? false }),
    algorithm,
    signature: readSignature(readDer(outerSignature), reading),
  };
}

function readNumber(node: DerNode): bigint {
  const value = node.integer();
  if (value < 0n) throw new DomainError('format-revocation', 'negative list number');
  return value;
}

function refuseUnknown(extensions: readonly Extension[], known: ReadonlySet<string>): void {
  const unknown = extensions.find(({ oid, critical }) => critical && !known.has(oid));
  if (unknown)
    throw new DomainError('format-revocation', `critical extension ${unknown.oid} in list`);
}

const ENTRY_EXTENSIONS: ReadonlySet<string> = new Set([
  OID.reasonCode,
  OID.invalidityDate,
  OID.holdInstruction,
]);
const INDIRECT_ENTRY_EXTENSIONS: ReadonlySet<string> = new Set([
  ...ENTRY_EXTENSIONS,
  OID.certificateIssuer,
]);

interface EntryExtensions {
  readonly reason: number | undefined;
  readonly issuer: DerBytes | undefined;
}
const NO_EXTENSIONS: EntryExtensions = { reason: undefined, issuer: undefined };

/** Entries belong to the issuer named last, first of all the list's own (§5.3.3). */
function readEntries(
  list: Uint8Array | undefined,
  issuerDer: DerBytes,
  options: { reading: Reading; indirect: boolean },
): Pick<Crl, 'entries' | 'foreignEntries'> {
  const own = nameId(issuerDer);
  const entries = new Map<string, CrlEntry>();
  const foreignEntries = new Map<string, Map<string, CrlEntry>>();
  // Entries mostly say the same beside the serial number: each saying is read once.
  const sayings = new Map<string, EntryExtensions>();
  let [current, count] = [entries, 0];
  for (const bytes of list ? derMembers(list) : []) {
    if (++count > MAX_ENTRIES || sayings.size > MAX_SAYINGS)
      throw new DomainError('budget-exceeded', 'too many entries');
    const [serialDer, atDer, more, ...rest] = derMembers(bytes);
    if (!serialDer || !atDer || rest.length > 0)
      throw new DomainError('format-revocation', 'not an entry');
    const serial = readSerial(readDer(serialDer), options.reading);
    const at = readDer(atDer).time({ either: options.reading === 'foreign' });
    const { reason, issuer } = more ? readSaying(more, sayings, options) : NO_EXTENSIONS;
    if (issuer) {
      const id = nameId(issuer);
      const others = foreignEntries.get(id) ?? new Map<string, CrlEntry>();
      if (id !== own) foreignEntries.set(id, others);
      current = id === own ? entries : others;
    }
    // Written twice, the earlier revocation counts.
    const before = current.get(serial);
    if (!before || at < before.at)
      current.set(serial, reason === undefined ? { at } : { at, reason });
  }
  if (list && count === 0 && options.reading === 'strict')
    throw new DomainError('format-revocation', 'empty list written out');
  return { entries, foreignEntries };
}

function readSaying(
  bytes: Uint8Array,
  sayings: Map<string, EntryExtensions>,
  { reading, indirect }: { reading: Reading; indirect: boolean },
): EntryExtensions {
  const key = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  const known = sayings.get(key);
  if (known) return known;
  const extensions = readExtensions(readDer(bytes).expect(TAG.sequence), reading);
  refuseUnknown(extensions, indirect ? INDIRECT_ENTRY_EXTENSIONS : ENTRY_EXTENSIONS);
  const value = (oid: string): DerNode | undefined => {
    const extension = extensions.find((it) => it.oid === oid);
    return extension && readDer(extension.value);
  };
  const reason = value(OID.reasonCode)?.enumerated();
  const names = indirect ? value(OID.certificateIssuer)?.expect(TAG.sequence) : undefined;
  const issuer = names && directoryNames(readGeneralNames(names))[0];
  if (names && !issuer) throw new DomainError('format-revocation', 'entry of a nameless issuer');
  const saying = { reason, issuer };
  sayings.set(key, saying);
  return saying;
}

/** The entry of a certificate, undefined if the list has none. */
export const entryOf = (
  { issuerDer, entries, foreignEntries }: Crl,
  certificate: { readonly issuerDer: DerBytes; readonly serial: string },
): CrlEntry | undefined => {
  const issuer = nameId(certificate.issuerDer);
  const list = issuer === nameId(issuerDer) ? entries : foreignEntries.get(issuer);
  return list?.get(certificate.serial);
};
