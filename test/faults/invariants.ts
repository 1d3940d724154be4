import { canonicalize, FIRST_PREVIOUS, kindDigestHex } from '@mandate/core';
import { PART, partOf, readBundle } from '@mandate/evidence';
import { parseCertificate } from '@mandate/pki';
import { verifyFile } from '@mandate/verify';
import type pg from 'pg';
import type { House } from './house.js';

/** Statements that find rows which must not exist, whatever was killed when. */
const NEVER: Readonly<Record<string, string>> = {
  'a serial twice': `SELECT serial FROM attempts GROUP BY serial HAVING count(*) > 1`,
  'a certificate without journalled intent': `SELECT attempt_id FROM attempt_journal c WHERE step = 'certificate'
    AND NOT EXISTS (SELECT 1 FROM attempt_journal i WHERE i.attempt_id = c.attempt_id AND i.step = 'intent')`,
  'an attempt without its intent entry': `SELECT id FROM attempts a
    WHERE NOT EXISTS (SELECT 1 FROM ledger_queue WHERE dedupe = 'intent:' || encode(a.serial, 'hex'))`,
  'a step of the journal without the one before': `SELECT attempt_id, step FROM attempt_journal j
    JOIN (VALUES ('certificate','intent'), ('signature','certificate'), ('token','signature'),
      ('validation','token'), ('seal','validation'), ('bundle','seal')) AS s (this, earlier) ON s.this = j.step
    WHERE NOT EXISTS (SELECT 1 FROM attempt_journal e WHERE e.attempt_id = j.attempt_id AND e.step = s.earlier)`,
  'an attempt whose state its journal does not bear': `SELECT id FROM attempts a
    JOIN (VALUES ('issued','certificate'), ('subject-signed','signature'), ('stamped','token'), ('stored','bundle'),
      ('committed','bundle')) AS s (state, step) USING (state)
    WHERE NOT EXISTS (SELECT 1 FROM attempt_journal j WHERE j.attempt_id = a.id AND j.step = s.step)`,
  'a voided attempt without its void entry': `SELECT id FROM attempts a WHERE state = 'voided'
    AND NOT EXISTS (SELECT 1 FROM ledger_queue WHERE dedupe = 'void:' || encode(a.serial, 'hex'))`,
  'a void entry for an attempt that lives': `SELECT id FROM attempts a WHERE state <> 'voided'
    AND EXISTS (SELECT 1 FROM ledger_queue WHERE dedupe = 'void:' || encode(a.serial, 'hex'))`,
  'signed without exactly one committed attempt': `SELECT a.id FROM authorizations a
    WHERE (a.state IN ('signed', 'released'))::int
      <> (SELECT count(*) FROM attempts t WHERE t.authorization_id = a.id AND t.state = 'committed')`,
  'signed without exactly one entry': `SELECT a.id FROM authorizations a
    WHERE (a.state IN ('signed', 'released'))::int
      <> (SELECT count(*) FROM ledger_queue q WHERE q.authorization_id = a.id)`,
  'signed or released more or less than once': `SELECT a.id FROM authorizations a, unnest(ARRAY['signed', 'released']) AS kind
    WHERE (SELECT count(*) FROM events e WHERE e.stream = a.id AND e.type = kind)
      <> (a.state = 'released' OR a.state = kind)::int`,
  'released without proof or place': `SELECT a.id FROM authorizations a JOIN ledger_queue q ON q.authorization_id = a.id
    WHERE a.state = 'released' AND (q.leaf_index IS NULL
      OR NOT EXISTS (SELECT 1 FROM inclusion_proofs p WHERE p.authorization_id = a.id))`,
  'an entry that is not the queued one': `SELECT q.id FROM ledger_queue q LEFT JOIN ledger_entries e ON e.queue_id = q.id
    WHERE q.leaf_index IS DISTINCT FROM e.leaf_index OR q.entry IS DISTINCT FROM coalesce(e.entry, q.entry)`,
  'the same entry twice': `SELECT entry FROM ledger_queue GROUP BY entry HAVING count(*) > 1`,
  'a ledger with a gap': `SELECT 1 FROM (SELECT count(*) AS n, coalesce(max(leaf_index), -1) + 1 AS top FROM ledger_entries) AS c,
    ledger_head h WHERE c.n <> c.top OR h.size <> c.n`,
  'a sealed code that outlived its challenge': `SELECT id FROM challenges WHERE dead_at IS NOT NULL AND sealed_code IS NOT NULL`,
  'an authorization without data key': `SELECT id FROM authorizations a
    WHERE NOT EXISTS (SELECT 1 FROM data_keys k WHERE k.authorization_id = a.id)`,
};

