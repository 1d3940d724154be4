import { bytesEqual, isDomainError, sha256, utf8 } from '@mandate/core';
import { readCheckpoint, leafHash, parseProof, verifyInclusion } from '@mandate/ledger';
import { parseToken } from '@mandate/pki';
import { read } from './check-ceremony.js';
import type { RecomputedFact } from './check-facts.js';
import type { RecordPage, RecordReader } from './reconcile-ports.js';
import type { Found } from './record-problem.js';

/** Whether a compact JWS is signed by a published receipt key. */
export type JwsCheck = (jws: string) => boolean;

/** Released letters' proofs: each is about its letter's entry, and under a head that was signed. */
export async function checkLetterProofs(
  reader: RecordReader,
  page: RecordPage,
  found: Found,
): Promise<void> {
  const released = page.authorizations.filter(({ state }) => state === 'released');
  const places = new Map(
    (await reader.places(released.map(({ id }) => id))).map((place) => [place.id, place]),
  );
  const roots = new Map<number, Uint8Array | null>();
  for (const { id } of released) {
    const [row] = page.rows(id).inclusionProofs;
    const place = places.get(id);
    const head = row && place ? headOf(row.proof, place) : null;
    if (head && !roots.has(head.size)) {
      const [signed] = await reader.heads(head.size - 1, head.size);
      roots.set(head.size, signed?.root ?? null);
    }
    const root = head && roots.get(head.size);
    if (!root || !bytesEqual(root, head.root)) found('proof-differs', id);
    const told = page.rows(id).events.find(({ type }) => type === 'released');
    const said = told && read<{ data: { index?: unknown; size?: unknown } }>(told.body)?.data;
    if (said?.index !== place?.index || said?.size !== head?.size) found('proof-differs', id);
  }
}

function headOf(text: string, place: { entry: string; index: number | null }) {
  try {
    const proof = parseProof(text);
    const head = readCheckpoint(proof.checkpoint);
    const leaf = utf8(place.entry);
    const good =
      proof.index === place.index &&
      proof.extra !== undefined &&
      bytesEqual(proof.extra, leaf) &&
      verifyInclusion({ ...proof, ...head, leaf: leafHash(leaf) });
    return good ? head : null;
  } catch (error) {
    if (!isDomainError(error)) throw error;
    return null;
  }
}

/** Receipts of one page's facts: signed, about the fact as it stands, stamped over exactly these bytes. */
export async function checkReceipts(
  reader: RecordReader,
  facts: readonly RecomputedFact[],
  found: Found,
  signed: JwsCheck | null,
): Promise<void> {
  const known = new Map(facts.map((fact) => [fact.id, fact]));
  for (const { factId, jws, token } of await reader.receipts([...known.keys()])) {
    const fact = known.get(factId)!;
    const payload = payloadOf(jws);
    if (
      payload?.['jti'] !== factId ||
      payload['factDigest'] !== fact.digest ||
      payload['ledgerEntry'] !== fact.ledgerDigest
    )
      found('receipt-differs', factId);
    if (signed && !signed(jws)) found('receipt-unsigned', factId);
    if (token && !stamps(token, jws)) found('receipt-stamp', factId);
  }
}

const payloadOf = (jws: string): Record<string, unknown> | null =>
  read(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString('utf8'));

function stamps(token: Uint8Array, jws: string): boolean {
  try {
    return bytesEqual(parseToken(token).info.imprint.digest, sha256(utf8(jws)));
  } catch (error) {
    if (!isDomainError(error)) throw error;
    return false;
  }
}
