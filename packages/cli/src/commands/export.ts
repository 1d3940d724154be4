import { existsSync, writeFileSync } from 'node:fs';
import { DomainError, ERROR_CODES } from '@mandate/core';
import { UsageError, type Command, tell } from '../command.js';
import { withInstallation } from '../installation.js';
import { parseOptions } from '../parse-options.js';
import { readTextInput } from '../read-limited.js';

const PROOFS = ['logged-in', 'call-recording', 'paper', 'in-person', 'other'];

/**
 * `mandate export`: the subject's copy, by the institution's own key and API. The command has no way to the data
 * that the access register does not see.
 */
export const exportCommand: Command = {
  usage: `export ID --key-file FILE --proof ${PROOFS.join('|')} --proof-ref TEXT --out FILE [--url ORIGIN] [--text]`,
  summary:
    'write the subject’s copy of everything under one authorization to a file (0600), as JSON or with --text to be read; asked for with an institution’s API key (scope evidence:read) and noted in the access register',

  async run([id, ...args], io) {
    if (id === undefined || !/^aut_[0-9a-f-]{36}$/.test(id))
      throw new UsageError('export takes the id of an authorization first');
    const options = parseOptions(
      args,
      ['key-file', 'proof', 'proof-ref', 'out'],
      ['text'],
      ['url'],
    );
    const kind = options['proof']!;
    if (!PROOFS.includes(kind)) throw new UsageError(`--proof is one of ${PROOFS.join(', ')}`);
    // before anything is opened for it
    if (existsSync(options['out']!)) throw new UsageError(`${options['out']!} exists`);
    const key = readKey(options['key-file']!);
    const url = (options['url'] as string | undefined) ?? (await storedUrl());
    const answer = await ask(`${url}/v1/authorizations/${id}/export`, key, {
      proof: { kind, ref: options['proof-ref']! },
    });
    const copy = JSON.parse(answer) as { readable: { title: string; lines: string[] }[] };
    writeFileSync(
      options['out']!,
      options['text']
        ? copy.readable.map(({ title, lines }) => `【${title}】\n${lines.join('\n')}\n`).join('\n')
        : `${JSON.stringify(copy, null, 2)}\n`,
      { mode: 0o600, flag: 'wx' },
    );
    const written = options['out']!;
    tell(io, { authorization: id, written }, [`written      ${written}`]);
    return 0;
  },
};

function readKey(file: string): string {
  const key = readTextInput(file).trim();
  if (/^mk_[A-Za-z0-9_-]{43}$/.test(key)) return key;
  throw new UsageError(`${file} holds no API key`);
}

const storedUrl = (): Promise<string> =>
  withInstallation(async ({ config, administration }) => {
    const url = config.publicUrl ?? (await administration.setting('public-url'));
    if (!url) throw new UsageError('give --url: no PUBLIC_URL is set or stored');
    return url;
  });

/** The answer's text; what a refusal says goes to the user as it is. */
async function ask(url: string, key: string, body: unknown): Promise<string> {
  let response: Response;
  try {
    response = await fetch(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      redirect: 'error',
      signal: AbortSignal.timeout(30_000),
    });
  } catch {
    throw new UsageError('the service does not answer; start it, or give --url');
  }
  const text = await response.text();
  if (response.ok) return text;
  let said: { code?: string; detail?: string; subjectPage?: string } = {};
  try {
    said = JSON.parse(text) as typeof said;
  } catch {
    // a proxy's page
  }
  const known = ERROR_CODES.find((code) => code === said.code);
  const where = said.subjectPage === undefined ? '' : `: ${said.subjectPage}`;
  if (known) throw new DomainError(known, `${said.detail ?? 'refused by the service'}${where}`);
  throw new UsageError(`refused with status ${response.status}: is that address the service?`);
}
