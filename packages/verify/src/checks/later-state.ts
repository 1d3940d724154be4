import type { LaterMaterial, LaterReceipt, LaterState } from '../material/later-material.js';
import type { FactKind } from '../artefacts/fact-shapes.js';
import { place, type LaterSubject, type Wrong } from './later-entries.js';

/** What the receipts and entries so far say, as a state says it. */
function counted(material: readonly LaterMaterial[]) {
  const receipts = material.flatMap((it) => it.receipts);
  const of = (kind: FactKind): readonly LaterReceipt[] =>
    receipts.filter((receipt) => receipt.kind === kind);
  const steps = (step: string): ReadonlySet<string> =>
    new Set(
      material
        .flatMap(({ proofs }) => proofs)
        .flatMap(({ entry }) =>
          entry.kind === 'redemption' && entry.step === step ? [entry.fact] : [],
        ),
    );
  const [confirmed, released] = [steps('confirmed'), steps('released')];
  const uses = of('redemption').filter(({ factDigest }) => !released.has(factDigest));
  const resolutions = of('hold-resolution');
  const upheld = resolutions.some(({ fact }) => fact['outcome'] === 'upheld');
  const open = of('hold').length > resolutions.length;
  return {
    counted: uses.length,
    reserved: uses.filter(
      ({ fact, factDigest }) => fact['reservedUntil'] !== undefined && !confirmed.has(factDigest),
    ).length,
    withdrawn: of('withdrawal').length > 0,
    hold: upheld ? 'upheld' : open ? 'open' : 'none',
    ended: of('end').length > 0,
    restricted: of('restriction').length > 0,
    releases: of('release').length,
  };
}

/** Clocks of two houses, milliseconds. */
const SKEW = 2000;

/** Nothing is stated but what receipts and ledger say, and nothing they say is left out. */
export function wrongState(
  material: readonly LaterMaterial[],
  { authorization, letter, terms }: LaterSubject,
  sealedAt: readonly (Date | null)[],
): Wrong {
  const { uses } = terms;
  const allowed = uses.kind === 'count' ? uses.count : uses.atMost;
  const per = uses.kind === 'recurring' ? uses.per : null;
  let before: LaterState | null = null;
  for (const [i, it] of material.entries()) {
    const { state, generation, proofs } = it;
    const due = counted(material.slice(0, i + 1));
    const sealed = sealedAt[i];
    const from = before?.ledgerSize ?? 0;
    const ok: Readonly<Record<string, boolean>> = {
      authorization: state.authorization === authorization,
      letter: state.letter === letter,
      generation: state.generation === generation.number,
      asOf:
        (!before || Date.parse(state.asOf) >= Date.parse(before.asOf)) &&
        (!sealed || Date.parse(state.asOf) <= sealed.getTime() + SKEW),
      ledgerSize:
        state.ledgerSize >= from &&
        proofs.every(
          ({ named, entry }) =>
            named < state.ledgerSize &&
            (named >= from || /^(?:credential|credential-end|key-event)$/.test(entry.kind)),
        ),
      uses:
        state.uses.allowed === allowed &&
        state.uses.per === per &&
        state.uses.counted === due.counted &&
        state.uses.reserved === due.reserved,
      withdrawn: state.withdrawn === due.withdrawn,
      hold: state.hold === due.hold,
      ended: state.ended === due.ended,
      restricted: state.restricted === due.restricted,
      releases: state.releases === due.releases,
    };
    const wrong = Object.entries(ok).find(([, holds]) => !holds);
    if (wrong) return place(it, wrong[0]);
    before = state;
  }
  return undefined;
}

/** Time by which the register's entries of several processes may overtake each other, milliseconds. */
const DISORDER = 5000;

/** Dense from the first opening on, in the order of time. */
export function wrongAccess(material: readonly LaterMaterial[]): Wrong {
  let ordinal = 0;
  let last = 0;
  for (const it of material)
    for (const entry of it.accesses) {
      const time = Date.parse(entry.at);
      if (entry.ordinal !== ordinal + 1 || time + DISORDER < last)
        return place(it, String(entry.ordinal));
      ordinal = entry.ordinal;
      last = Math.max(last, time);
    }
  return undefined;
}
