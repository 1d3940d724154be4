import { canonicalBytes, type Authority, type SigningKey } from '@mandate/core';
import {
  recordKeys,
  signReceipt,
  stampReceipt,
  statusLists,
  type ReceiptDeps,
} from '@mandate/ceremony';
import { publicJwk } from '@mandate/pki';
import { compactJws, sealDigest } from '@mandate/sign';
import { entryQueue, sealRecord, webhookSecrets, type Database } from '@mandate/store';
import { certifiedKey } from './certified-key.js';
import type { AuthorityParts } from './service.js';
import { webhookSigning } from './webhook-signing.js';

/** Role seal: seals of bundles and reports, receipts, status lists and the signatures of webhooks. */
export async function sealing(
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
