import { beforeAll, expect, test } from '@jest/globals';
import { addSeconds, concat, fromUtf8, toUtcSeconds, utf8 } from '@mandate/core';
import { generationZero, readBundle, withLetterProof } from '@mandate/evidence';
import { cosignatureLine, cosignatureToSign, parseNote, parseProof, vkey } from '@mandate/ledger';
import { verifyFile, type TrustAnchors } from '@mandate/verify';
import { makeAuthority, makeKey, type TestKey } from '../kit/authority.js';
import { buildBundle, LATER, START } from '../kit/build-bundle.js';

const authority = makeAuthority();
const [one, two, stranger] = [makeKey('ed25519'), makeKey('ed25519'), makeKey('ed25519')];
const keyOf = (name: string, key: TestKey) => vkey(name, key.spki, 'cosignature');
const trusting = (...keys: string[]): TrustAnchors => ({
  ...authority.anchors,
  ledger: [...authority.anchors.ledger, ...keys],
});
const BOTH = trusting(keyOf('one.example', one), keyOf('two.example', two));

let bundle: Uint8Array;
let text: string;
beforeAll(async () => {
  ({ bundle } = await buildBundle(authority));
  text = parseNote(parseProof(fromUtf8(readBundle(bundle).letterProof!)).checkpoint).text;
});

/** Seconds after the ceremony's start at which the witness says it cosigned. */
const line = (name: string, key: TestKey, seconds = 170, said = text): string => {
  const at = addSeconds(START, seconds);
  const signature = key.sign(cosignatureToSign(said, at));
  return cosignatureLine({ name, publicKey: key.spki, signature, at });
};

function judge(lines: readonly string[], anchors: TrustAnchors, minWitnesses = 0, at = LATER) {
  const proof = concat(readBundle(bundle).letterProof!, utf8(lines.join('')));
  const whole = withLetterProof(generationZero(readBundle(bundle)), proof);
  const { verdict, findings, facts, notChecked } = verifyFile(whole, { anchors, at, minWitnesses });
  const { status, subIndication } = findings.find(({ id }) => id === 'ledger-cosigned')!;
  return {
    verdict: verdict.indication,
    finding: subIndication ? `${status} ${subIndication}` : status,
    cosigners: facts.ledger!.cosigners.map(({ name }) => name),
    asked: !notChecked.includes('ledger-witnesses'),
    facts,
  };
}

test('nobody trusted: cosignatures of strangers are neither counted nor believed', () => {
  const lines = [line('one.example', one), line('two.example', two)];
  expect(judge(lines, authority.anchors)).toMatchObject({
    ...{ verdict: 'TOTAL-PASSED', finding: 'not-checked', cosigners: [], asked: false },
  });
  expect(judge(lines, authority.anchors, 1)).toMatchObject({
    ...{ verdict: 'INDETERMINATE', finding: 'indeterminate NO_POE', asked: false },
  });
});

test('trusted witnesses are named with their times, and counted', () => {
  const lines = [line('one.example', one), line('two.example', two)];
  const judged = judge(lines, BOTH, 2);
  expect(judged).toMatchObject({ verdict: 'TOTAL-PASSED', finding: 'passed', asked: true });
  const at = toUtcSeconds(addSeconds(START, 170));
  expect(judged.facts.ledger!.cosigners).toEqual([
    { name: 'one.example', at },
    { name: 'two.example', at },
  ]);
  expect(judge(lines.slice(1), BOTH, 2)).toMatchObject({
    ...{ verdict: 'INDETERMINATE', finding: 'indeterminate NO_POE', cosigners: ['two.example'] },
  });
  // trusted, and did not cosign: an open question only where it was asked for
  expect(judge([], BOTH)).toMatchObject({
    ...{ verdict: 'TOTAL-PASSED', finding: 'not-checked', cosigners: [], asked: true },
  });
});

test.each<[string, () => string]>([
  ['another key under a trusted name and hash', () => forged()],
  ['over another ledger’s head', () => line('one.example', one, 170, text.replace('test/', 'x/'))],
  ['over another size', () => line('one.example', one, 170, text.replace('\n5\n', '\n6\n'))],
])('a false cosignature fails: %s', (_what, made) => {
  expect(judge([made()], BOTH)).toMatchObject({
    ...{ verdict: 'TOTAL-FAILED', finding: 'failed SIG_CRYPTO_FAILURE', cosigners: [] },
  });
});

/** The trusted key's name and hash before a stranger's signature. */
function forged(): string {
  const [honest, strange] = [line('one.example', one), line('one.example', stranger)];
  const bytes = (it: string) => Buffer.from(it.split(' ')[2]!, 'base64');
  const mixed = Buffer.concat([bytes(honest).subarray(0, 4), bytes(strange).subarray(4)]);
  return `— one.example ${mixed.toString('base64')}\n`;
}

test('one witness is one, by whatever name or how often it signs', () => {
  const twice = [line('one.example', one), line('one.example', one, 180)];
  const judged = judge(twice, BOTH, 2);
  expect(judged).toMatchObject({ verdict: 'INDETERMINATE', cosigners: ['one.example'] });
  expect(judged.facts.ledger!.cosigners[0]!.at).toBe(toUtcSeconds(addSeconds(START, 180)));
  const alias = trusting(keyOf('one.example', one), keyOf('alias.example', one));
  const both = [line('one.example', one), line('alias.example', one)];
  expect(judge(both, alias, 2)).toMatchObject({
    ...{ verdict: 'INDETERMINATE', cosigners: ['one.example'] },
  });
  const rekeyed = trusting(keyOf('one.example', one), keyOf('one.example', two));
  expect(judge([line('one.example', one), line('one.example', two)], rekeyed, 2)).toMatchObject({
    ...{ verdict: 'INDETERMINATE', cosigners: ['one.example'] },
  });
});

test('the ledger’s own key witnesses nothing', () => {
  const own = trusting(keyOf('own.example', authority.ledger));
  expect(judge([line('own.example', authority.ledger)], own, 1)).toMatchObject({
    ...{ verdict: 'INDETERMINATE', cosigners: [] },
  });
});

test('a cosignature from before the entry, or from after the moment judged for, does not count', () => {
  expect(judge([line('one.example', one, -1000)], BOTH, 1)).toMatchObject({
    ...{ verdict: 'INDETERMINATE', finding: 'indeterminate NO_POE', cosigners: [] },
  });
  const late = (LATER.getTime() - START.getTime()) / 1000 + 3600;
  expect(judge([line('one.example', one, late)], BOTH, 1)).toMatchObject({ cosigners: [] });
});
