import { isDomainError } from '@mandate/core';
import {
  changesAfter,
  signedRevision,
  standsInItsRevision,
  type Change,
  type PdfFile,
  type PdfSignature,
} from '@mandate/pdf';
import { algorithmsOf, type Certificate, type SubIndication } from '@mandate/pki';
import { coveredBytes } from '../covered-bytes.js';
import { FAILURES } from '../finding.js';
import { judgeCertificate, type World } from './certificate-judgement.js';
import { checkSigner, fault, hasReference, join, type Fault } from './cms-checks.js';
import { digestWith, weakness } from './foreign-algorithms.js';
import { findForeignSigner, readForeignCms, type ForeignSignedData } from './foreign-cms.js';
import { judgeToken, type TokenJudgement } from './judge-token.js';
import { misplaced } from './own-certificates.js';

/** A signature dictionary with its CMS opened, if that could be done. */
export interface GatheredSignature {
  readonly signature: PdfSignature;
  /** Revision it covers; undefined when it covers none to its end. */
  readonly revision: number | undefined;
  readonly cms: ForeignSignedData | undefined;
  readonly cmsFault: string | undefined;
}

export interface SignatureJudgement {
  readonly gathered: GatheredSignature;
  /** First the decisive one. */
  readonly faults: readonly Fault[];
  /** Cryptography, structure and changes alone; trust and time aside. */
  readonly sound: boolean;
  readonly changes: readonly Change[];
  readonly certificate: Certificate | null;
  readonly chain: readonly Certificate[] | null;
  readonly revocationKnown: boolean;
  readonly tokens: readonly TokenJudgement[];
  /** Earliest proven time of existence; null without proof. */
  readonly existed: Date | null;
}

export function gatherSignature(file: PdfFile, signature: PdfSignature): GatheredSignature {
  const revision = signedRevision(file, signature);
  try {
    const cms = readForeignCms(signature.paddedContents);
    return { signature, revision, cms, cmsFault: undefined };
  } catch (error) {
    if (!isDomainError(error)) throw error;
    return { signature, revision, cms: undefined, cmsFault: error.message };
  }
}

/** Timestamps looked at per signature; more prove nothing more. */
const MAX_TOKENS = 10;

const DETACHED = ['adbe.pkcs7.detached', 'ETSI.CAdES.detached'];
const KNOWN = [...DETACHED, 'adbe.pkcs7.sha1', 'PBAD.PAdES'];

/** Faults of the container: dictionary, byte range, CMS frame. What fills up /Contents means nothing. */
export function formatFaults(file: PdfFile, it: GatheredSignature, timestamp: boolean): Fault[] {
  const { signature, cms } = it;
  const faults: Fault[] = [];
  const add = (id: string, detail: string): void =>
    void faults.push(fault(id, 'FORMAT_FAILURE', detail));
  if (!signature.byteRangeExact) add('byte-range', 'does not leave out exactly /Contents');
  else if (it.revision === undefined) add('byte-range', 'does not end where a revision ends');
  else if (!standsInItsRevision(file, signature))
    add('dictionary', 'not the value of its field in the revision it covers');
  if (!timestamp && signature.type !== 'Sig')
    add('dictionary', 'does not say that it is a signature');
  if (
    timestamp ? signature.subFilter !== 'ETSI.RFC3161' : !KNOWN.includes(signature.subFilter ?? '')
  )
    add('sub-filter', `is ${signature.subFilter}`);
  if (!cms) {
    add('cms-format', it.cmsFault ?? '');
    return faults;
  }
  if (cms.signers.length !== 1) add('cms-one-signer', `${cms.signers.length} signers`);
  const detached = signature.subFilter !== 'adbe.pkcs7.sha1';
  if (!timestamp && detached !== (cms.content === null))
    add('cms-content', detached ? 'content inside a detached signature' : 'no content');
  return faults;
}

