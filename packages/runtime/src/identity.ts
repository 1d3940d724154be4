import { DomainError } from '@mandate/core';

/** Burnt into certificates, QR codes and checkpoints: fixed at first start, never changed after. */
export interface InstallationIdentity {
  readonly publicUrl: string;
  readonly ledgerOrigin: string;
}

/**
 * Decides the identity from what was stored at first start and what is configured now.
 * `url` is the address to fall back on at a first start that was told nothing.
 * Throws `config-invalid` when the two differ: letters already issued would point elsewhere.
 */
export function settleIdentity(input: {
  stored: InstallationIdentity | null;
  configured: Partial<InstallationIdentity>;
  url: string;
}): InstallationIdentity {
  const { stored, configured } = input;
  const publicUrl = configured.publicUrl ?? stored?.publicUrl ?? input.url;
  const ledgerOrigin =
    configured.ledgerOrigin ?? stored?.ledgerOrigin ?? `${new URL(publicUrl).host}/ledger`;
  if (!stored) return { publicUrl, ledgerOrigin };
  const faults = [
    publicUrl === stored.publicUrl ? [] : [`PUBLIC_URL: was fixed as ${stored.publicUrl}`],
    ledgerOrigin === stored.ledgerOrigin
      ? []
      : [`LEDGER_ORIGIN: was fixed as ${stored.ledgerOrigin}`],
  ].flat();
  if (faults.length > 0)
    throw new DomainError(
      'config-invalid',
      [
        'these were fixed at first start and stand in letters, certificates and checkpoints already issued;',
        'start with the old value, or with an empty DATA_DIR and database:',
        ...faults,
      ].join('\n  '),
    );
  return stored;
}
