import { bytesEqual, DomainError, isDomainError } from '@mandate/core';
import {
  algorithmsOf,
  digestUsed,
  OID,
  readAlgorithm,
  readDer,
  TAG,
  type AlgorithmIdentifier,
  type Certificate,
} from '@mandate/pki';
import { judgeCertificate, type World } from './certificate-judgement.js';
import { checkSigner, fault, hasReference, type Fault } from './cms-checks.js';
import { digestName, digestWith, weakness } from './foreign-algorithms.js';
import { findForeignSigner, readForeignCms, type ForeignSignedData } from './foreign-cms.js';

export interface TokenJudgement {
  readonly faults: readonly Fault[];
  /** What the token says, believed only without faults. */
  readonly genTime: Date | null;
  readonly signer: Certificate | null;
  readonly certificates: readonly Certificate[];
}

/** An RFC 3161 token over `data` (pieces in order); `existed` proves the token itself. */
export function judgeToken(p: {
  token: Uint8Array;
  data: readonly Uint8Array[];
  anchors: readonly Certificate[];
  existed: Date | null;
  world: World;
}): TokenJudgement {
  const { world } = p;
  const { at } = world.existence;
  let cms: ForeignSignedData;
  let info: TokenInfo;
  try {
    cms = readForeignCms(p.token);
    info = readTokenInfo(cms);
  } catch (error) {
    if (!isDomainError(error)) throw error;
    const faults = [fault('token-format', 'FORMAT_FAILURE', error.message)];
    return { faults, genTime: null, signer: null, certificates: [] };
  }
  const faults: Fault[] = [];
  const [signer, ...others] = cms.signers;
  const certificate =
    signer &&
    (findForeignSigner(signer, cms.certificates) ??
      findForeignSigner(signer, world.material.certificates));
  const outcome = (): TokenJudgement => ({
    faults,
    genTime: info.genTime,
    signer: certificate ?? null,
    certificates: cms.certificates,
  });
  if (!signer || others.length > 0) {
    faults.push(fault('token-format', 'FORMAT_FAILURE', 'not exactly one signer'));
    return outcome();
  }
  const digest = digestName(info.imprintAlgorithm);
  if (!digest) faults.push(fault('token-imprint', 'CRYPTO_CONSTRAINTS_FAILURE', 'unknown digest'));
  else if (!bytesEqual(info.imprint, digestWith(digest, ...p.data)))
    faults.push(fault('token-imprint', 'HASH_FAILURE', 'stamps something else'));
  const checked = checkSigner({
    signer,
    certificate,
    contentType: OID.tstInfo,
    content: [cms.content!],
    anyOrder: true,
  });
  faults.push(...checked.faults);
  if (!hasReference(signer))
    faults.push(fault('token-ess', 'SIG_CONSTRAINTS_FAILURE', 'no reference to the certificate'));
  if (info.genTime.getTime() > at.getTime() + 1000)
    faults.push(fault('token-time', 'TIMESTAMP_ORDER_FAILURE', 'token is from the future'));
  const purpose = certificate?.extendedKeyUsage;
  if (certificate && !(purpose?.critical && purpose.purposes.join() === OID.timeStamping))
    faults.push(
      fault('token-key-purpose', 'CHAIN_CONSTRAINTS_FAILURE', 'not timeStamping, critical, alone'),
    );
  const used = [
    digestUsed(info.imprintAlgorithm),
    ...algorithmsOf(signer, certificate ? [certificate] : []),
  ];
  const weak = weakness(used, p.existed ?? at, world.sunsets);
  if (certificate && faults.length === 0) {
    const judged = judgeCertificate(
      {
        leaf: certificate,
        certificates: cms.certificates,
        anchors: p.anchors,
        purposes: [OID.timeStamping],
        existed: p.existed,
      },
      world,
    );
    faults.push(...judged.faults);
    const { notBefore, notAfter } = certificate;
    if (info.genTime < notBefore || info.genTime.getTime() >= notAfter.getTime() + 1000)
      faults.push(fault('token-time', 'CHAIN_CONSTRAINTS_FAILURE', 'stamped outside its validity'));
  }
  if (weak) faults.push(fault('token-algorithms', 'CRYPTO_CONSTRAINTS_FAILURE_NO_POE', weak));
  return outcome();
}

const formatFault = (detail: string): DomainError => new DomainError('format-timestamp', detail);

interface TokenInfo {
  readonly imprintAlgorithm: AlgorithmIdentifier;
  readonly imprint: Uint8Array;
  readonly genTime: Date;
}

/** TSTInfo (RFC 3161 §2.4.2) as far as it is needed; serial numbers may be odd. */
function readTokenInfo({ contentType, content }: ForeignSignedData): TokenInfo {
  if (contentType !== OID.tstInfo || !content) throw formatFault('content is not TSTInfo');
  const fields = readDer(content, { bytes: 64 << 10, nodes: 1000 }).fields();
  if (fields.next().integer() !== 1n) throw formatFault('not version 1');
  fields.next(TAG.oid);
  const imprint = fields.next().fields();
  const imprintAlgorithm = readAlgorithm(imprint.next());
  const value = imprint.next().octets();
  imprint.end();
  fields.next(TAG.integer);
  const text = String.fromCharCode(...fields.next(TAG.generalizedTime).content);
  const m = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d+))?Z$/.exec(text);
  if (!m) throw formatFault('bad genTime');
  const [year, month, day, hour, minute, second] = m.slice(1, 7).map(Number) as number[];
  const ms = Number((m[7] ?? '').slice(0, 3).padEnd(3, '0'));
  const time = Date.UTC(year!, month! - 1, day, hour, minute, second, ms);
  if (Number.isNaN(time)) throw formatFault('bad genTime');
  return { imprintAlgorithm, imprint: value, genTime: new Date(time) };
}
