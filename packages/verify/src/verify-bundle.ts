import { bytesEqual } from '@mandate/core';
import { generationZero, PART, partOf, readBundle, type Bundle } from '@mandate/evidence';
import { checkSceneBinding } from './checks/binding.js';
import { checkChallenge, checkKey } from './checks/challenge.js';
import { checkCopies, checkManifest } from './checks/copies.js';
import { checkDisclosures } from './checks/disclosures.js';
import { checkIdentity, identityFacts } from './checks/identity.js';
import { checkEntry, checkLedger, gatherLedger, type LedgerMaterial } from './checks/ledger.js';
import {
  checkKeyEnds,
  knownEnds,
  laterUses,
  proofUses,
  sealUses,
  statusUse,
  type KeyUse,
} from './checks/key-ends.js';
import { checkFrozenOcsp } from './checks/ocsp.js';
import { checkPresentation } from './checks/presentation.js';
import { checkScene } from './checks/scene.js';
import { checkSeal } from './checks/seal.js';
import { checkTemplate } from './checks/template.js';
import { checkScope } from './checks/terms-text.js';
import {
  checkConfirmationParts,
  checkTrailChain,
  checkTrailConfirmed,
  checkTrailIssued,
  checkTrailSteps,
} from './checks/trail.js';
import {
  authorizationFacts,
  certificateFacts,
  ledgerFacts,
  partFacts,
  revocationFacts,
  timestampFacts,
} from './facts.js';
import { check, fail, pass } from './finding.js';
import {
  gatherAuthorization,
  type AuthorizationMaterial,
} from './material/authorization-material.js';
import { readBeside, type BesideParts } from './material/beside-letter.js';
import type { LetterMaterial } from './material/letter-material.js';
import { refusal } from './refusal.js';
import { earliestEnds, type Trust } from './trust.js';
import type { Facts, Finding } from './verification.js';
import { openLater, passkeyEnds, verifyLater } from './verify-later.js';
import { verifyLetter, type LetterJudgement } from './verify-letter.js';

interface Judged {
  readonly findings: readonly Finding[];
  readonly facts: Facts;
}

/** Everything a bundle claims, recomputed from its parts. */
export function verifyBundle(bytes: Uint8Array, trust: Trust, at: Date): Judged {
  let bundle: Bundle;
  try {
    bundle = readBundle(bytes);
  } catch (error) {
    const rule = { unsupported: 'SIGNED_DATA_NOT_FOUND', ownProfile: false } as const;
    const finding = refusal('bundle-readable', error, rule);
    // A container of ours needs no big budget.
    const ours = finding.id === 'within-budget' ? fail('within-budget', 'FORMAT_FAILURE') : finding;
    return { findings: [ours], facts: {} };
  }
  const ledger = gatherLedger(bundle);
  const beside = readBeside(bundle);
  const added = openLater(bundle, trust, at);
  // The archived letter is the signed one and more: its document timestamps say for when the rest is judged.
  const letter = verifyLetter(added.letter ?? partOf(bundle, PART.signedLetter), trust, at, {
    intermediates: beside.intermediates,
    ...(beside.request ? { request: beside.request } : {}),
    ...(ledger.material ? { ledgerTime: new Date(ledger.material.entry.at) } : {}),
  });
  const seal = checkSeal(bundle, trust, at, added.seals.knownAt);
  const ends = passkeyEnds(added);
  const authorization = verifyAuthorization(bundle, letter.material, {
    ...trust,
    passkeyEnds:
      ends.length > 0 ? earliestEnds([...(trust.passkeyEnds ?? []), ...ends]) : trust.passkeyEnds,
  });
  const rest = letter.material
    ? verifyAroundLetter(
        bundle,
        { ...letter, material: letter.material },
        beside,
        ledger.material,
        {
          trust,
          at,
        },
      )
    : { findings: [], facts: {}, uses: [] };
  const sealedAt = seal.token?.info.genTime;
  const signedAt = letter.material?.token?.info.genTime;
  const later = verifyLater(
    bundle,
    added,
    authorization.material,
    {
      serial: letter.material?.certificate.serial ?? null,
      index: ledger.material?.proof.index ?? null,
      sealedAt: sealedAt ?? null,
    },
    { trust, at },
  );
  const disclosed = checkDisclosures(bundle, trust.readerKey);
  const registered = later.findings.some(({ id }) => id === 'passkey-registered-before');
  return {
    findings: [
      pass('bundle-readable'),
      ...beside.findings,
      ...letter.findings,
      ...checkManifest(bundle),
      ...seal.findings,
      ...(sealedAt && signedAt
        ? [check('timestamp-order', inOrder(signedAt, sealedAt), 'TIMESTAMP_ORDER_FAILURE')]
        : []),
      ...authorization.findings.filter(
        ({ id }) => !(registered && id === 'passkey-registered-before'),
      ),
      ...ledger.findings,
      ...rest.findings,
      ...added.findings,
      ...later.findings,
      ...disclosed.findings,
      ...checkKeyEnds(
        [
          ...letter.uses,
          ...rest.uses,
          ...proofUses(ledger.material, trust),
          ...sealUses(bundle, at),
          ...laterUses(added.material ?? [], trust),
        ],
        knownEnds(added.material ?? [], trust),
      ),
    ],
    facts: {
      ...letter.facts,
      ...authorization.facts,
      ...rest.facts,
      ...(seal.certificate
        ? {
            seal: {
              certificate: certificateFacts(seal.certificate),
              ...(seal.token ? { timestamp: timestampFacts(seal.token) } : {}),
            },
          }
        : {}),
      ...partFacts(bundle, generationZero(bundle)),
      ...later.facts,
      ...disclosed.facts,
    },
  };
}

