import { generateKeyPairSync, sign } from 'node:crypto';
import { DomainError, systemClock, type CheckpointWitness } from '@mandate/core';
import { cosign, vkey, type Witness, type Witnessed } from '@mandate/ledger';

/** The witness our command runs, without its HTTP. `ledgers`: vkeys of those it cosigns for. */
export function ledgerWitness(
  name: string,
  ledgers: readonly string[],
): CheckpointWitness & {
  readonly heads: Map<string, Witnessed>;
  away: boolean;
} {
  const key = generateKeyPairSync('ed25519');
  const publicKey = new Uint8Array(key.publicKey.export({ type: 'spki', format: 'der' }));
  const heads = new Map<string, Witnessed>();
  const witness: Witness = {
    ...{ name, publicKey, ledgers },
    sign: async (message) => new Uint8Array(sign(null, message, key.privateKey)),
    now: () => systemClock.now(),
    store: {
      latest: async (origin) => heads.get(origin) ?? null,
      advance: async (origin, from, to) => {
        if ((heads.get(origin)?.size ?? 0) !== from) return false;
        heads.set(origin, to);
        return true;
      },
    },
  };
  return {
    heads,
    away: false,
    vkey: vkey(name, publicKey, 'cosignature'),
    async addCheckpoint(body) {
      if (this.away) throw new DomainError('authority-unavailable', 'away');
      return cosign(witness, body);
    },
  };
}
