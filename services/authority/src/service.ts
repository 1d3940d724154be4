import {
  canonicalBytes,
  DomainError,
  type Authority,
  type AuthorityRole,
  type CheckpointWitness,
  type Clock,
  type IdentityAddress,
  type KeyStore,
  type Objects,
  type Random,
  type ServerBuild,
  type SigningKey,
  type TimestampAuthority,
} from '@mandate/core';
import {
  archiveLetter,
  assertIdentity,
  challengeMessage,
  confirmOwn,
  completeAttempt,
  confirm,
  confirmSet,
  endDisputedPasskeys,
  enterOwn,
  extendBundle,
  finishAttempt,
  identify,
  identityView,
  ledgerGate,
  recordKeys,
  leaveOwn,
  makeChallenge,
  makeOwnLink,
  makeSetChallenge,
  notePause,
  openAttempt,
  openOwnLink,
  ownMessage,
  ownPasskeyOptions,
  passkeyOptions,
  possessionMessage,
  publishedAnchors,
  readOwnVisit,
  removePasskey,
  signReceipt,
  stampReceipt,
  statusLists,
  tellPasskey,
  tellHold,
  tellUse,
  registerPasskey,
  type ExtendDeps,
  type CaDeps,
  type KnownKey,
  type Probe,
  type ReceiptDeps,
  type SceneIssuer,
} from '@mandate/ceremony';
import { passkeyCheck, readTrustFolder } from '@mandate/adapters';
import { parseCertificate, publicJwk, SUNSETS } from '@mandate/pki';
import { connectAuthority, type Log } from '@mandate/runtime';
import {
  compactJws,
  ocspResponder,
  revocationList,
  sceneCertificates,
  sealDigest,
  withOneCallKey,
} from '@mandate/sign';
import {
  caRecord,
  entryQueue,
  openDatabase,
  ping,
  raRecord,
  sealRecord,
  webhookSecrets,
  type Database,
} from '@mandate/store';
import { authorityStatus } from './authority-status.js';
import { openIdentityProviders } from './identity-providers.js';
import { keeping } from './keeping.js';
import { selfCheck, selfCheckArchive, selfCheckLater } from './self-check.js';
import { sequencing } from './sequencing.js';
import { timestamping } from './timestamping.js';
import { webhookSigning } from './webhook-signing.js';

export interface AuthorityParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Roles this process holds. */
  readonly roles: readonly AuthorityRole[];
  readonly databaseUrl: (role: AuthorityRole) => string;
  readonly keys: (role: AuthorityRole) => KeyStore;
  readonly objects: Objects;
  readonly trustFolder: string;
  readonly publicUrl: string;
  /** Where staff reach the desk; needed by role vault alone. */
  readonly deskUrl: string;
  /** The organisation's own sign-in for the desk; absent: accounts of its own only. */
  readonly staffProvider?: { readonly issuer: string; readonly clientId: string } | undefined;
  readonly ledgerOrigin: string;
  readonly witnesses: readonly CheckpointWitness[];
  /** How many of them must have cosigned before a letter is released. */
  readonly witnessQuorum: number;
  /** At most one stamp of the ledger's head in so many seconds; default 3600. */
  readonly stampSeconds?: number;
  /** In the order of trying; empty: the built-in authority alone. */
  readonly timestampAuthorities: readonly (TimestampAuthority | 'built-in')[];
  /** Who can be asked who somebody is, in the order of asking; needed by role ra alone. */
  readonly identityProviders: readonly IdentityAddress[];
  /** Signature and archive are stamped by different operators, or the archive waits. */
  readonly distinctOperators: boolean;
  /** Roles held elsewhere. */
  readonly urls: Readonly<Partial<Record<AuthorityRole, string>>>;
  readonly callerKey: string;
  readonly probe: Probe;
  /** The build that runs; null: nobody knows. */
  readonly build?: ServerBuild | null;
}

