import { makeApiKey } from '@mandate/store';
import { UsageError, type Command } from '../command.js';
import { withInstallation } from '../installation.js';
import { parseOptions } from '../parse-options.js';

/** `mandate key create|revoke`: an institution's API keys. */
export const keyCommand: Command = {
  usage: 'key create --institution ID --name NAME [--person PERSON] [--json] | key revoke --key ID',
  summary: 'make or revoke an API key',

  async run([action, ...args], io) {
    if (action === 'create') {
      const options = parseOptions(args, ['institution', 'name'], ['json'], ['person']);
      return withInstallation(async (installation) => {
        const { id, text } = await makeApiKey(
          installation,
          options['institution']!,
          options['name']!,
          options['person'] as string | undefined,
        );
        io.out(options['json'] ? JSON.stringify({ keyId: id, apiKey: text }) : `API key  ${text}`);
        return 0;
      });
    }
    if (action !== 'revoke') throw new UsageError('key takes create or revoke');
    const options = parseOptions(args, ['key'], []);
    return withInstallation(async ({ administration, clock }) => {
      const revoked = await administration.revokeApiKey(options['key']!, clock.now());
      io.out(revoked ? 'revoked' : 'no such live key');
      return revoked ? 0 : 1;
    });
  },
};
