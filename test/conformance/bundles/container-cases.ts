import { concat, utf8 } from '@mandate/core';
import { LETTER_PROOF, MANIFEST, OPTIONAL_PARTS, PART, readZip, SEAL } from '@mandate/evidence';
import type { TestAuthority } from '../../kit/authority.js';
import { buildBundle, containerOf, type Changes } from '../../kit/build-bundle.js';
import { rawZip } from '../../kit/raw-zip.js';
import { rezip } from '../../kit/rezip.js';
import { flip } from '../../tamper/bundle-cases.js';
import type { BundleCase } from './bundle-case.js';

type Bytes = Uint8Array;
type Parts = Map<string, Bytes>;

/** The ZIP, its names and its manifest. */
export function containerCases(authority: TestAuthority): BundleCase[] {
  const sound = lazily(async () => (await buildBundle(authority)).bundle);
  const cases: BundleCase[] = [];
  /** After everything: nobody who reads strictly gets as far as the seal. */
  const zip = (name: string, rule: string, change: (it: Bytes) => Bytes, open = false): void =>
    void cases.push({
      name: `container: ${name}`,
      make: async () => change(await sound()),
      verdict: open ? 'INDETERMINATE' : 'TOTAL-FAILED',
      rule,
    });
  /** Before the ledger's entry is made: seal or container are as the operator wants them. */
  const made = (name: string, rule: string, changes: Changes): void =>
    void cases.push({
      name,
      make: async () => (await buildBundle(authority, changes)).bundle,
      verdict: 'TOTAL-FAILED',
      rule,
    });

  zip('cut short', 'B-2', (it) => it.subarray(0, -100));
  zip('one byte behind', 'B-2', (it) => concat(it, Uint8Array.of(0)));
  zip('a comment', 'B-2', (it) => concat(changed(it, -2, 1), utf8('x')));
  zip('bytes before the central directory', 'B-2', (it) => {
    const at = directoryOf(it);
    return concat(it.subarray(0, at), utf8('gap'), it.subarray(at));
  });
  zip('made at another time', 'B-2', (it) => changed(it, 10, 1));
  zip('made on another day', 'B-2', (it) => changed(it, 12, 0x22));
  zip('made by another version', 'B-2', (it) => changed(it, 4, 20));
  zip('names said to be UTF-8', 'B-2', (it) => changed(it, 7, 0x08));
  zip('sizes behind the content', 'B-2', (it) => changed(it, 6, 0x08));
  zip('encrypted', 'B-2', (it) => changed(it, 6, 0x01), true);
  zip('compressed', 'B-2', (it) => changed(it, 8, 8), true);
  zip('another checksum', 'B-2', (it) => changed(it, 14, it[14]! ^ 1));
  zip('another size in the local header', 'B-2', (it) => changed(it, 22, it[22]! + 1));
  zip('another name in the central directory', 'B-2', (it) => {
    const at = directoryOf(it) + 46;
    return changed(it, at, it[at]! ^ 1);
  });
  zip('a file that may be executed', 'B-2', (it) => changed(it, directoryOf(it) + 38, 1));
  zip('a name twice', 'B-2', (it) => {
    const entries = readZip(it);
    return rawZip([...entries, entries.at(-1)!]);
  });
  zip('names in another order', 'B-2', (it) => {
    const [first, ...rest] = readZip(it);
    return rawZip([first!, ...rest.reverse()]);
  });
  const renamed = (from: string, to: string) => (it: Bytes) =>
    containerOf(new Map(readZip(it).map(([name, bytes]) => [name === from ? to : name, bytes])));
  zip('a name that leads outside', 'B-3', renamed(PART.readme, '../README.txt'));
  zip('an absolute name', 'B-3', renamed(PART.readme, '/README.txt'));
  zip('a name with a space', 'B-3', renamed(PART.readme, 'READ ME.txt'));
  zip('two names that differ in case', 'B-3', (it) =>
    containerOf(new Map([...readZip(it), ['readme.TXT', utf8('x')]])),
  );
  zip('a name of no part', 'B-5', (it) =>
    containerOf(new Map([...readZip(it), ['authorization/notes.json', utf8('{}')]])),
  );
  zip('more than ten thousand entries', 'B-4', (it) =>
    containerOf(
      new Map([
        ...readZip(it),
        ...Array.from({ length: 10_000 }, (_, i): [string, Bytes] => [
          `anchors/scene/root-${i + 2}.pem`,
          utf8('x'),
        ]),
      ]),
    ),
  );
  zip('more entries than a ZIP can count', 'B-4', (it) =>
    rawZip([
      ...readZip(it),
      ...Array.from({ length: 0x10000 }, (_, i) => [`x/${i}`, utf8('')] as const),
    ]),
  );
  zip('no seal', 'B-5', without(SEAL));
  zip('no manifest', 'B-5', without(MANIFEST));
  zip('another media type', 'B-1', (it) => {
    const entries = readZip(it);
    return rawZip([['mimetype', utf8('application/vnd.etsi.asic-s+zip')], ...entries.slice(1)]);
  });

  // The manifest as the operator seals it.
  const manifest = (name: string, change: (it: string) => string, rule = 'B-8'): void =>
    made(`manifest: ${name}`, rule, { manifest: change });
  manifest('another line end', (it) => it.replaceAll('\n', '\r\n'));
  manifest('a comment in it', (it) => it.replace('<asic:SigRef', '<!-- x --><asic:SigRef'));
  manifest('another digest method', (it) => it.replace('xmlenc#sha256', 'xmlenc#sha512'));
  manifest('names another seal', (it) => it.replace('signature.p7s', 'signature-002.p7s'));
  manifest('lines in another order', (it) => {
    const lines = it.split('\n');
    return [...lines.slice(0, 3), lines[4], lines[3], ...lines.slice(5)].join('\n');
  });
  manifest('a byte order mark', (it) => `\ufeff${it}`);
  manifest('something behind', (it) => `${it}\n`);
  manifest(
    'a part not listed',
    (it) => it.replace(/<asic:DataObjectReference URI="README.*\n/, ''),
    'B-9',
  );
  manifest(
    'a part listed that is not there',
    (it) => it.replace('"README.txt"', '"READMF.txt"'),
    'B-9',
  );
  manifest('another media type', (it) => it.replace('"application/pdf"', '"application/pdx"'));
  manifest(
    'another digest',
    (it) => it.replace(/(Value>)(.)/, (_, head, one) => `${head}${one === 'A' ? 'B' : 'A'}`),
    'B-9',
  );

  // Parts left out: sealed anew, or as a forger without the seal's key leaves them.
  const required = Object.values(PART).filter((name) => !OPTIONAL_PARTS.includes(name));
  for (const name of required) {
    made(`part left out and sealed: ${name}`, 'B-5', {
      container: (it) => containerOf(new Map(readZip(it).filter(([each]) => each !== name))),
    });
    made(`part changed, seal left as it was: ${name}`, 'B-9', {
      partsAfterSeal: (parts: Parts) => void parts.set(name, flip(-2)(parts.get(name)!)),
    });
  }
  zip('two parts exchanged', 'B-9', (it) => {
    const entries = new Map(readZip(it));
    const a = entries.get(PART.token)!;
    const b = entries.get(PART.ocsp)!;
    for (const apart of ['mimetype', MANIFEST, SEAL, LETTER_PROOF]) entries.delete(apart);
    return rezip(it, entries.set(PART.token, b).set(PART.ocsp, a));
  });
  return cases;
}

export function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

const without = (name: string) => (it: Bytes) =>
  rawZip(readZip(it).filter(([each]) => each !== name));

/** Where the central directory begins. */
const directoryOf = (it: Bytes): number =>
  new DataView(it.buffer, it.byteOffset).getUint32(it.length - 6, true);

function changed(bytes: Bytes, at: number, to: number): Bytes {
  const copy = bytes.slice();
  copy[at < 0 ? copy.length + at : at] = to;
  return copy;
}
