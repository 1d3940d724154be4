import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { systemClock, systemRandom } from '@mandate/core';
import { checkCrl, parseCertificate } from '@mandate/pki';
import { makeBuiltInAuthority } from './built-in-authority.js';

test('each root says that nothing below it is revoked, as long as that lives; openssl agrees', async () => {
  const now = systemClock.now();
  const { keys, crls } = await makeBuiltInAuthority({
    now,
    random: systemRandom,
    operator: 'Test',
  });
  const chainOf = (name: string) =>
    keys.find((key) => key.name === name)!.chain.map((der) => parseCertificate(der));
  const folder = mkdtempSync(join(tmpdir(), 'mandate-lists-'));
  try {
    for (const [root, below] of [
      ['root', 'scene-ca'],
      ['timestamp-root', 'tsa'],
    ] as const) {
      const crl = crls.find(({ name }) => name === root)!.der;
      const [certificate, issuer] = chainOf(below);
      for (const at of [now, certificate!.notAfter]) {
        const checks = checkCrl({ crl, certificate: certificate!, issuer: issuer!, at });
        expect(checks.filter(({ ok }) => ok !== true)).toEqual([]);
      }
      const [list, ca] = [join(folder, `${root}.crl`), join(folder, `${root}.crt`)];
      writeFileSync(list, crl);
      writeFileSync(ca, chainOf(root)[0]!.der);
      const pem = execFileSync('openssl', ['x509', '-inform', 'DER', '-in', ca]);
      writeFileSync(`${ca}.pem`, pem);
      const said = execFileSync(
        'openssl',
        ['crl', '-inform', 'DER', '-in', list, '-CAfile', `${ca}.pem`, '-noout'],
        { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
      );
      expect(said).not.toContain('failure');
    }
    const other = crls.find(({ name }) => name === 'root')!.der;
    const [certificate, issuer] = chainOf('tsa');
    const checks = checkCrl({ crl: other, certificate: certificate!, issuer: issuer!, at: now });
    expect(checks.some(({ ok }) => ok === false)).toBe(true);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
