import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { createApiKey, publishedTemplate, sampleInstitution, startAll } from '@mandate/all';
import { canonicalize, systemClock, systemRandom } from '@mandate/core';
import { createLog, createShutdown, loadConfig } from '@mandate/runtime';
import { creditReportTemplate } from '@mandate/terms';
import { verifyFile } from '@mandate/verify';
import { codeFromSandbox, institutionClient, subjectClient } from '../test/kit/ceremony-client.mjs';
import { checkWithTools } from './demo-checks.mjs';

const SUBJECT = {
  name: '欧阳䶮',
  idType: 'cn-resident-id',
  idNumber: '310101199003072313',
  phone: '13900139000',
};

/**
 * The whole path over HTTP against a fresh instance; writes what it makes into the folder.
 * Returns the exit code.
 */
export async function runDemo(args) {
  const { values } = parseArgs({ args, options: { out: { type: 'string' } } });
  if (!values.out) {
    console.error('usage: npm run demo -- --out DIR');
    return 3;
  }
  const out = resolve(values.out);
  await mkdir(out, { recursive: true });
  const dataDir = await mkdtemp(join(tmpdir(), 'mandate-demo-'));
  const log = createLog({ service: 'demo', level: process.env.LOG_LEVEL ?? 'warn' });
  const shutdown = createShutdown(log);
  let last = 'start';
  const started = Date.now();
  const step = async (name, work) => {
    last = name;
    const from = performance.now();
    const result = await work();
    const ms = (performance.now() - from).toFixed(0).padStart(6);
    console.log(`${ms} ms  ${name}`);
    return result;
  };
  try {
    await demo({ out, dataDir, log, shutdown, step });
    console.log(`\nDone in ${((Date.now() - started) / 1000).toFixed(1)} s. Files are in ${out}.`);
    return 0;
  } catch (error) {
    console.error(`\nfailed at: ${last}\n${error.stack ?? error}`);
    return 1;
  } finally {
    await shutdown.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function demo({ out, dataDir, log, shutdown, step }) {
  const save = (name, bytes) => writeFile(join(out, name), bytes);
  const running = await step('a fresh instance starts', () => {
    const config = loadConfig('all', {
      ...process.env,
      PORT: '0',
      DATA_DIR: dataDir,
      NODE_ENV: 'test',
    });
    return startAll(config, { log, shutdown });
  });
  const url = running.publicUrl;
  const deps = { clock: systemClock, random: systemRandom, administration: running.administration };

  const institution = await sampleInstitution(deps);
  const apiKey = await step('institution and API key', () =>
    createApiKey(deps, institution.id, 'demo'),
  );
  const api = institutionClient(url, apiKey);
  await step('template', () =>
    publishedTemplate(
      { ...deps, record: running.parts.record },
      institution.id,
      creditReportTemplate,
    ),
  );
  const authorization = await step('authorization requested', () =>
    api.post('/v1/authorizations', {
      template: creditReportTemplate.name,
      businessReference: 'DEMO-2026-0001',
      subject: SUBJECT,
      end: { kind: 'date', at: new Date(Date.now() + 30 * 86_400_000).toISOString() },
    }),
  );
  const { url: link } = await step('signing link', () =>
    api.post(`/v1/authorizations/${authorization.id}/signing-links`),
  );

  const subject = subjectClient(url);
  await step('link opened', () => subject.open(link));
  let view = await step('gate passed with the last six characters', () =>
    subject.identify(SUBJECT.idNumber.slice(-6)),
  );
  view = await step('letter read, key clauses acknowledged', () => subject.read(view));
  view = await step('code asked for', () => subject.challenge());
  const { code } = await step('code read from the sandbox inbox', () =>
    codeFromSandbox(url, SUBJECT.phone, view.challenge.checkCode),
  );
  view = await step('code and one-time key confirmed', () => subject.confirm(view, code));
  const signed = await step('certificate and update checked, letter signed', () =>
    subject.sign(view),
  );
  view = await step('timestamp, evidence, ledger, release', () => subject.complete(signed));
  if (view.step !== 'done') throw new Error(`the ceremony ended at ${view.step}`);

  const base = `/v1/authorizations/${authorization.id}`;
  const bundle = await step('letter and evidence downloaded', async () => {
    await save('letter.pdf', await api.get(`${base}/letter?as=shown`));
    await save('letter-signed.pdf', await api.get(`${base}/letter`));
    const bytes = await api.get(`${base}/bundle`);
    await save('evidence.asice', bytes);
    return bytes;
  });
  await step('letter archived at level B-LTA', async () => {
    const until = Date.now() + 20_000;
    while ((await api.get(base)).archiveLevel !== 'B-LTA') {
      if (Date.now() > until) throw new Error('the letter is not archived');
      await new Promise((done) => setTimeout(done, 100));
    }
    await save('letter-archived.pdf', await api.get(`${base}/letter?as=archived`));
  });
  await step('trust anchors saved', () => saveAnchors(running, out));
  await step('verified', async () => {
    const anchors = await running.parts.authority.ca.anchors({});
    const { verdict } = verifyFile(bundle, { anchors, at: new Date() });
    if (verdict.indication !== 'TOTAL-PASSED')
      throw new Error(`verdict ${JSON.stringify(verdict)}`);
  });
  await step('report made, rendered and sealed', async () => {
    await api.post(`${base}/reports`);
    for (const [path, name] of [
      ['report.json', 'report.json'],
      ['report.zh.pdf', 'report.zh.pdf'],
      ['report.en.pdf', 'report.en.pdf'],
    ]) {
      const content = await api.get(`${base}/${path}`);
      // the report's data are canonical JSON, which is what its seal and its ledger entry are about
      await save(name, content instanceof Uint8Array ? content : canonicalize(content));
    }
  });
  await checkWithTools(out, step);
}

async function saveAnchors(running, out) {
  const { anchorFiles } = await import('@mandate/evidence');
  const { publishedAnchors } = await import('@mandate/ceremony');
  for (const [name, bytes] of anchorFiles(await publishedAnchors(running.parts.authority))) {
    const path = join(out, 'trust', name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes);
  }
}