/** Two stamping authorities may each be a second off. */
const inOrder = (signedAt: Date, sealedAt: Date): boolean =>
  sealedAt.getTime() + 2000 >= signedAt.getTime();

/** The records of the authorization among themselves and against letter and certificate. */
function verifyAuthorization(
  bundle: Bundle,
  letter: LetterMaterial | null,
  trust: Trust,
): Judged & { readonly material: AuthorizationMaterial | null } {
  const gathered = gatherAuthorization(bundle);
  if ('unreadable' in gathered)
    return {
      findings: [fail('part-readable', 'FORMAT_FAILURE', { ...gathered.unreadable })],
      facts: {},
      material: null,
    };
  const { material } = gathered;
  const shown = partOf(bundle, PART.letter);
  const stampedAt = letter?.token?.info.genTime ?? null;
  return {
    findings: [
      pass('part-readable'),
      ...(letter ? checkSceneBinding(letter.certificate, material) : []),
      ...checkTemplate(material),
      ...checkScene(material, shown),
      ...checkPresentation(material, shown),
      ...checkChallenge(material, shown, stampedAt, trust),
      ...checkIdentity(material, trust),
      ...(letter ? checkKey(material, letter.certificate) : []),
      checkConfirmationParts(material, shown),
      checkTrailChain(material),
      checkTrailSteps(material, shown),
      checkTrailConfirmed(material),
      ...(letter ? [checkTrailIssued(material, letter.certificate)] : []),
    ],
    facts: authorizationFacts(material, identityFacts(material, trust)),
    material,
  };
}

/** Checks that compare the readable letter with what lies beside it. */
function verifyAroundLetter(
  bundle: Bundle,
  letter: LetterJudgement & { readonly material: LetterMaterial },
  beside: BesideParts,
  ledger: LedgerMaterial | null,
  { trust, at }: { readonly trust: Trust; readonly at: Date },
): Judged & { readonly uses: readonly KeyUse[] } {
  const { material, chain } = letter;
  const { certificate, signer } = material;
  const issuer =
    chain?.[1] ??
    [...material.signedData.certificates, ...beside.intermediates].find((it) =>
      bytesEqual(it.subjectDer, certificate.issuerDer),
    );
  const ocsp = issuer
    ? checkFrozenOcsp({
        der: partOf(bundle, PART.ocsp),
        certificate,
        issuer,
        stampedAt: material.token?.info.genTime ?? null,
        at,
      })
    : {
        findings: [fail('ocsp-readable', 'NO_CERTIFICATE_CHAIN_FOUND', { reason: 'no issuer' })],
        response: null,
      };
  const inLedger = ledger ? checkLedger(ledger, certificate, trust, at) : null;
  return {
    findings: [
      ...ocsp.findings,
      ...checkCopies(bundle, material),
      ...checkScope(material.file, bundle),
      ...(inLedger?.findings ?? []),
      ...(ledger && inLedger
        ? checkEntry(
            ledger,
            { certificate, signature: signer.signature, letter: material.letter, bundle },
            inLedger.findings,
          )
        : []),
    ],
    facts: {
      ...(ocsp.response ? revocationFacts(ocsp.response, certificate.serial) : {}),
      ...(ledger && inLedger ? ledgerFacts(ledger, inLedger) : {}),
    },
    uses: issuer ? statusUse(ocsp.response, issuer) : [],
  };
}
