import { canonicalize, jwkThumbprint, newId, parseRecipientJwk, toUtcSeconds } from '@mandate/core';
import { UsageError, type CommandIo, tell } from '../command.js';
import { withInstallation } from '../installation.js';
import { creditCode, day, parseOptions } from '../parse-options.js';
import { readJwk } from '../read-jwk.js';

/** `mandate registry add-key …`: the public key that opens what is released to a recipient. Two people. */
export async function addKey(args: readonly string[], io: CommandIo): Promise<number> {
  const options = parseOptions(
    args,
    ['credit-code', 'jwk', 'valid-until', 'registrar', 'approver'],
    [],
  );
  const code = creditCode(options['credit-code']!);
  const validUntil = day(options['valid-until']!);
  if (options['registrar']!.trim().toLowerCase() === options['approver']!.trim().toLowerCase())
    throw new UsageError('registrar and approver are two people');
  const jwk = readJwk(options['jwk']!, parseRecipientJwk);
  const thumbprint = jwkThumbprint(jwk);
  return withInstallation(async ({ administration, clock, random }) => {
    const registeredAt = clock.now();
    if (validUntil <= registeredAt) throw new UsageError('--valid-until lies in the past');
    const parties = [
      ...(await administration.registryEntries('recipient', [code])),
      ...(await administration.listInstitutions()).filter((it) => it.creditCode === code),
    ];
    if (parties.length === 0)
      throw new UsageError(`${code} is neither a registered recipient nor an institution`);
    const id = newId('recipientKey', clock, random);
    await administration.registerRecipientKey({
      ...{ id, creditCode: code, jwk: canonicalize(jwk), thumbprint, registeredAt, validUntil },
      registrar: options['registrar']!,
      approver: options['approver']!,
    });
    tell(io, { id, thumbprint }, [
      `key         ${id}`,
      `thumbprint  ${thumbprint}`,
      'Compare the thumbprint with the recipient by another way than the file came.',
    ]);
    return 0;
  });
}

/** `mandate registry revoke-key --key ID`. Exit code 1: no such living key. */
export async function revokeKey(args: readonly string[], io: CommandIo): Promise<number> {
  const options = parseOptions(args, ['key'], []);
  return withInstallation(async ({ administration, clock }) => {
    const revoked = await administration.revokeRecipientKey(options['key']!, clock.now());
    const says = revoked ? 'revoked' : 'no such living key';
    tell(io, { id: options['key']!, revoked }, [says]);
    return revoked ? 0 : 1;
  });
}

/** `mandate registry keys`. */
export async function listKeys(args: readonly string[], io: CommandIo): Promise<number> {
  parseOptions(args, [], []);
  return withInstallation(async ({ administration, clock }) => {
    const keys = await administration.listRecipientKeys();
    const line = ({ validUntil, revokedAt, ...key }: (typeof keys)[number]): string => {
      const state = revokedAt ? 'REVOKED' : validUntil <= clock.now() ? 'EXPIRED' : 'until';
      const when = toUtcSeconds(revokedAt ?? validUntil);
      return `${key.id}  ${key.creditCode}  ${key.thumbprint}  ${state} ${when}`;
    };
    tell(io, { items: keys }, keys.map(line));
    return 0;
  });
}
