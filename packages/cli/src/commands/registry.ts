import { DomainError, newId, toUtcSeconds } from '@mandate/core';
import { isCreditCode, PURPOSE_CODES } from '@mandate/terms';
import { UsageError, type Command, type CommandIo } from '../command.js';
import { withInstallation } from '../installation.js';
import { parseOptions } from '../parse-options.js';

const DAY = /^\d{4}-\d\d-\d\d$/;

/** `mandate registry …`: who may be asked, who may receive, and what may be asked of whom for what. */
export const registryCommand: Command = {
  usage:
    'registry add --kind source|recipient --credit-code CODE --name NAME --licence REF [--origin-proof REF] --reviewed DAY --valid-until DAY --registrar PERSON --approver PERSON | registry allow|forbid --source CODE --item CODE --purpose CODE --approver PERSON | registry list [--json]',
  summary: 'register sources and recipients; what may be asked of whom',

  async run([action, ...args], io) {
    if (action === 'add') return add(args, io);
    if (action === 'allow' || action === 'forbid') return combine(action, args, io);
    if (action === 'list') return list(args, io);
    throw new UsageError('registry takes add, allow, forbid or list');
  },
};

const creditCode = (text: string): string => {
  if (!isCreditCode(text)) throw new UsageError(`${text} is not a unified social credit code`);
  return text;
};

function day(text: string): Date {
  const at = new Date(`${text}T00:00:00+08:00`);
  if (!DAY.test(text) || Number.isNaN(at.getTime()))
    throw new UsageError(`${text} is not a day such as 2027-01-01`);
  return at;
}

function add(args: readonly string[], io: CommandIo): Promise<number> {
  const options = parseOptions(
    args,
    ['kind', 'credit-code', 'name', 'licence', 'reviewed', 'valid-until', 'registrar', 'approver'],
    [],
    ['origin-proof'],
  );
  const { kind } = options;
  if (kind !== 'source' && kind !== 'recipient')
    throw new UsageError('kind is source or recipient');
  const originProof = (options['origin-proof'] as string | undefined) ?? null;
  if (kind === 'source' && !originProof)
    throw new UsageError('a source needs --origin-proof: how its data came to it lawfully');
  if (options['registrar'] === options['approver'])
    throw new UsageError('registrar and approver are two people');
  const [reviewedAt, validUntil] = [day(options['reviewed']!), day(options['valid-until']!)];
  if (validUntil <= reviewedAt) throw new UsageError('it ends before it was reviewed');
  return withInstallation(async ({ administration, clock, random }) => {
    const id = newId('registryEntry', clock, random);
    await administration.registerParty({
      ...{ id, kind, originProof, reviewedAt, validUntil },
      creditCode: creditCode(options['credit-code']!),
      name: options['name']!,
      licence: options['licence']!,
      registrar: options['registrar']!,
      approver: options['approver']!,
      registeredAt: clock.now(),
    });
    io.out(id);
    return 0;
  });
}

function combine(action: 'allow' | 'forbid', args: readonly string[], io: CommandIo) {
  const options = parseOptions(args, ['source', 'item', 'purpose', 'approver'], []);
  const row = {
    source: creditCode(options['source']!),
    item: options['item']!,
    purpose: options['purpose']!,
  };
  if (!(PURPOSE_CODES as readonly string[]).includes(row.purpose))
    throw new UsageError(`purpose is one of ${PURPOSE_CODES.join(', ')}`);
  return withInstallation(async ({ administration, clock }) => {
    if (action === 'allow') {
      if ((await administration.registryEntries('source', [row.source])).length === 0)
        throw new DomainError('source-unknown', `${row.source} is not registered`);
      const approver = options['approver']!;
      const added = await administration.allowCombination({ ...row, approver, at: clock.now() });
      io.out(added ? 'allowed' : 'already allowed');
      return 0;
    }
    const removed = await administration.forbidCombination(row);
    io.out(removed ? 'no longer allowed' : 'was not allowed');
    return removed ? 0 : 1;
  });
}

function list(args: readonly string[], io: CommandIo): Promise<number> {
  const options = parseOptions(args, [], ['json']);
  return withInstallation(async ({ administration, clock }) => {
    const entries = [
      ...(await administration.registryEntries('source')),
      ...(await administration.registryEntries('recipient')),
    ];
    const combinations = await administration.registryCombinations();
    if (options['json']) {
      io.out(JSON.stringify({ entries, combinations }));
      return 0;
    }
    for (const { kind, creditCode: code, name, validUntil } of entries) {
      const expired = validUntil <= clock.now() ? 'EXPIRED' : 'until';
      io.out(`${kind.padEnd(9)}  ${code}  ${expired} ${toUtcSeconds(validUntil)}  ${name}`);
    }
    for (const { source, item, purpose } of combinations)
      io.out(`allowed    ${source}  ${item}  ${purpose}`);
    return 0;
  });
}
