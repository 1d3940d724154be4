import { addSeconds, INTEGRATION_SCOPES, isApiScope, newId, type ApiScope } from '@mandate/core';
import { makeApiKey, newKeySecret } from '@mandate/store';
import { UsageError, type Command, tell } from '../command.js';
import { withInstallation } from '../installation.js';
import { parseOptions } from '../parse-options.js';

const DAY = 86_400;

/** `mandate key create|list|rotate|revoke`: an institution's API keys. */
export const keyCommand: Command = {
  usage:
    'key create --institution ID --name NAME [--person PERSON] [--scopes A,B] [--days N] | key list --institution ID | key rotate --key ID [--grace-hours N] [--days N] | key revoke --key ID',
  summary:
    'make an API key (without --scopes: what an integration needs), list keys, replace one (the old one ends after the grace time), revoke one and all it made',

  async run([action, ...args], io) {
    if (action === 'create') {
      const options = parseOptions(args, ['institution', 'name'], [], ['person', 'scopes', 'days']);
      const scopes = scopesOf(options['scopes'] as string | undefined);
      const days = wholeNumber('days', options['days'] as string | undefined);
      return withInstallation(async (installation) => {
        const { id, text } = await makeApiKey(installation, {
          institutionId: options['institution']!,
          name: options['name']!,
          person: options['person'] as string | undefined,
          scopes,
          expiresAt: days === undefined ? null : addSeconds(installation.clock.now(), days * DAY),
        });
        tell(io, { keyId: id, apiKey: text }, [`API key  ${text}`]);
        return 0;
      });
    }
    if (action === 'list') {
      const options = parseOptions(args, ['institution'], []);
      const keys = await withInstallation(({ administration }) =>
        administration.listApiKeys(options['institution']!),
      );
      const line = (key: (typeof keys)[number]): string =>
        [
          ...[key.id, key.name, key.scopes.join(',')],
          key.revokedAt ? 'revoked' : (key.expiresAt?.toISOString() ?? 'no end'),
          key.lastUsedOn ? `last used ${key.lastUsedOn}` : 'never used',
        ].join('  ');
      tell(io, { items: keys }, keys.map(line));
      return 0;
    }
    if (action === 'rotate') {
      const options = parseOptions(args, ['key'], [], ['grace-hours', 'days']);
      const grace = wholeNumber('grace-hours', options['grace-hours'] as string | undefined) ?? 24;
      const days = wholeNumber('days', options['days'] as string | undefined);
      return withInstallation(async ({ administration, clock, random }) => {
        const { text, digest } = newKeySecret(random);
        const id = newId('apiKey', clock, random);
        const at = clock.now();
        await administration.replaceApiKey({
          ...{ id, old: options['key']!, digest, at },
          expiresAt: days === undefined ? null : addSeconds(at, days * DAY),
          oldUntil: addSeconds(at, grace * 3600),
        });
        tell(io, { keyId: id, apiKey: text }, [`API key  ${text}`]);
        return 0;
      });
    }
    if (action !== 'revoke') throw new UsageError('key takes create, list, rotate or revoke');
    const options = parseOptions(args, ['key'], []);
    return withInstallation(async ({ administration, clock }) => {
      const revoked = await administration.revokeApiKey(options['key']!, clock.now());
      const says = revoked ? 'revoked, with all it made' : 'no such live key';
      tell(io, { keyId: options['key']!, revoked }, [says]);
      return revoked ? 0 : 1;
    });
  },
};

function scopesOf(text: string | undefined): readonly ApiScope[] {
  if (text === undefined) return INTEGRATION_SCOPES;
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !isApiScope(name));
  if (unknown !== undefined) throw new UsageError(`there is no scope ${unknown}`);
  return names.filter(isApiScope);
}

function wholeNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[0-9]{1,4}$/.test(text)) throw new UsageError(`--${name} takes a whole number`);
  return Number(text);
}
