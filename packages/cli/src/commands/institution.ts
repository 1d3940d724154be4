import { ALL_SCOPES, DomainError, newId } from '@mandate/core';
import { institutionSchema } from '@mandate/terms';
import { makeApiKey } from '@mandate/store';
import { UsageError, type Command, tell } from '../command.js';
import { changeLogo } from './logo.js';
import { changeQuota } from './quota.js';
import { changeWayIn, listWaysIn } from './ways-in.js';
import { withInstallation } from '../installation.js';
import { parseOptions } from '../parse-options.js';

/** `mandate institution create|list`: who may ask for authorizations. */
export const institutionCommand: Command = {
  usage:
    'institution create --name NAME --credit-code CODE --contact TEXT --complaints TEXT | institution list | institution allow|disallow ID --origin ORIGIN|--scheme SCHEME | institution allowed ID | institution logo ID FILE.png|--remove | institution quota ID --per-minute N|default',
  summary:
    'register an institution and make its first API key; list institutions; say which origins may embed the page for it and which app schemes a subject may return to; set the logo beside its name; bound the requests of its keys',

  async run([action, ...args], io) {
    if (action === 'list') {
      parseOptions(args, [], []);
      const rows = await withInstallation(({ administration }) =>
        administration.listInstitutions(),
      );
      const lines = rows.map(({ id, name, creditCode }) => `${id}  ${creditCode}  ${name}`);
      tell(io, { items: rows }, lines);
      return 0;
    }
    if (action === 'allow' || action === 'disallow') return changeWayIn(action, args, io);
    if (action === 'allowed') return listWaysIn(args, io);
    if (action === 'logo') return changeLogo(args, io);
    if (action === 'quota') return changeQuota(args, io);
    if (action !== 'create')
      throw new UsageError(
        'institution takes create, list, allow, disallow, allowed, logo or quota',
      );
    const options = parseOptions(args, ['name', 'credit-code', 'contact', 'complaints'], []);
    const parsed = institutionSchema.safeParse({
      name: options['name'],
      creditCode: options['credit-code'],
      contact: options['contact'],
      complaints: options['complaints'],
    });
    if (!parsed.success)
      throw new DomainError(
        'invalid-request',
        parsed.error.issues.map((i) => `${i.path.join('.')}: ${i.message}`).join('; '),
      );
    return withInstallation(async (installation) => {
      const { administration, clock, random } = installation;
      const id = newId('institution', clock, random);
      await administration.createInstitution({ id, ...parsed.data, at: clock.now() });
      const key = await makeApiKey(installation, {
        ...{ institutionId: id, name: 'first', scopes: ALL_SCOPES },
      });
      tell(io, { id, apiKey: key.text, keyId: key.id }, [
        `institution  ${id}`,
        `API key      ${key.text}`,
        'The key is shown once; only its digest is kept.',
      ]);
      return 0;
    });
  },
};
