import type { Claim, Verification } from '@mandate/verify';
import type { Voucher, VoucherId } from './report.js';

/** Whose word each statement is. A claim that did not pass has nobody to vouch for it. */
export function vouchersOf({ claims, facts }: Verification): Voucher[] {
  const passed = (claim: Claim): boolean => claims[claim].status === 'passed';
  const row = (id: VoucherId, name?: string): Voucher => (name ? { id, name } : { id });
  const rows: Voucher[] = [];
  if (passed('integrity')) rows.push(row('content'));
  if (passed('time')) rows.push(row('time', facts.timestamp?.authority?.subject));
  if (passed('identity')) {
    rows.push(row('key-holder', facts.certificate?.issuer));
    if (facts.terms) rows.push(row('personal-details', facts.terms.institution.name));
    if (facts.authorization?.gate === 'last-six') rows.push(row('gate-last-six'));
    if (facts.authorization?.gate === 'institution')
      rows.push(row('gate-institution', facts.terms?.institution.name));
    for (const it of facts.authorization?.identity?.checks ?? [])
      rows.push(
        it.simulated
          ? row('identity-simulated')
          : row(
              it.check === 'institution' ? 'identity-institution' : 'identity-provider',
              it.operator,
            ),
      );
    rows.push(row('key-origin'));
  }
  if (passed('intent')) {
    if (facts.authorization?.code) rows.push(row('code'));
    if (facts.authorization?.passkey) rows.push(row('passkey'));
    rows.push(row('shown'));
  }
  const { ledger } = facts;
  if (passed('ledger'))
    rows.push(
      ledger && ledger.cosigners.length > 0
        ? row(
            'ledger-witnessed',
            [ledger.origin, ...ledger.cosigners.map(({ name }) => name)].join(', '),
          )
        : row('ledger', ledger?.origin),
    );
  return rows;
}
