import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { renderLetter } from '@mandate/letter';
import { buildTerms, creditReportTemplate, parseTemplate, templateDigest } from '@mandate/terms';
import { publishedInstitution, startServer } from './bench-service.mjs';

/**
 * One file of requests: uploaded, completed, worked off by a server process on embedded parts with fsync on. Beside
 * it, in this process, what every row costs at least: rendering its letter; one after another, alone.
 */
export async function bench({ args, say }) {
  const { values } = parseArgs({
    args,
    options: { json: { type: 'boolean' }, count: { type: 'string', default: '1000' } },
  });
  const count = Number(values.count);
  const dataDir = await mkdtemp(join(tmpdir(), 'mandate-bench-'));
  const server = await startServer(dataDir);
  try {
    const { api, apiKey } = await publishedInstitution(dataDir, server.url);
    await run(server.url, apiKey, api, fileOf(16, 'WARM')); // and warms up

    const file = fileOf(count, 'BULK');
    const { received, worked } = await run(server.url, apiKey, api, file);
    const rate = count / worked;
    say(
      `upload: ${(file.length / received / 1e6).toFixed(1)} MB per second (${(file.length / 1e6).toFixed(1)} MB)`,
    );
    say(`creation: ${rate.toFixed(1)} authorizations per second (${count} rows, fsync on)`);
    const rendered = await renderingRate(100);
    say(`letters alone: ${rendered.toFixed(1)} rendered per second`);
    return {
      'bulk-per-second': Number(rate.toFixed(2)),
      'bulk-letters-per-second': Number(rendered.toFixed(2)),
      'bulk-to-letters': Number((rate / rendered).toFixed(4)),
    };
  } finally {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** Seconds the upload took, and the work after it. */
async function run(url, apiKey, api, file) {
  const { id } = await api.post('/v1/bulk', { format: 'ndjson' });
  const from = performance.now();
  const uploaded = await fetch(`${url}/v1/bulk/${id}/rows`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/x-ndjson' },
    body: file,
  });
  if (!uploaded.ok) throw new Error(await uploaded.text());
  const received = performance.now();
  const digest = createHash('sha256').update(file).digest('hex');
  let view = await api.post(`/v1/bulk/${id}/completion`, { digest });
  while (view.state === 'running') {
    await sleep(100);
    view = await api.get(`/v1/bulk/${id}`);
  }
  if (view.created !== view.rows)
    throw new Error(`the import ended ${view.state}, ${view.refused} refused`);
  return { received: (received - from) / 1000, worked: (performance.now() - received) / 1000 };
}

const NAMES = '王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗明华强伟芳娜秀英敏静丽磊军洋勇艳杰娟涛';

const requestOf = (i, prefix) => ({
  template: creditReportTemplate.name,
  businessReference: `${prefix}-${i}`,
  language: 'zh',
  subject: {
    name: [0, 7, 13].map((step) => NAMES[(i * 3 + step) % NAMES.length]).join(''),
    idType: 'cn-resident-id',
    idNumber: '310101199003072313',
    phone: `139${String(10_000_000 + i)}`,
  },
  end: {
    kind: 'date',
    at: `${new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 19)}Z`,
  },
});

const fileOf = (count, prefix) =>
  Buffer.from(
    Array.from({ length: count }, (_, i) => `${JSON.stringify(requestOf(i, prefix))}\n`).join(''),
  );

/** Letters per second of such requests. */
async function renderingRate(count) {
  const body = parseTemplate(creditReportTemplate);
  const template = { id: 'tpl', version: 1, digest: templateDigest(body), body };
  const institution = {
    name: '量测信贷有限公司',
    creditCode: '91440300MA5EXAMP1F',
    contact: '400-000-0000',
    complaints: '400-000-0001',
  };
  const letter = (i) => {
    const drawn = {
      salt: new Uint8Array(32).fill(i),
      letterNumber: 'M20261122-ABCDEFGH',
      lookupCode: 'ABCD-EFGH-JKLM-NPQR',
      verifyUrl: 'http://localhost/verify',
    };
    const request = { ...requestOf(i, 'ALONE'), uses: { kind: 'count', count: 1 } };
    const terms = buildTerms({ template, institution, request, drawn, now: new Date() });
    return renderLetter(terms, body.title.zh);
  };
  for (let i = 0; i < 10; i++) await letter(i);
  const from = performance.now();
  for (let i = 0; i < count; i++) await letter(i);
  return count / ((performance.now() - from) / 1000);
}
