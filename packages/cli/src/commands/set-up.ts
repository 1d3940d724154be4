import { join } from 'node:path';
import { authorityExists, prepareQueue, storeAuthority } from '@mandate/adapters';
import { DATABASE_ROLES, toBase64Url, type AuthorityRole } from '@mandate/core';
import { folderOfUrl, settleIdentity } from '@mandate/runtime';
import { makeBuiltInAuthority } from '@mandate/sign';
import { createLogin } from '@mandate/store';
import { UsageError, type Command, tell } from '../command.js';
import { withInstallation } from '../installation.js';
import { parseOptions } from '../parse-options.js';

/** `mandate set-up`: what has to be there before processes run apart. Repeating it changes nothing. */
export const setUpCommand: Command = {
  usage: 'set-up [--operator NAME] | set-up login --name LOGIN --roles ROLE[,ROLE…]',
  summary:
    'migrate the database, fix PUBLIC_URL and LEDGER_ORIGIN, make the built-in authority; make a database login for one process',

  async run(args, io) {
    if (args[0] === 'login') return makeLogin(args.slice(1), io);
    const options = parseOptions(args, [], [], ['operator']);
    return withInstallation(
      async ({ config, ownerUrl, administration, clock, random }) => {
        if (!config.publicUrl)
          throw new UsageError('set PUBLIC_URL: it is burnt into letters and certificates');
        const [publicUrl, ledgerOrigin] = [
          await administration.setting('public-url'),
          await administration.setting('ledger-origin'),
        ];
        const identity = settleIdentity({
          stored: publicUrl && ledgerOrigin ? { publicUrl, ledgerOrigin } : null,
          configured: {
            publicUrl: config.publicUrl,
            ...(config.ledgerOrigin ? { ledgerOrigin: config.ledgerOrigin } : {}),
          },
          url: config.publicUrl,
        });
        await administration.fixSetting('public-url', identity.publicUrl);
        await administration.fixSetting('ledger-origin', identity.ledgerOrigin);
        await prepareQueue(ownerUrl, ['mandate_worker', 'mandate_desk']);
        let offline: string | null = null;
        if (!authorityExists(config.trustFolder)) {
          const operator = String(options['operator'] ?? 'Mandate self-operated');
          const keyFolder = (role: AuthorityRole | 'offline'): string =>
            role === 'offline'
              ? join(config.dataDir, 'keys', 'offline')
              : folderOfUrl(config.keysUrls[role]);
          const made = await makeBuiltInAuthority({ now: clock.now(), random, operator });
          await storeAuthority({
            made,
            keyFolder,
            trustFolder: config.trustFolder,
            ledgerOrigin: identity.ledgerOrigin,
            random,
          });
          offline = keyFolder('offline');
        }
        tell(io, { ...identity, roles: DATABASE_ROLES, offline }, [
          `database     ready, ${DATABASE_ROLES.length} roles`,
          offline === null
            ? 'authority    there already'
            : `authority    made; take ${offline} away from this machine`,
          `public url   ${identity.publicUrl}`,
          `ledger       ${identity.ledgerOrigin}`,
        ]);
        return 0;
      },
      { anew: true },
    );
  },
};

const makeLogin: Command['run'] = async (args, io) => {
  const options = parseOptions(args, ['name', 'roles'], []);
  return withInstallation(async ({ ownerUrl, random }) => {
    const password = toBase64Url(random.bytes(24));
    await createLogin(
      ownerUrl,
      String(options['roles']).split(','),
      String(options['name']),
      password,
    );
    const url = new URL(ownerUrl);
    url.username = String(options['name']);
    url.password = password;
    tell(io, { url: url.href }, [url.href]);
    return 0;
  });
};
