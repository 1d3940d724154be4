import { openKeyFolder } from '@mandate/adapters';
import { DomainError, isDomainError } from '@mandate/core';
import { folderOfUrl } from '@mandate/runtime';
import { openDatabase, staffAdministration, type StaffAdministration } from '@mandate/store';
import { withInstallation, type Installation } from './installation.js';

/**
 * What `mandate staff` writes with: the owner's connection and role vault's secret together, so that neither alone
 * makes anybody a member of staff. Throws `config-invalid` away from that secret.
 */
export const withStaff = <T>(
  work: (it: Installation & { readonly staff: StaffAdministration }) => Promise<T>,
): Promise<T> =>
  withInstallation(async (installation) => {
    const secret = await vaultSecret(installation);
    const owner = openDatabase(installation.ownerUrl, undefined, 1);
    try {
      return await work({ ...installation, staff: staffAdministration(owner, secret) });
    } finally {
      await owner.destroy();
    }
  });

async function vaultSecret({ config }: Installation): Promise<Uint8Array> {
  try {
    return await openKeyFolder(folderOfUrl(config.keysUrls.vault)).secret('wrapping');
  } catch (cause) {
    if (!isDomainError(cause)) throw cause;
    throw new DomainError(
      'config-invalid',
      'accounts of the desk are written beside role vault’s keys: run this where KEYS_URL_VAULT can be read',
      { cause },
    );
  }
}