/** Every broken promise, by name; empty when the record is sound. */
export async function brokenInvariants(owner: pg.Pool): Promise<string[]> {
  const broken: string[] = [];
  for (const [name, sql] of Object.entries(NEVER)) {
    const { rows } = await owner.query(sql);
    if (rows.length) broken.push(`${name}: ${JSON.stringify(rows.slice(0, 3))}`);
  }
  return [...broken, ...(await brokenTrails(owner)), ...(await brokenAccess(owner))];
}

async function brokenTrails(owner: pg.Pool): Promise<string[]> {
  const { rows } = await owner.query<{
    stream: string;
    version: number;
    body: string;
    digest: string;
  }>('SELECT stream, version, body, digest FROM events ORDER BY stream, version');
  const heads = await owner.query<{ id: string; version: number; head: string }>(
    'SELECT id, version, head FROM authorizations',
  );
  const broken: string[] = [];
  const last = new Map<string, { version: number; digest: string }>();
  for (const { stream, version, body, digest } of rows) {
    const before = last.get(stream) ?? { version: 0, digest: FIRST_PREVIOUS };
    const event = JSON.parse(body) as { previous: string };
    const good =
      version === before.version + 1 &&
      event.previous === before.digest &&
      digest === kindDigestHex('event', event) &&
      body === canonicalize(event);
    if (!good) broken.push(`a trail that breaks: ${stream}/${version}`);
    last.set(stream, { version, digest });
  }
  for (const { id, version, head } of heads.rows)
    if (last.get(id)?.version !== version || last.get(id)?.digest !== head)
      broken.push(`a head that is not its trail's: ${id}`);
  return broken;
}

async function brokenAccess(owner: pg.Pool): Promise<string[]> {
  const { rows } = await owner.query<{
    authorization_id: string;
    ordinal: number;
    body: string;
    digest: string;
  }>(
    'SELECT authorization_id, ordinal, body, digest FROM access_entries ORDER BY authorization_id, ordinal',
  );
  const last = new Map<string, { ordinal: number; digest: string }>();
  return rows.flatMap(({ authorization_id: id, ordinal, body, digest }) => {
    const before = last.get(id) ?? { ordinal: 0, digest: FIRST_PREVIOUS };
    last.set(id, { ordinal, digest });
    const entry = JSON.parse(body) as { previous: string };
    const good =
      ordinal === before.ordinal + 1 &&
      entry.previous === before.digest &&
      digest === kindDigestHex('access', entry);
    return good ? [] : [`an access register that breaks: ${id}/${ordinal}`];
  });
}

/** Released letters, each downloaded and verified offline; resolves to their certificates' serials. */
export async function verifyReleased(house: House, url: string): Promise<string[]> {
  const anchors = await house.trust();
  const { rows } = await house.owner.query<{ id: string }>(
    `SELECT id FROM authorizations WHERE state = 'released'`,
  );
  const serials: string[] = [];
  for (const { id } of rows) {
    const bytes = (await house
      .institution(url)
      .get(`/v1/authorizations/${id}/bundle`)) as Uint8Array;
    const { verdict } = verifyFile(bytes, { anchors, at: new Date() });
    if (verdict.indication !== 'TOTAL-PASSED') throw new Error(`${id}: ${JSON.stringify(verdict)}`);
    const pem = new TextDecoder().decode(partOf(readBundle(bytes), PART.sceneCertificate));
    const der = Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64');
    serials.push(parseCertificate(new Uint8Array(der)).serial);
  }
  if (new Set(serials).size !== serials.length) throw new Error('a serial in two bundles');
  return serials;
}

/** What the sweeper may still have to do; a quiet record has nothing open. */
export async function openWork(owner: pg.Pool): Promise<number> {
  const { rows } = await owner.query<{ open: string }>(
    `SELECT (SELECT count(*) FROM ledger_queue WHERE leaf_index IS NULL)
          + (SELECT count(*) FROM attempts WHERE state IN ('subject-signed', 'stamped', 'stored'))
          + (SELECT count(*) FROM authorizations WHERE state = 'signed') AS open`,
  );
  return Number(rows[0]!.open);
}
