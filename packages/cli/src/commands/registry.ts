import { DomainError, newId, toUtcSeconds } from '@mandate/core';
import { PURPOSE_CODES } from '@mandate/terms';
import { UsageError, type Command, type CommandIo, tell } from '../command.js';
import { addKey, listKeys, revokeKey } from './recipient-keys.js';
import { withInstallation } from '../installation.js';
import { creditCode, day, parseOptions } from '../parse-options.js';

/** `mandate registry …`: who may be asked, who may receive, and what may be asked of whom for what. */
export const registryCommand: Command = {
  usage:
    'registry add --kind source|recipient --credit-code CODE --name NAME [--name-en NAME] --licence REF [--origin-proof REF] --reviewed DAY [--review-by DAY] --valid-until DAY --registrar PERSON --approver PERSON | registry allow|forbid --source CODE --item CODE --purpose CODE --approver PERSON --reason WHY | registry list | registry changes | registry add-key --credit-code CODE --jwk FILE --valid-until DAY --registrar PERSON --approver PERSON | registry revoke-key --key ID | registry keys',
  summary:
    'register sources and recipients; what may be asked of whom; public keys by which released data are sealed for a recipient',

  async run([action, ...args], io) {
    if (action === 'add') return add(args, io);
    if (action === 'allow' || action === 'forbid') return combine(action, args, io);
    if (action === 'list') return list(args, io);
    if (action === 'changes') return changes(args, io);
    if (action === 'add-key') return addKey(args, io);
    if (action === 'revoke-key') return revokeKey(args, io);
    if (action === 'keys') return listKeys(args, io);
    throw new UsageError(
      'registry takes add, allow, forbid, list, changes, add-key, revoke-key or keys',
    );
  },
};

function add(args: readonly string[], io: CommandIo): Promise<number> {
  const options = parseOptions(
    args,
    ['kind', 'credit-code', 'name', 'licence', 'reviewed', 'valid-until', 'registrar', 'approver'],
    [],
    ['origin-proof', 'name-en', 'review-by'],
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
  const reviewBy = options['review-by'] ? day(options['review-by'] as string) : validUntil;
  if (reviewBy <= reviewedAt || reviewBy > validUntil)
    throw new UsageError('the next review lies between the last one and the end');
  return withInstallation(async ({ administration, clock, random }) => {
    const id = newId('registryEntry', clock, random);
    await administration.registerParty({
      ...{ id, kind, originProof, reviewedAt, reviewBy, validUntil },
      nameEn: (options['name-en'] as string | undefined) ?? null,
      creditCode: creditCode(options['credit-code']!),
      name: options['name']!,
      licence: options['licence']!,
      registrar: options['registrar']!,
      approver: options['approver']!,
      registeredAt: clock.now(),
    });
    tell(io, { id }, [id]);
    return 0;
  });
}

function combine(action: 'allow' | 'forbid', args: readonly string[], io: CommandIo) {
  const options = parseOptions(args, ['source', 'item', 'purpose', 'approver', 'reason'], []);
  const row = {
    source: creditCode(options['source']!),
    item: options['item']!,
    purpose: options['purpose']!,
  };
  if (!(PURPOSE_CODES as readonly string[]).includes(row.purpose))
    throw new UsageError(`purpose is one of ${PURPOSE_CODES.join(', ')}`);
  const change = { by: options['approver']!, reason: options['reason']! };
  return withInstallation(async ({ administration, clock }) => {
    if (action === 'allow') {
      if ((await administration.registryEntries('source', [row.source])).length === 0)
        throw new DomainError('source-unknown', `${row.source} is not registered`);
      const added = await administration.allowCombination({ ...row, ...change, at: clock.now() });
      tell(io, { ...row, allowed: true, changed: added }, [added ? 'allowed' : 'already allowed']);
      return 0;
    }
    const removed = await administration.forbidCombination({
      ...row,
      ...change,
      at: clock.now(),
    });
    const says = removed ? 'no longer allowed' : 'was not allowed';
    tell(io, { ...row, allowed: false, changed: removed }, [says]);
    return removed ? 0 : 1;
  });
}

function list(args: readonly string[], io: CommandIo): Promise<number> {
  parseOptions(args, [], []);
  return withInstallation(async ({ administration, clock }) => {
    const entries = [
      ...(await administration.registryEntries('source')),
      ...(await administration.registryEntries('recipient')),
    ];
    const combinations = await administration.registryCombinations();
    tell(io, { entries, combinations }, [
      ...entries.map(({ kind, creditCode: code, name, validUntil }) => {
        const expired = validUntil <= clock.now() ? 'EXPIRED' : 'until';
        return `${kind.padEnd(9)}  ${code}  ${expired} ${toUtcSeconds(validUntil)}  ${name}`;
      }),
      ...combinations.map(
        ({ source, item, purpose }) => `allowed    ${source}  ${item}  ${purpose}`,
      ),
    ]);
    return 0;
  });
}

/** Who allowed or forbade what, when and why, oldest first. */
function changes(args: readonly string[], io: CommandIo): Promise<number> {
  parseOptions(args, [], []);
  return withInstallation(async ({ administration }) => {
    const rows = await administration.combinationChanges();
    const line = ({ at, allowed, source, item, purpose, ...why }: (typeof rows)[number]): string =>
      `${toUtcSeconds(at)}  ${allowed ? 'allowed  ' : 'forbidden'}  ${source}  ${item}  ${purpose}  ${why.changedBy}: ${why.reason}`;
    tell(io, { items: rows }, rows.map(line));
    return 0;
  });
}