export interface RunningAuthority {
  /** Held roles directly, others over the internal calls. */
  readonly authority: Authority;
  readonly local: Partial<Authority>;
  readonly ready: () => Promise<void>;
  close(): Promise<void>;
}

/** Builds the roles this process holds, each with its own keys, database role and grants. */
export async function startAuthority(parts: AuthorityParts): Promise<RunningAuthority> {
  const databases: Database[] = [];
  const database = (role: AuthorityRole, connections = 6): Database => {
    const db = openDatabase(parts.databaseUrl(role), role, connections);
    databases.push(db);
    return db;
  };
  const local: { -readonly [R in AuthorityRole]?: Authority[R] } = {};
  const authority = connectAuthority({ urls: parts.urls, callerKey: parts.callerKey, local });
  const makers: { [R in AuthorityRole]: () => Promise<Authority[R]> } = {
    vault: () => keeping(parts, authority, database('vault'), database('vault', 4)),
    ra: () => registration(parts, authority, database('ra')),
    ca: () => certification(parts, authority, database('ca')),
    tsa: () => timestamping(parts),
    seal: () => sealing(parts, authority, database('seal')),
    ledger: () => sequencing(parts, authority, database('ledger')),
  };
  for (const role of parts.roles) Object.assign(local, { [role]: await makers[role]() });
  return {
    authority,
    local,
    ready: async () => {
      await Promise.all(databases.map(ping));
    },
    close: async () => {
      await Promise.all(databases.map((db) => db.destroy()));
    },
  };
}

async function registration(parts: AuthorityParts, { vault }: Authority, db: Database) {
  const deps = {
    ...parts,
    vault,
    record: raRecord(db),
    secret: await parts.keys('ra').secret('codes'),
    passkeys: passkeyCheck(parts.publicUrl),
    identity: await openIdentityProviders(parts.identityProviders, {
      clock: parts.clock,
      keys: parts.keys('ra'),
      anchors: (await readTrustFolder(parts.trustFolder)).identity ?? [],
    }),
  };
  return {
    challenge: (request: Parameters<Authority['ra']['challenge']>[0]) =>
      makeChallenge(deps, request),
    identity: (request: Parameters<Authority['ra']['identity']>[0]) => identityView(deps, request),
    identify: (request: Parameters<Authority['ra']['identify']>[0]) => identify(deps, request),
    assertIdentity: (request: Parameters<Authority['ra']['assertIdentity']>[0]) =>
      assertIdentity(deps, request),
    confirm: (request: Parameters<Authority['ra']['confirm']>[0]) => confirm(deps, request),
    challengeSet: (request: Parameters<Authority['ra']['challengeSet']>[0]) =>
      makeSetChallenge(deps, request),
    confirmSet: (request: Parameters<Authority['ra']['confirmSet']>[0]) =>
      confirmSet(deps, request),
    passkeyOptions: (request: Parameters<Authority['ra']['passkeyOptions']>[0]) =>
      passkeyOptions(deps, request),
    registerPasskey: (request: Parameters<Authority['ra']['registerPasskey']>[0]) =>
      registerPasskey(deps, request),
    message: (request: Parameters<Authority['ra']['message']>[0]) =>
      challengeMessage(deps, request),
    useMessage: ({ redemptionId }: { redemptionId: string }) => tellUse(deps, redemptionId),
    holdMessage: ({ factId }: { factId: string }) => tellHold(deps, factId),
    passkeyMessage: ({ passkeyId }: { passkeyId: string }) => tellPasskey(deps, passkeyId),
    purgeEntries: async () => ({ purged: await deps.record.purgeEntries(deps.clock.now()) }),
    endPasskeys: async ({ authorizationId }: { authorizationId: string }) => ({
      ended: await endDisputedPasskeys(deps, authorizationId),
    }),
    notePause: async ({ authorizationId }: { authorizationId: string }) => {
      await notePause(deps, authorizationId);
      return { noted: true as const };
    },
    enterOwn: (request: Parameters<Authority['ra']['enterOwn']>[0]) => enterOwn(deps, request),
    ownPasskeyOptions: () => ownPasskeyOptions(deps),
    confirmOwn: (request: Parameters<Authority['ra']['confirmOwn']>[0]) =>
      confirmOwn(deps, request),
    ownLink: (request: Parameters<Authority['ra']['ownLink']>[0]) => makeOwnLink(deps, request),
    openOwnLink: ({ secret }: { secret: Uint8Array }) => openOwnLink(deps, secret),
    ownVisit: ({ secret }: { secret: Uint8Array }) => readOwnVisit(deps, secret),
    removePasskey: (request: Parameters<Authority['ra']['removePasskey']>[0]) =>
      removePasskey(deps, request),
    leaveOwn: async ({ secret }: { secret: Uint8Array }) => {
      await leaveOwn(deps, secret);
      return { left: true as const };
    },
    ownMessage: (request: Parameters<Authority['ra']['ownMessage']>[0]) =>
      ownMessage(deps, request),
  } satisfies Authority['ra'];
}

