import { access, constants } from 'node:fs/promises';
import { readTrustFolder, openKeyFolder } from '@mandate/adapters';
import { AUTHORITY_ROLES, bytesEqual, toUtcSeconds, type AuthorityRole } from '@mandate/core';
import { vkeySpki } from '@mandate/ledger';
import { parseCertificate, spkiOfJwk } from '@mandate/pki';
import { folderOfUrl } from '@mandate/runtime';
import {
  fault,
  ok,
  reasonOf,
  skipped,
  warning,
  type Check,
  type Finding,
  type Patient,
} from './finding.js';

const KEYS: Readonly<
  Record<AuthorityRole, { keys: readonly string[]; secrets: readonly string[] }>
> = {
  ra: { keys: [], secrets: ['codes'] },
  ca: { keys: ['scene-ca', 'ocsp'], secrets: [] },
  tsa: { keys: ['tsa'], secrets: [] },
  seal: { keys: ['seal', 'report-seal', 'receipt'], secrets: ['webhooks'] },
  ledger: { keys: ['ledger'], secrets: [] },
  vault: { keys: [], secrets: ['wrapping'] },
};
const SOON_DAYS = 90;

/** The keys this user can read, and when what certifies them ends. Keys of other processes are theirs to look at. */
export const checkKeys: Check = async (patient) => {
  const roles = await Promise.all(AUTHORITY_ROLES.map((role) => checkRole(patient, role)));
  return [...roles.flat(), ...(await checkAnchors(patient))];
};

async function checkRole({ config, clock }: Patient, role: AuthorityRole): Promise<Finding[]> {
  const published = await publishedKeys(config);
  const folder = folderOfUrl(config.keysUrls[role]);
  try {
    await access(folder, constants.R_OK | constants.X_OK);
  } catch (error) {
    const absent = (error as { code?: string }).code === 'ENOENT';
    return [
      skipped(
        'keys',
        absent
          ? `${role}: no keys on this machine`
          : `${role}: not readable by this user, as it should be`,
      ),
    ];
  }
  const store = openKeyFolder(folder);
  const findings: Finding[] = [];
  const ends: Date[] = [];
  for (const name of KEYS[role].keys)
    try {
      const { chain, publicKey } = await store.signingKey(name);
      const known = published?.[name];
      if (known && !known.some((spki) => bytesEqual(spki, publicKey)))
        findings.push(
          fault(
            'keys',
            `${role}: ${name} is not the key that is published`,
            'look who exchanged it: nothing signed with it is believed; restore the key folder or, after a key ceremony, publish its successor beside it',
          ),
        );
      for (const der of chain) ends.push(parseCertificate(der, 'foreign').notAfter);
    } catch (error) {
      findings.push(missing(role, name, error));
    }
  for (const name of KEYS[role].secrets)
    try {
      await store.secret(name);
    } catch (error) {
      findings.push(missing(role, name, error));
    }
  const end = ends.length > 0 ? new Date(Math.min(...ends.map(Number))) : null;
  const late = end && endFinding(`${role}: a certificate of its keys`, end, clock.now());
  if (late) findings.push(late);
  return findings.length > 0
    ? findings
    : [
        ok(
          'keys',
          `${role}: all there${end ? `, first certificate ends ${toUtcSeconds(end)}` : ''}`,
        ),
      ];
}

/** Public keys that trust anchors name without a certificate; null where none are published here. */
const publishedKeys = async (
  config: Patient['config'],
): Promise<Readonly<Record<string, readonly Uint8Array[]>> | null> => {
  try {
    const { ledger, receipt = [] } = await readTrustFolder(config.trustFolder);
    return {
      ledger: ledger.map(vkeySpki),
      ...(receipt.length > 0 ? { receipt: receipt.map(spkiOfJwk) } : {}),
    };
  } catch {
    return null;
  }
};

const missing = (role: string, name: string, error: unknown): Finding =>
  fault(
    'keys',
    `${role}: ${name}: ${reasonOf(error)}`,
    'restore the key folder from its backup, files 0600; mandate set-up never replaces a key',
  );

function endFinding(what: string, end: Date, now: Date): Finding | null {
  const days = Math.floor((end.getTime() - now.getTime()) / 86_400_000);
  if (days < 0)
    return fault(
      'keys',
      `${what} ended ${toUtcSeconds(end)}`,
      'certify a successor with the offline root keys',
    );
  return days < SOON_DAYS
    ? warning(
        'keys',
        `${what} ends in ${days} days`,
        'certify a successor with the offline root keys before that',
      )
    : null;
}

async function checkAnchors({ config, clock }: Patient): Promise<Finding[]> {
  try {
    const anchors = await readTrustFolder(config.trustFolder);
    const findings: Finding[] = [];
    for (const purpose of ['scene', 'seal', 'timestamp'] as const) {
      if (anchors[purpose].length === 0)
        findings.push(
          fault('trust', `no anchor for ${purpose}`, 'put the published root into TRUST_DIR'),
        );
      for (const der of anchors[purpose]) {
        const late = endFinding(
          `the ${purpose} root`,
          parseCertificate(der, 'foreign').notAfter,
          clock.now(),
        );
        // roots that ended stay: old stamps are still judged under them
        if (late) findings.push({ ...late, check: 'trust', level: 'warning' });
      }
    }
    return findings.length > 0
      ? findings
      : [ok('trust', 'anchors for scene, seal, timestamp and ledger')];
  } catch (error) {
    return [
      fault(
        'trust',
        reasonOf(error),
        'set TRUST_DIR to the published trust anchors; mandate set-up or the first start make them',
      ),
    ];
  }
}