/** One signature by EN 319 102-1 §5.3 to §5.6, all facts at hand. */
export function judgeSignature(
  file: PdfFile,
  it: GatheredSignature,
  anchors: {
    readonly signature: readonly Certificate[];
    readonly timestamp: readonly Certificate[];
  },
  world: World,
): SignatureJudgement {
  const { signature, cms } = it;
  const faults = formatFaults(file, it, false);
  const changes = readChanges(file, signature, faults);
  const signer = cms?.signers.length === 1 ? cms.signers[0] : undefined;
  if (!cms || !signer)
    return {
      gathered: it,
      faults: decisiveFirst(faults),
      sound: false,
      changes,
      certificate: null,
      chain: null,
      revocationKnown: false,
      tokens: [],
      existed: null,
    };
  const certificate =
    findForeignSigner(signer, cms.certificates) ??
    findForeignSigner(signer, world.material.certificates);
  const covered = coveredBytes(file.bytes, signature);
  const bySha1 = signature.subFilter === 'adbe.pkcs7.sha1';
  const inner = cms.content && Buffer.from(cms.content);
  if (inner && bySha1 && !inner.equals(digestWith('sha1', ...covered)))
    faults.push(fault('cms-content', 'HASH_FAILURE', 'content has another digest'));
  // A CMS is a signature of what it contains: not of the file, whatever its attributes say.
  if (inner && !bySha1 && !inner.equals(join(covered)))
    faults.push(fault('cms-content', 'SIG_CRYPTO_FAILURE', 'signs other content than the file'));
  const checked = checkSigner({
    signer,
    certificate,
    contentType: cms.contentType,
    content: inner && bySha1 ? [inner] : covered,
    anyOrder: signature.subFilter !== 'ETSI.CAdES.detached',
  });
  faults.push(...checked.faults);
  const sound =
    checked.result?.outcome === 'verified' &&
    !faults.some(({ subIndication }) => BROKEN.includes(subIndication));

  const { at } = world.existence;
  const documentProof = it.revision === undefined ? null : world.existence.provenAt(it.revision);
  const judgeTokens = (
    list: readonly Uint8Array[],
    data: readonly Uint8Array[],
    proof: Date | null,
  ): TokenJudgement[] =>
    list
      .slice(0, MAX_TOKENS)
      .map((token) =>
        judgeToken({ token, data, anchors: anchors.timestamp, existed: proof, world }),
      );
  const tokens = judgeTokens(signer.tokens, [signer.signature], documentProof);
  const stamped = timesOf(tokens);
  const existed = earliest([...stamped, ...(documentProof ? [documentProof] : [])]);
  const before = timesOf(judgeTokens(signer.contentTokens, covered, existed));
  const disorder = (detail: string): unknown =>
    faults.push(fault('timestamp-order', 'TIMESTAMP_ORDER_FAILURE', detail));
  // A signature cannot have been stamped after the document that holds the stamp was.
  if (documentProof && stamped.some((time) => isAfter(time, documentProof)))
    disorder('stamped after the document');
  if (existed && before.some((time) => isAfter(time, existed)))
    disorder('content stamped after the signature');
  let chain: readonly Certificate[] | null = null;
  let revocationKnown = false;
  if (certificate) {
    const outOfPlace = misplaced(file, signature, certificate);
    if (outOfPlace) faults.push(outOfPlace);
    const usage = usageFault(certificate, anchors.signature);
    if (usage) faults.push(usage);
    const request = {
      leaf: certificate,
      certificates: cms.certificates,
      anchors: anchors.signature,
      existed,
      madeAfter: latest(before),
    };
    const judged = judgeCertificate(request, world);
    faults.push(...judged.faults);
    ({ chain, revocationKnown } = judged);
  }
  if (signature.subFilter === 'ETSI.CAdES.detached' && !hasReference(signer))
    faults.push(fault('cms-ess', 'SIG_CONSTRAINTS_FAILURE', 'no reference to the certificate'));
  const used = algorithmsOf(signer, certificate ? [certificate] : []);
  const weak = checked.result && weakness(used, existed ?? at, world.sunsets);
  if (weak) faults.push(fault('algorithms', 'CRYPTO_CONSTRAINTS_FAILURE', `${weak} is too weak`));
  return {
    gathered: it,
    faults: decisiveFirst(faults),
    sound,
    changes,
    certificate: certificate ?? null,
    chain,
    revocationKnown,
    tokens,
    existed,
  };
}

function readChanges(file: PdfFile, signature: PdfSignature, faults: Fault[]): readonly Change[] {
  let changes: readonly Change[];
  try {
    changes = changesAfter(file, signature);
  } catch (error) {
    if (!isDomainError(error)) throw error;
    const detail = `later revisions cannot be compared: ${error.message}`;
    faults.push(fault('changes', 'FORMAT_FAILURE', detail));
    return [];
  }
  const forbidden = changes.find(({ allowed, class: kind }) => !allowed && kind !== 'coverage');
  if (forbidden)
    faults.push(
      fault(
        'changes',
        'FORMAT_FAILURE',
        `${forbidden.class}: ${forbidden.path} (${forbidden.object})`,
      ),
    );
  return changes;
}

/** A certificate must be able to say what its key is for, and if it does, signing must be among it. */
function usageFault(
  { version, keyUsage, der }: Certificate,
  anchors: readonly Certificate[],
): Fault | undefined {
  const fits = keyUsage
    ? keyUsage.includes('nonRepudiation') || keyUsage.includes('digitalSignature')
    : version === 3;
  // What is itself believed needs to say nothing.
  if (fits || anchors.some((anchor) => Buffer.from(anchor.der).equals(Buffer.from(der))))
    return undefined;
  const detail = `version ${version}, key usage is ${keyUsage?.join(' ') ?? 'absent'}`;
  return fault('key-usage', 'CHAIN_CONSTRAINTS_FAILURE', detail);
}

const BROKEN: readonly SubIndication[] = ['FORMAT_FAILURE', 'HASH_FAILURE', 'SIG_CRYPTO_FAILURE'];

/** Changed bytes and wrong signatures come first: beside them every other failure is an after-effect. */
const RANKS: readonly SubIndication[] = ['HASH_FAILURE', 'SIG_CRYPTO_FAILURE', ...FAILURES];

function decisiveFirst(faults: readonly Fault[]): Fault[] {
  const rank = ({ subIndication }: Fault): number =>
    RANKS.includes(subIndication) ? RANKS.indexOf(subIndication) : RANKS.length;
  return faults.toSorted((a, b) => rank(a) - rank(b));
}

/** Authorities may be a second apart. */
const isAfter = (a: Date, b: Date): boolean => a.getTime() > b.getTime() + 1000;

/** Times of the tokens that hold. */
const timesOf = (tokens: readonly TokenJudgement[]): Date[] =>
  tokens.flatMap((token) => (token.faults.length === 0 ? [token.genTime!] : []));

const latest = (times: readonly Date[]): Date | null =>
  times.reduce<Date | null>((best, time) => (!best || time > best ? time : best), null);

const earliest = (times: readonly Date[]): Date | null =>
  times.reduce<Date | null>((best, time) => (!best || time < best ? time : best), null);
