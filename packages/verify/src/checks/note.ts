import { CLOCK_DISORDER, parseNote, parseVkey, verifyNote } from '@mandate/ledger';
import { check, fail, pass, skip } from '../finding.js';
import type { Trust } from '../trust.js';
import type { Finding } from '../verification.js';

export interface NoteJudgement {
  readonly findings: readonly Finding[];
  readonly signers: readonly string[];
  readonly cosigners: readonly { readonly name: string; readonly at: Date }[];
  /** Names on signature lines that no trusted key stands for; they prove nothing. */
  readonly unknown: readonly string[];
}

/**
 * Who signed a checkpoint: the ledger itself under a trusted key, and witnesses the caller trusts. A cosignature from
 * long before `madeAt` (when the entry it is about says it was made) or after the moment judged for does not count; a
 * false one is a forgery and fails. Throws `format-ledger`.
 */
export function checkNote(
  note: string,
  origin: string,
  trust: Pick<Trust, 'ledger' | 'minWitnesses'>,
  at: Date,
  madeAt?: Date,
): NoteJudgement {
  const keys = trust.ledger.map((text) => ({ text, ...parseVkey(text) }));
  const under = (use: 'signature' | 'cosignature') =>
    verifyNote(
      note,
      keys.filter((key) => key.use === use).map(({ text }) => text),
    );
  const [own, witnesses] = [under('signature'), under('cosignature')];
  const [earliest, latest] = [
    (madeAt?.getTime() ?? 0) - CLOCK_DISORDER,
    at.getTime() + CLOCK_DISORDER,
  ];
  // asked with all keys, so that none that signed as the ledger witnesses itself
  const cosigners = verifyNote(note, trust.ledger).cosigners.filter(
    (it) => it.at.getTime() >= earliest && it.at.getTime() <= latest,
  );
  const known = new Set(keys.map(({ name, keyHash }) => `${name} ${keyHash}`));
  const unknown = parseNote(note).signatures.filter(
    ({ name, keyHash }) => !known.has(`${name} ${keyHash}`),
  );
  const params = { cosigned: String(cosigners.length), asked: String(trust.minWitnesses) };
  return {
    findings: [
      own.failed.length > 0
        ? fail('ledger-checkpoint', 'SIG_CRYPTO_FAILURE')
        : check('ledger-checkpoint', own.signers.includes(origin), 'NO_SIGNING_CERTIFICATE_FOUND'),
      witnesses.failed.length > 0
        ? fail('ledger-cosigned', 'SIG_CRYPTO_FAILURE', { reason: witnesses.failed.join(', ') })
        : cosigners.length >= Math.max(1, trust.minWitnesses)
          ? pass('ledger-cosigned', params)
          : trust.minWitnesses > 0
            ? fail('ledger-cosigned', 'NO_POE', params)
            : skip('ledger-cosigned'),
    ],
    signers: own.signers,
    cosigners,
    unknown: [...new Set(unknown.map(({ name }) => name))],
  };
}