async function certification(parts: AuthorityParts, authority: Authority, db: Database) {
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

/** A key with the certificate that says whose it is. */
const certifiedKey = (
  purpose: KnownKey['purpose'],
  { publicKey, chain }: SigningKey,
): KnownKey => ({
  purpose,
  publicKey,
  record: chain[0]!,
});

async function sealing(
  parts: AuthorityParts,
  { tsa }: Authority,
  db: Database,
): Promise<Authority['seal']> {
  const keys = parts.keys('seal');
  const token = async (digest: Uint8Array) => (await tsa.token({ digest })).token;
  const sealer =
    (key: SigningKey) =>
    async ({ digest }: { digest: Uint8Array }) => ({
      cms: await sealDigest({ key, token }, digest),
    });
  const sealReport = async (key: SigningKey, digest: Uint8Array) => {
    let operator = '';
    const stamping = async (of: Uint8Array): Promise<Uint8Array> => {
      const stamped = await tsa.token({ digest: of });
      ({ operator } = stamped);
      return stamped.token;
    };
    const cms = await sealDigest({ key, token: stamping }, digest);
    return { cms, operator };
  };
  const receiptKey = await keys.signingKey('receipt');
  const [seal, reportSeal] = [await keys.signingKey('seal'), await keys.signingKey('report-seal')];
  const { publicKey } = receiptKey;
  await recordKeys({ ...parts, record: entryQueue(db) }, 'in-use', [
    certifiedKey('seal', seal),
    certifiedKey('report-seal', reportSeal),
    // as anybody finds it at /.well-known/mandate-keys.json
    { purpose: 'receipt', publicKey, record: canonicalBytes(publicJwk(publicKey)) },
  ]);
  const deps: ReceiptDeps = {
    clock: parts.clock,
    publicUrl: parts.publicUrl,
    tsa,
    record: sealRecord(db),
    sign: (p) => compactJws(receiptKey, p),
  };
  return {
    bundle: sealer(seal),
    report: ({ digest }) => sealReport(reportSeal, digest),
    stampReport: async (request) => ({ token: (await tsa.token(request)).token }),
    receipt: ({ factId }) => signReceipt(deps, factId),
    stamp: ({ factId }) => stampReceipt(deps, factId),
    statusList: statusLists(deps),
    receiptKeys: async () => ({ keys: [publicJwk(receiptKey.publicKey)] }),
    ...webhookSigning({
      secret: await keys.secret('webhooks'),
      rows: webhookSecrets(db),
      clock: parts.clock,
    }),
  };
}

async function waitUntil(clock: Clock, until: Date): Promise<void> {
  for (
    let ms = until.getTime() - clock.now().getTime();
    ms > 0;
    ms = until.getTime() - clock.now().getTime()
  )
    await new Promise((done) => setTimeout(done, ms));
}
