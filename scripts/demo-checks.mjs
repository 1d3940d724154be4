import { spawnSync } from 'node:child_process';
import { readFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PART, partOf, readBundle } from '@mandate/evidence';
import { readPdf, readSignatures } from '@mandate/pdf';
import { parseToken } from '@mandate/pki';

const installed = (tool) => spawnSync('which', [tool]).status === 0;

/** Takes the signature apart with our reader, then has openssl, pdfsig, qpdf and our command judge the pieces. */
export async function checkWithTools(out, step) {
  const pieces = await step('pieces extracted for independent tools', () => extract(out));
  const commands = [
    ['pdfsig', ['-nocert', 'letter-signed.pdf'], /Signature is Valid\.[\s\S]*$/],
    ['qpdf', ['--check', 'letter-signed.pdf'], /No syntax or stream encoding errors/],
    [
      'openssl',
      ['cms', '-verify', '-cades', '-purpose', 'any', '-attime', String(pieces.genTime), '-inform', 'DER',
        '-in', 'check/signature.cms', '-binary', '-content', 'check/signed-bytes',
        '-CAfile', 'trust/scene/root.pem', '-out', '/dev/null'],
      /CAdES Verification successful/,
    ],
    [
      'openssl',
      ['ts', '-verify', '-queryfile', 'check/signature.tsq', '-in', 'check/signature.tst', '-token_in',
        '-CAfile', 'trust/timestamp/root.pem'],
      /Verification: OK/,
    ],
    [
      'openssl',
      ['ts', '-verify', '-digest', pieces.signatureDigest, '-in', 'check/signature.tst', '-token_in',
        '-CAfile', 'trust/timestamp/root.pem'],
      /Verification: OK/,
    ],
    [
      'openssl',
      ['ocsp', '-respin', 'check/scene.ocsp.der', '-issuer', 'check/chain.pem', '-cert', 'check/scene.pem',
        '-CAfile', 'trust/scene/root.pem', '-no_nonce', '-attime', String(pieces.genTime + 1)],
      /Response verify OK[\s\S]*: good/,
    ],
    ['pdfsig', ['-nocert', 'report.zh.pdf'], /Signature is Valid/],
    ['npx', ['mandate', 'verify', 'evidence.asice', '--trust', 'trust'], /TOTAL-PASSED/],
    ['npx', ['mandate', 'verify', 'letter-signed.pdf', '--trust', 'trust'], /TOTAL-PASSED/],
  ];
  console.log(`\nTo check without us (in ${out}):\n`);
  let failed = 0;
  for (const [tool, args, expected] of commands) {
    const text = [tool, ...args].join(' ');
    if (!installed(tool)) {
      console.log(`  ${text}\n    not installed here, not run`);
      continue;
    }
    const { stdout, stderr, status } = spawnSync(tool, args, { cwd: out, encoding: 'utf8' });
    const good = expected.test(stdout + stderr);
    const ok = good && (status === 0 || tool === 'pdfsig');
    if (!ok) failed++;
    console.log(`  ${text}\n    ${ok ? 'ok' : `FAILED (exit ${status})\n${stdout}${stderr}`}`);
  }
  if (failed > 0) throw new Error(`${failed} independent checks failed`);
}

async function extract(out) {
  const folder = join(out, 'check');
  await mkdir(folder, { recursive: true });
  const save = (name, bytes) => writeFile(join(folder, name), bytes);
  const signed = new Uint8Array(await readFile(join(out, 'letter-signed.pdf')));
  const [signature] = readSignatures(readPdf(signed));
  const [a, b, c, d] = signature.byteRange;
  await save('signature.cms', signature.contents);
  await save('signed-bytes', Buffer.concat([signed.subarray(a, a + b), signed.subarray(c, c + d)]));
  const bundle = readBundle(new Uint8Array(await readFile(join(out, 'evidence.asice'))));
  await save('signature.tsq', partOf(bundle, PART.tokenRequest));
  await save('signature.tst', partOf(bundle, PART.token));
  await save('scene.ocsp.der', partOf(bundle, PART.ocsp));
  await save('scene.pem', partOf(bundle, PART.sceneCertificate));
  await save('chain.pem', partOf(bundle, PART.chain));
  const { info } = parseToken(partOf(bundle, PART.token));
  return {
    genTime: Math.floor(info.genTime.getTime() / 1000),
    signatureDigest: Buffer.from(info.imprint.digest).toString('hex'),
  };
}
