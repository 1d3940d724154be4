import { inflateSync } from 'node:zlib';
import { fromUtf8 } from '@mandate/core';
import { readBundle, REPORT_FILE } from '@mandate/evidence';
import { embeddedFile, readPdf } from '@mandate/pdf';
import { startApi, templateBody } from '../integration/api/api-instance.js';
import { prepare } from '../integration/api/ceremony.js';
import type { Golden } from './make-goldens.js';
import { until } from './until.js';

const PUBLIC_URL = 'https://mandate.example';

const inflate = (zlib: Uint8Array, max: number): Uint8Array =>
  new Uint8Array(inflateSync(zlib, { maxOutputLength: max }));

/**
 * What the whole product makes of one authorization, over its API: signed, archived, used, withdrawn, reported on. It
 * keeps the time of the day it is made on.
 */
export async function makeProductGolden(): Promise<Golden> {
  const api = await startApi({ PUBLIC_URL, LEDGER_ORIGIN: 'mandate.example/ledger' });
  try {
    const tenant = await api.tenant();
    const headers = { authorization: `Bearer ${tenant.apiKey}` };
    const get = async (path: string): Promise<Uint8Array> => {
      const response = await fetch(api.url + path, { headers });
      if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
      return new Uint8Array(await response.arrayBuffer());
    };
    const post = async (path: string, body: unknown): Promise<any> => {
      const key = { 'idempotency-key': path };
      const { status, json, text } = await api.call('POST', path, {
        ...{ key: tenant.apiKey, headers: key, body },
      });
      if (status >= 300) throw new Error(`${path}: ${text}`);
      return json;
    };
    await api.publish({
      ...{ key: tenant.apiKey, headers: { 'idempotency-key': 'template' } },
      body: templateBody(),
    });
    const { id } = await prepare(api, tenant, 'released');
    const base = `/v1/authorizations/${id}`;
    const read = async (path: string): Promise<any> => JSON.parse(fromUtf8(await get(path)));
    await until(async () => (await read(base)).archiveLevel === 'B-LTA');
    const use = await post(`${base}/redemptions`, {
      purpose: 'loan-approval',
      source: { creditCode: '91110000MA00DEM01M' },
      items: ['basic-information', 'credit-transactions'],
      operator: { id: 'staff-17', name: '李操作' },
    });
    const proof = { kind: 'call-recording', ref: 'call-1' };
    await post(`${base}/withdrawals`, { channel: 'phone', proof });
    // what follows closely is told together, after a pause
    api.advance(600);
    const bundle = await until(async () => {
      const bytes = await get(`${base}/bundle`);
      const told = readBundle(bytes).later.flatMap(({ entries }) => [...entries.keys()]);
      return told.filter((name) => name.endsWith('.tlog-proof')).length >= 3 && bytes;
    });
    const withdrawal = await until(
      async () => (await read(`${base}/condition`)).withdrawalReceipt as string | null,
    );
    // each paper is a report of its own, with its data inside
    const paper = await get(`${base}/report.zh.pdf`);
    const files: Golden['files'] = {
      'bundle.asice': bundle,
      'letter-signed.pdf': await get(`${base}/letter`),
      'letter-archived.pdf': await get(`${base}/letter?as=archived`),
      'use.jws': use.receipt,
      'withdrawal.jws': withdrawal,
      'report.json': embeddedFile(readPdf(paper, { inflate }), REPORT_FILE),
      'report-zh.pdf': paper,
      'report-en.pdf': await get(`${base}/report.en.pdf`),
      'report.xml': await get(`${base}/report.xml`),
      checkpoint: await get('/ledger/checkpoint'),
    };
    const passed = { verdict: 'TOTAL-PASSED' } as const;
    const beside = { ...passed, with: ['bundle.asice'] };
    return {
      name: 'product',
      anchors: await api.anchors(),
      files,
      expected: {
        ...{ at: new Date(api.now().getTime() + 60_000).toISOString(), ...passed },
        artefacts: {
          ...{ 'letter-signed.pdf': passed, 'letter-archived.pdf': passed, checkpoint: passed },
          ...{ 'use.jws': beside, 'withdrawal.jws': beside },
          'report.json': { ...passed, with: ['report-zh.pdf', 'bundle.asice'] },
          ...{ 'report-zh.pdf': beside, 'report-en.pdf': beside },
        },
      },
    };
  } finally {
    await api.stop();
  }
}
