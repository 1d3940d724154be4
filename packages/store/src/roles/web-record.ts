import { hmacSha256, toHex, utf8 } from '@mandate/core';
import type { WebRecord } from '@mandate/ceremony';
import { apiKeyRows } from '../institutions/api-key-rows.js';
import { archiveReads } from '../authorizations/archive-rows.js';
import { append } from '../append.js';
import { caseRows } from '../desk/case-rows.js';
import { generationReads } from '../authorizations/generation-rows.js';
import { guarded, type Database } from '../connect.js';
import { filteredAuthorizations } from '../authorizations/filter-authorizations.js';
import { answerWith, insertAuthorization } from '../authorizations/insert-authorization.js';
import { idImageRows } from '../persons/id-image-rows.js';
import { killChallenges } from '../persons/kill-challenges.js';
import { limits } from '../limits.js';
import { logoReads } from '../institutions/logo-rows.js';
import { quotas } from '../quotas.js';
import { AUTHORIZATION_COLUMNS, commonReads, readBox } from '../authorizations/reads.js';
import { privacyRows } from '../persons/privacy-rows.js';
import { reportRows } from '../authorizations/report-rows.js';
import { registryReads } from '../institutions/registry-rows.js';
import { setRows } from '../authorizations/set-rows.js';
import { setting } from '../settings.js';
import { smsReceiptNotes } from '../persons/sms-rows.js';
import { templateRows } from '../institutions/template-rows.js';
import { useRows } from '../authorizations/use-rows.js';
import { visitRows } from '../authorizations/visit-rows.js';

const PUBLIC_CHALLENGE = [
  'id',
  'authorizationId',
  'ordinal',
  'digest',
  'sceneDigest',
  'serverNonce',
  'madeAt',
  'expiresAt',
  'tries',
  'deadAt',
  'withCode',
  'channel',
  'setChallenges',
] as const;

/** What role web may do: append what institution and subject do. It cannot write `confirmed`. */
export function webRecord(db: Database): WebRecord {
  let addressSalt: string | null | undefined;
  return {
    ...commonReads(db),
    casesOf: (authorizationId) => caseRows(db).casesOf(authorizationId),
    ...archiveReads(db),
    ...generationReads(db),
    ...limits(db),
    ...logoReads(db),
    ...quotas(db),
    ...smsReceiptNotes(db),
    ...templateRows(db),
    ...registryReads(db),
    ...visitRows(db),
    ...useRows(db),
    ...privacyRows(db),
    ...reportRows(db),
    ...idImageRows(db),
    ...setRows(db),
    ...apiKeyRows(db),

    createAuthorization: (made, answer) =>
      guarded(() =>
        db.transaction().execute(async (tx) => {
          const created = await insertAuthorization(tx, made);
          await answerWith(tx, made.row.institutionId, answer);
          return created;
        }),
      ),

    findAuthorization: (institutionId, id) =>
      guarded(async () => {
        const row = await db
          .selectFrom('authorizations')
          .select(AUTHORIZATION_COLUMNS)
          .where('id', '=', id)
          .where('institutionId', '=', institutionId)
          .executeTakeFirst();
        return row ?? null;
      }),

    listAuthorizations: (institutionId, filter) =>
      guarded(() => filteredAuthorizations(db, institutionId, filter).execute()),

    personalData: (id, field) => readBox(db, id, field),

    advance: (step, options) =>
      guarded(() =>
        db.transaction().execute(async (tx) => {
          const { version } = await append(tx, 'web', step);
          if (options?.presentation)
            await tx
              .insertInto('personalData')
              .values({
                authorizationId: step.authorization.id,
                field: `presentation/${version}`,
                box: options.presentation,
              })
              .execute();
          if (options?.killChallenges) await killChallenges(tx, [step.authorization.id], step.at);
        }),
      ),

    authorizationByLetterNumber: (letterNumber) =>
      guarded(async () => {
        const row = await db
          .selectFrom('authorizations')
          .select(AUTHORIZATION_COLUMNS)
          .where('letterNumber', '=', letterNumber)
          .executeTakeFirst();
        return row ?? null;
      }),

    counterKey: async (text) => {
      addressSalt ??= await setting(db, 'address-salt');
      return toHex(hmacSha256(utf8(addressSalt ?? ''), utf8(text)).slice(0, 16));
    },

    latestChallenge: (id) =>
      guarded(async () => {
        const row = await db
          .selectFrom('challenges')
          .select(PUBLIC_CHALLENGE)
          .where('authorizationId', '=', id)
          .orderBy('ordinal', 'desc')
          .executeTakeFirst();
        return row ?? null;
      }),

    latestConfirmation: (id) =>
      guarded(async () => {
        const row = await db
          .selectFrom('confirmations')
          .select(['challengeId', 'visitId', 'confirmedAt', 'goodUntil'])
          .where('authorizationId', '=', id)
          .orderBy('confirmedAt', 'desc')
          .executeTakeFirst();
        return row ?? null;
      }),

    latestAttempt: (id) =>
      guarded(async () => {
        const row = await db
          .selectFrom('attempts')
          .select(['id', 'state', 'keyOrigin', 'notAfter'])
          .where('authorizationId', '=', id)
          .orderBy('createdAt', 'desc')
          .executeTakeFirst();
        return row ?? null;
      }),
  };
}
