import { access, constants } from 'node:fs/promises';
import {
  keptAnswers,
  listObjects,
  openKeyFolder,
  openObjects,
  readTrustFolder,
} from '@mandate/adapters';
import {
  decrypt,
  isDomainError,
  sha256Hex,
  utf8,
  type Objects,
  type PublicJwk,
} from '@mandate/core';
import { ecdsaToDer, spkiOfJwk, verifySignature } from '@mandate/pki';
import { folderOfUrl, type Config } from '@mandate/runtime';
import { reconcileDatabase, type RecordProblem, type RecordReader } from '@mandate/store';
import { fault, ok, reasonOf, skipped, warning, type Check, type Finding } from './finding.js';
import { RECORD_WORDS } from './record-words.js';

/** So many places are named of each kind of problem. */
const NAMED = 3;
/** What the record names; other prefixes are the ledger's and the doctor's own. */
const PREFIXES = ['archives', 'bundles', 'generations', 'letters', 'reports'];

/**
 * The record against itself, the ledger, the receipts' key and the object store, everything recomputed. It opens
 * nobody's data. `deep` reads every object as well; otherwise their sizes are looked at.
 */
export const checkRecord =
  (deep = false): Check =>
  async ({ ownerUrl, config }) => {
    if (!ownerUrl) return [skipped('record', 'without the database')];
    try {
      const objects = await openObjects(config.objectsUrl).catch(() => null);
      const { counts, problems } = await reconcileDatabase(ownerUrl, {
        objects,
        signed: await receiptCheck(config),
        passkeys: keptAnswers,
        ...(await vaultChecks(config)),
        also: async (reader) =>
          objects ? objectProblems(reader, config.objectsUrl, deep ? objects : null) : [],
      });
      const { authorizations, events, facts, accesses, entries } = counts;
      const seen = `${authorizations} authorizations, ${events} events, ${facts} facts, ${accesses} openings and ${entries} ledger entries`;
      return problems.some(({ code }) => !RECORD_WORDS[code].harmless)
        ? told(problems)
        : [ok('record', `${seen} recomputed, all agree`), ...told(problems)];
    } catch (error) {
      return [
        fault(
          'record',
          `cannot be recomputed: ${reasonOf(error)}`,
          'see database and migrations above',
        ),
      ];
    }
  };

/** One finding for each kind of problem, with some of the places. */
function told(problems: readonly RecordProblem[]): Finding[] {
  const codes = [...new Set(problems.map(({ code }) => code))];
  return codes.map((code) => {
    const places = problems.filter((problem) => problem.code === code).map(({ at }) => at);
    const { says, remedy, harmless } = RECORD_WORDS[code];
    const more = places.length > NAMED ? `, ${places.length - NAMED} more` : '';
    const text = `${code}: ${says}: ${places.slice(0, NAMED).join(', ')}${more}`;
    return harmless ? warning('record', text, remedy) : fault('record', text, remedy);
  });
}

/** Null where no receipt key is published here. */
async function receiptCheck(config: Config): Promise<((jws: string) => boolean) | null> {
  const jwks = await readTrustFolder(config.trustFolder).then(
    ({ receipt }) => receipt ?? [],
    (): PublicJwk[] => [],
  );
  if (jwks.length === 0) return null;
  const keys = new Map(jwks.map((jwk) => [jwk.kid, spkiOfJwk(jwk)]));
  return (jws) => {
    const [head = '', body = '', signature = ''] = jws.split('.');
    try {
      const { kid, alg } = JSON.parse(Buffer.from(head, 'base64url').toString('utf8')) as {
        kid?: string;
        alg?: string;
      };
      const key = keys.get(String(kid));
      return (
        key !== undefined &&
        alg === 'ES256' &&
        verifySignature(
          'ecdsa-p256-sha256',
          key,
          utf8(`${head}.${body}`),
          ecdsaToDer(Buffer.from(signature, 'base64url')),
        )
      );
    } catch {
      return false;
    }
  };
}

/** With role vault's key at hand: whether it opens a data key, and its codes. What that key opens is not touched. */
async function vaultChecks(config: Config): Promise<{
  opens: ((id: string, wrapped: Uint8Array) => boolean) | null;
  vaultSecret: Uint8Array | null;
}> {
  const folder = folderOfUrl(config.keysUrls.vault);
  try {
    await access(folder, constants.R_OK | constants.X_OK);
    const key = await openKeyFolder(folder).secret('wrapping');
    const opens = (id: string, wrapped: Uint8Array): boolean => {
      try {
        return decrypt(key, wrapped, `data_keys/${id}`).length === 32;
      } catch (error) {
        if (!isDomainError(error, 'object-corrupt')) throw error;
        return false;
      }
    };
    return { opens, vaultSecret: key };
  } catch {
    return { opens: null, vaultSecret: null };
  }
}

/** The store's list against the record's, both in order, each read once. */
async function objectProblems(
  reader: RecordReader,
  url: string,
  content: Objects | null,
): Promise<RecordProblem[]> {
  const problems: RecordProblem[] = [];
  const listed = listObjects(url, PREFIXES)[Symbol.asyncIterator]();
  let there = await listed.next();
  for await (const { name, size, digest } of reader.objectNames()) {
    for (; !there.done && there.value.name < name; there = await listed.next())
      problems.push({ code: 'object-unknown', at: there.value.name });
    if (there.done || there.value.name !== name) {
      problems.push({ code: 'object-missing', at: name });
      continue;
    }
    const changed = size !== null && there.value.size !== size;
    if (changed || (content && !(await isAsStored(content, name, digest))))
      problems.push({ code: 'object-differs', at: name });
    there = await listed.next();
  }
  for (; !there.done; there = await listed.next())
    problems.push({ code: 'object-unknown', at: there.value.name });
  return problems;
}

/** The record has the digest, or its beginning is the last part of the name, as of bundles and archives. */
async function isAsStored(objects: Objects, name: string, digest: string | null): Promise<boolean> {
  if (digest) return sha256Hex(await objects.get(name)) === digest;
  const last = name.split('/').at(-1)!;
  return !/^[0-9a-f]{32}$/.test(last) || sha256Hex(await objects.get(name)).startsWith(last);
}
