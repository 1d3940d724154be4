import { DomainError, type Authority, type Clock, type ServerBuild } from '@mandate/core';
import {
  archiveLetter,
  completeAttempt,
  extendBundle,
  finishAttempt,
  ledgerGate,
  openAttempt,
  possessionMessage,
  publishedAnchors,
  recordKeys,
  type CaDeps,
  type ExtendDeps,
  type SceneIssuer,
} from '@mandate/ceremony';
import { readTrustFolder } from '@mandate/adapters';
import { parseCertificate, SUNSETS } from '@mandate/pki';
import { ocspResponder, revocationList, sceneCertificates, withOneCallKey } from '@mandate/sign';
import { caRecord, entryQueue, type Database } from '@mandate/store';
import { authorityStatus } from './authority-status.js';
import { certifiedKey } from './certified-key.js';
import { selfCheck, selfCheckArchive, selfCheckLater } from './self-check.js';
import type { AuthorityParts } from './service.js';

/** Role ca: certificates for one letter each, and what is signed with their keys. */
export async function certification(parts: AuthorityParts, authority: Authority, db: Database) {
  const record = caRecord(db);
  const keys = parts.keys('ca');
  const ca = await keys.signingKey('scene-ca');
  const responder = ocspResponder({
    key: await keys.signingKey('ocsp'),
    issuer: ca.chain[0]!,
    clock: parts.clock,
    status: async (serial) => {
      const row = await record.bySerial(serial);
      return row && { notAfter: row.notAfter, revokedAt: row.voidedAt };
    },
  });
  const gate = ledgerGate({ record, objects: parts.objects });
  await gate.open();
  await recordKeys({ ...parts, record: entryQueue(db) }, 'in-use', [
    certifiedKey('scene-ca', ca),
    certifiedKey('ocsp', await keys.signingKey('ocsp')),
  ]);
  const certificates = sceneCertificates(ca, parts.publicUrl);
  const list = async (until?: Date) =>
    revocationList({ ca, clock: parts.clock }, await record.revoked(parts.clock.now()), until);
  const issuer: SceneIssuer = {
    ...certificates,
    ocsp: responder.answerFor,
    crl: (certificate) => list(parseCertificate(certificate).notAfter),
  };
  const anchors = await readTrustFolder(parts.trustFolder);
  const deps: ExtendDeps = {
    ...parts,
    ...authority,
    record,
    gate,
    issuer,
    anchors: async () => anchors,
    selfCheck: selfCheck(anchors, parts.log),
    selfCheckArchive: selfCheckArchive(anchors),
    // A receipt key that follows another one stands in no folder yet.
    selfCheckLater: selfCheckLater(() =>
      publishedAnchors({ ca: { anchors: async () => anchors }, seal: authority.seal }),
    ),
    sunsets: SUNSETS,
    authorityStatus: authorityStatus({
      ...parts,
      anchors: anchors.timestamp,
      lists: anchors.crls ?? [],
    }),
    serverBuild: publishedBuild(parts, authority),
    wait: (until) => waitUntil(parts.clock, until),
  };
  return {
    issue: (request) => openAttempt(deps, { ...request, keyOrigin: 'browser' }),
    complete: (request) => completeAttempt(deps, request),
    signOnce: (request) => signOnce(deps, request),
    finish: (request) => finishAttempt(deps, request),
    archive: (request) => archiveLetter(deps, request),
    extend: (request) => extendBundle(deps, request),
    ocsp: async ({ der }) => ({ der: await responder.respond(der) }),
    crl: async () => ({ der: await list() }),
    anchors: async () => anchors,
  } satisfies Authority['ca'];
}

/**
 * The running build, once the ledger has it: a bundle never names one that was not published before. While the ledger
 * cannot be asked, bundles name none.
 */
function publishedBuild(
  { build = null, log }: Pick<AuthorityParts, 'build' | 'log'>,
  { ledger }: Pick<Authority, 'ledger'>,
): () => Promise<ServerBuild | null> {
  let publishing: Promise<ServerBuild | null> | undefined;
  const publish = async (): Promise<ServerBuild | null> => {
    if (!build) return null;
    const { digest, commit, lockfile, page } = build;
    try {
      await ledger.deploy({ component: 'server', digest });
      return { digest, commit, lockfile, page };
    } catch (err) {
      log.warn({ err }, 'the server build could not be published');
      publishing = undefined;
      return null;
    }
  };
  return () => (publishing ??= publish());
}

/** The one-call key proves itself for the confirmed challenge, signs, and is dropped with the call. */
async function signOnce(deps: CaDeps, request: Parameters<Authority['ca']['signOnce']>[0]) {
  const confirmation = await deps.record.latestConfirmation(request.authorizationId);
  if (!confirmation) throw new DomainError('step-out-of-order', 'confirm with a code first');
  const challenge = await deps.record.challenge(confirmation.challengeId);
  return withOneCallKey(async ({ publicKey, sign }) => {
    const material = await openAttempt(deps, {
      ...request,
      publicKey,
      proof: sign(possessionMessage(challenge.digest, publicKey)),
      keyOrigin: 'software',
    });
    return completeAttempt(deps, {
      authorizationId: request.authorizationId,
      attemptId: material.attemptId,
      signature: sign(material.signedAttributes),
    });
  });
}

async function waitUntil(clock: Clock, until: Date): Promise<void> {
  for (
    let ms = until.getTime() - clock.now().getTime();
    ms > 0;
    ms = until.getTime() - clock.now().getTime()
  )
    await new Promise((done) => setTimeout(done, ms));
}
