import { spawnSync } from 'node:child_process';
import { readFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PART, partOf, readBundle } from '@mandate/evidence';
import { readPdf, readSignatures } from '@mandate/pdf';
import { parseToken } from '@mandate/pki';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

const installed = (tool) => spawnSync('which', [tool]).status === 0;

/** Commands and what they must print; `@name` stands for a file in the output folder. */
const commandsFor = ({ genTime, signatureDigest }) => [
  ['pdfsig -nocert @letter-signed.pdf', /Total document signed[\s\S]*Signature is Valid\./],
  ['qpdf --check @letter-signed.pdf', /No syntax or stream encoding errors/],
  [
    `openssl cms -verify -cades -purpose any -attime ${genTime} -inform DER -in @check/signature.cms -binary -content @check/signed-bytes -CAfile @trust/scene/root.pem -out /dev/null`,
    /CAdES Verification successful/,
  ],
  [
    'openssl ts -verify -queryfile @check/signature.tsq -in @check/signature.tst -token_in -CAfile @trust/timestamp/root.pem',
    /Verification: OK/,
  ],
  [
    `openssl ts -verify -digest ${signatureDigest} -in @check/signature.tst -token_in -CAfile @trust/timestamp/root.pem`,
    /Verification: OK/,
  ],
  [
    'openssl ocsp -sha256 -no_nonce -validity_period 999999999 -respin @check/scene.ocsp.der -issuer @check/chain.pem -cert @check/scene.pem -CAfile @trust/scene/root.pem',
    /Response verify OK[\s\S]*: good|: good[\s\S]*Response verify OK/,
  ],
  ['pdfsig -nocert @letter-archived.pdf', /Signature is Valid\./],
  ['qpdf --check @letter-archived.pdf', /No syntax or stream encoding errors/],
  [
    'openssl ts -verify -data @check/archived-bytes -in @check/archived.tst -token_in -CAfile @trust/timestamp/root.pem',
    /Verification: OK/,
  ],
  // sealed, then stamped as a whole document
  ['pdfsig -nocert @report.zh.pdf', /Signature is Valid\.[\s\S]*Total document signed/],
  ['pdfsig -nocert @report.en.pdf', /Signature is Valid\.[\s\S]*Total document signed/],
  ['npx mandate verify @evidence.asice --trust @trust', /^TOTAL-PASSED/],
  ['npx mandate verify @letter-signed.pdf --trust @trust', /^TOTAL-PASSED/],
  ['npx mandate verify @letter-archived.pdf --trust @trust', /^TOTAL-PASSED/],
  ['npx mandate verify @report.en.pdf --with @evidence.asice --trust @trust', /^TOTAL-PASSED/],
];

/** Takes the signature apart with our reader, then has openssl, pdfsig, qpdf and our command judge the pieces. */
export async function checkWithTools(out, step) {
  const pieces = await step('pieces extracted for independent tools', () => extract(out));
  console.log('\nTo check without us:\n');
  let failed = 0;
  for (const [text, expected] of commandsFor(pieces)) {
    const [tool, ...args] = text
      .split(' ')
      .map((word) => (word.startsWith('@') ? join(out, word.slice(1)) : word));
    console.log(`  ${[tool, ...args].join(' ')}`);
    if (!installed(tool)) {
      console.log('    not installed here, not run');
      continue;
    }
    const { stdout, stderr, status } = spawnSync(tool, args, { cwd: ROOT, encoding: 'utf8' });
    const ok = status === 0 && (expected.test(stdout) || expected.test(stderr + stdout));
    if (!ok) failed++;
    console.log(`    ${ok ? 'ok' : `FAILED (exit ${status})\n${stdout}${stderr}`}`);
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
  const archived = new Uint8Array(await readFile(join(out, 'letter-archived.pdf')));
  const stamp = readSignatures(readPdf(archived)).find((it) => it.coversWholeFile);
  const [e, f, g, h] = stamp.byteRange;
  await save('archived.tst', stamp.contents);
  await save(
    'archived-bytes',
    Buffer.concat([archived.subarray(e, e + f), archived.subarray(g, g + h)]),
  );
  const { info } = parseToken(partOf(bundle, PART.token));
  return {
    genTime: Math.floor(info.genTime.getTime() / 1000),
    signatureDigest: Buffer.from(info.imprint.digest).toString('hex'),
  };
}
