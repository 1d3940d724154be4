import { isDomainError } from '@mandate/core';
import {
  parseTemplate,
  registrableCalls,
  registrableTexts,
  sampleTerms,
  templateDigest,
} from '@mandate/terms';
import { UsageError, type Command, tell } from '../command.js';
import { parseCommandLine } from '../parse-options.js';
import { readTextInput } from '../read-limited.js';

/** Terms need them; no message says them. */
const NOT_IN_MESSAGES = {
  creditCode: '91310000MA1FL5E8XC',
  contact: '400-000-0000',
  complaints: '400-000-0000',
};

/** `mandate sms-texts`: exit code 0, or 3 for unreadable input and wrong usage. */
export const smsTextsCommand: Command = {
  usage: 'sms-texts FILE --institution NAME --url PUBLIC_URL',
  summary:
    'the texts to register with SMS vendors for a template of this institution, and what they are to say in calls where it offers them; --json: the file for `templates=`',

  async run(args, io) {
    const { file, name, url } = readArguments(args);
    const body = readTemplate(file);
    const texts = (['zh', 'en'] as const).flatMap((language) => {
      const terms = sampleTerms({
        template: { id: body.name, version: 1, digest: templateDigest(body), body },
        institution: { ...NOT_IN_MESSAGES, name },
        language,
        publicUrl: url,
        now: io.clock.now(),
      });
      // what nobody may ask for need not be registered
      const calls = body.policy.voice === true ? registrableCalls(terms) : [];
      return [...registrableTexts(terms), ...calls];
    });
    const items = texts.map(({ template, sign, text }) => ({
      ...{ template, sign: sign ?? '', text },
      id: '',
    }));
    const lines = texts.flatMap(({ template, sign, text, longest }) => {
      const variables = Object.entries(longest).map(([variable, n]) => `${variable} ≤ ${n}`);
      const signature = sign === null ? '' : `  【${sign}】`;
      return [`${template}${signature}  ${variables.join(', ')}`, `  ${text}`];
    });
    tell(io, { items }, lines);
    return 0;
  },
};

function readArguments(args: readonly string[]) {
  const { values, positionals } = parseCommandLine(args, {
    institution: { type: 'string' },
    url: { type: 'string' },
  });
  const { institution: name, url } = values;
  if (positionals.length !== 1 || !name || !url || !URL.canParse(url))
    throw new UsageError('sms-texts takes one file, --institution and --url');
  return { file: positionals[0]!, name, url: new URL(url).origin };
}

function readTemplate(file: string) {
  const text = readTextInput(file);
  try {
    return parseTemplate(JSON.parse(text));
  } catch (error) {
    throw new UsageError(
      isDomainError(error) ? `${file}: ${error.detail}` : `${file} cannot be read as a template`,
    );
  }
}
