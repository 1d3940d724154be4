import {
  addSeconds,
  type Authority,
  type Clock,
  type Queue,
  type Random,
  type Sms,
} from '@mandate/core';
import {
  sweep,
  sweepArchives,
  relintTemplates,
  sweepErasures,
  sweepGenerations,
  sweepIdImages,
  type ArchiveAlarms,
  type WorkerRecord,
  releaseOverdue,
  stampWaiting,
} from '@mandate/ceremony';
import type { WebhookOutcome, WebhookPost } from '@mandate/adapters';
import type { webhookQueue } from '@mandate/store';
import { webhookDelivery } from './deliver-webhooks.js';
import { sameMessage, sendMessage } from './send-message.js';
import { createHttpApp, mountHealth, repeat, type HealthCheck, type Log } from '@mandate/runtime';

export interface WorkerParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly record: WorkerRecord;
  readonly queue: Queue;
  /** In the order of trying. */
  readonly sms: readonly Sms[];
  readonly authority: Pick<Authority, 'ra' | 'ca' | 'seal' | 'ledger'> & {
    readonly vault: Pick<
      Authority['vault'],
      'erase' | 'sweepKeys' | 'anchorRegister' | 'openDisputes' | 'sweepCases' | 'sweepReviews'
    >;
  };
  readonly webhooks: ReturnType<typeof webhookQueue>;
  readonly postWebhook: (post: WebhookPost) => Promise<WebhookOutcome>;
}

/** Milliseconds between looks at the outbox, and between sweeps. */
const RELAY_EVERY = 200;
const SWEEP_EVERY = 5000;
const ARCHIVE_EVERY = 30_000;
const GENERATIONS_EVERY = 5000;
const PURGE_EVERY = 3_600_000;
/** Nothing is due to the minute that was kept for years. */
const ERASURES_EVERY = 10_000;
/** A new rule pack comes with a new start. */
const RELINT_EVERY = 60_000;
const ANCHOR_EVERY = 60_000;
const WEBHOOKS_EVERY = 300;
const BATCH = 100;
/** A wake-up that has not been heard of for so long was lost; after it, once a minute until the code expires. */
const UNSENT_SECONDS = 20;
const REWAKE_SECONDS = 60;
/** The hours the breaker looks at. */
const HELD_BACK_SECONDS = 2 * 3600;

interface Alarms extends ArchiveAlarms {
  /** Institutions and blocks of numbers that get no more codes for now. */
  readonly heldBackCodes: number;
  /** Published template versions in which the newest rule pack finds errors that nobody waived. */
  readonly failingTemplates: number;
}

export interface RunningWorker {
  /** What the last sweeps found that somebody must look at. */
  warnings(): Alarms;
  close(): Promise<void>;
}

/**
 * Drains the outbox and picks up what was left lying. It signs nothing and knows no secret but the
 * messages it sends. Handlers look at the trail first: a wake-up may come twice or not at all.
 */
export async function startWorker(parts: WorkerParts): Promise<RunningWorker> {
  const { queue, authority, record, clock, log } = parts;
  await queue.handle('send-code', async (challengeId) => {
    await sendMessage(parts, (gateway) => authority.ra.message({ challengeId, gateway }));
  });
  await queue.handle('note-pause', async (authorizationId) => {
    await authority.ra.notePause({ authorizationId });
  });
  await queue.handle('tell-use', async (redemptionId) => {
    await sendMessage(
      parts,
      sameMessage(() => authority.ra.useMessage({ redemptionId })),
    );
  });
  await queue.handle('tell-hold', async (factId) => {
    await sendMessage(
      parts,
      sameMessage(() => authority.ra.holdMessage({ factId })),
    );
  });
  await queue.handle('tell-passkey', async (passkeyId) => {
    await sendMessage(
      parts,
      sameMessage(() => authority.ra.passkeyMessage({ passkeyId })),
    );
  });
  await queue.handle('end-passkeys', async (authorizationId) => {
    await authority.ra.endPasskeys({ authorizationId });
  });
  await queue.handle('send-own-code', async (ownChallengeId) => {
    await sendMessage(parts, (gateway) => authority.ra.ownMessage({ ownChallengeId, gateway }));
  });
  await queue.handle('stamp-receipt', async (factId) => {
    await authority.seal.stamp({ factId });
  });
  await queue.handle('finish-attempt', async (attemptId) => {
    await authority.ca.finish({ attemptId });
  });
  await queue.handle('integrate-ledger', async () => {
    await authority.ledger.integrate({});
  });

  await queue.handle('archive-letter', async (authorizationId) => {
    await authority.ca.archive({ authorizationId });
  });

  const loops: ReturnType<typeof repeat>[] = [];
  const again = (every: number, what: string, work: () => Promise<void>): void =>
    void loops.push(repeat(work, { every, log, what }));
  const relay = async (): Promise<void> => {
    const rows = await record.outbox(BATCH);
    for (const { topic, ref } of rows) await queue.wake(topic, ref);
    await record.relayed(
      rows.map(({ id }) => id),
      clock.now(),
    );
  };
  const sweepDeps = {
    ...parts,
    ca: authority.ca,
    ledger: authority.ledger,
    seal: authority.seal,
    vault: authority.vault,
    onProblem: (what: string, err: unknown) => log.warn({ what, err }, 'left for the next sweep'),
  };
  // A code that was fetched once is the queue's to repeat, one that never was
  // had its wake-up lost. The pause keeps a slow queue from becoming several messages.
  let woken = new Map<string, Date>();
  const rewake = async (): Promise<void> => {
    const at = clock.now();
    const unsent = await record.unsentChallenges({
      madeBefore: addSeconds(at, -UNSENT_SECONDS),
      at,
      limit: BATCH,
    });
    woken = new Map([...woken].filter(([, last]) => addSeconds(last, REWAKE_SECONDS) > at));
    for (const id of unsent.filter((it) => !woken.has(it))) {
      await queue.wake('send-code', id);
      woken.set(id, at);
    }
  };
  let alarms: Alarms = {
    overdueRenewals: 0,
    waitingArchives: 0,
    heldBackCodes: 0,
    failingTemplates: 0,
  };
  const archive = async (): Promise<void> => {
    alarms = { ...alarms, ...(await sweepArchives(sweepDeps)) };
    const { overdueRenewals: overdue, waitingArchives: waiting } = alarms;
    if (overdue > 0) log.error({ overdue }, 'renewals of archived letters are overdue');
    if (waiting > 0) log.error({ waiting }, 'letters have waited an hour for level B-LTA');
  };
  const watchCodes = async (): Promise<void> => {
    const held = await record.heldBackCodes(addSeconds(clock.now(), -HELD_BACK_SECONDS));
    alarms = { ...alarms, heldBackCodes: held.length };
    for (const each of held) log.error(each, 'codes are held back: hardly one is answered');
  };
  again(RELAY_EVERY, 'relay', relay);
  again(SWEEP_EVERY, 'sweep', () => sweep(sweepDeps));
  const uses = async (): Promise<void> => {
    await releaseOverdue(sweepDeps);
    await stampWaiting(sweepDeps);
  };
  again(SWEEP_EVERY, 'uses', uses);
  again(SWEEP_EVERY, 'unsent codes', rewake);
  again(ARCHIVE_EVERY, 'archive sweep', archive);
  again(GENERATIONS_EVERY, 'bundles', async () => {
    const grown = await sweepGenerations(sweepDeps);
    if (grown > 0) log.info({ grown }, 'added to evidence bundles');
  });
  const purge = async (): Promise<void> => {
    const { purged } = await authority.ra.purgeEntries({});
    if (purged > 0)
      log.info({ purged }, 'entries, visits, links and counters deleted that were long over');
    const { deleted } = await authority.vault.sweepKeys({});
    if (deleted > 0) log.info({ deleted }, 'data keys deleted that nothing was ever stored under');
    const { destroyed } = await authority.vault.sweepCases({});
    if (destroyed > 0) log.info({ destroyed }, 'keys of cases destroyed that nothing keeps');
    const reviews = await authority.vault.sweepReviews({});
    if (reviews.destroyed > 0)
      log.info(reviews, 'rows of reconciliations and samples destroyed after three years');
  };
  again(PURGE_EVERY, 'purge of entries', purge);
  again(ARCHIVE_EVERY, 'held-back codes', watchCodes);
  const destroyImages = async (): Promise<void> => {
    const images = await sweepIdImages(sweepDeps);
    if (images > 0) log.info({ images }, 'pictures of identity documents destroyed');
  };
  again(ERASURES_EVERY, 'pictures of identity documents', destroyImages);
  const erase = async (): Promise<void> => {
    const { marked, erased } = await sweepErasures(sweepDeps);
    if (marked > 0) log.info({ marked }, 'noted for erasure');
    if (erased > 0) log.info({ erased }, 'erased');
  };
  again(ERASURES_EVERY, 'erasures', erase);
  again(
    ANCHOR_EVERY,
    'anchor of the access registers',
    async () => void (await authority.vault.anchorRegister({})),
  );
  // Whoever says “I did not sign this” has a case at the desk within seconds.
  again(SWEEP_EVERY, 'cases of disputes', async () => {
    const { opened } = await authority.vault.openDisputes({});
    if (opened > 0) log.info({ opened }, 'cases opened for disputes');
  });
  const relint = async (): Promise<void> => {
    const linted = await relintTemplates(parts);
    const failing = await record.failingTemplates();
    alarms = { ...alarms, failingTemplates: failing };
    if (linted > 0) log.info({ linted }, 'published templates linted with a newer rule pack');
    if (failing > 0) log.warn({ failing }, 'published templates fail the newest rule pack');
  };
  again(RELINT_EVERY, 'templates', relint);
  const webhooks = webhookDelivery({
    ...parts,
    seal: authority.seal,
    post: parts.postWebhook,
    onProblem: (what, err) => log.warn({ what, err }, 'left for the next try'),
    onDisabled: (endpoint, reason) => log.error({ endpoint, reason }, 'webhook switched off'),
  });
  again(WEBHOOKS_EVERY, 'webhooks', () => webhooks.round());
  return {
    warnings: () => alarms,
    close: async () => {
      await Promise.all(loops.map((loop) => loop.close()));
      await webhooks.settled();
      await queue.close();
      await Promise.all(parts.sms.map((gateway) => gateway.close()));
    },
  };
}

/** The worker has no routes, but it is asked how it is. */
export function workerHealth(
  parts: Pick<WorkerParts, 'log' | 'clock' | 'random'>,
  worker: RunningWorker,
  checks: Readonly<Record<string, HealthCheck>>,
) {
  const app = createHttpApp(parts);
  mountHealth(app, checks, () => {
    const { overdueRenewals, waitingArchives, heldBackCodes, failingTemplates } = worker.warnings();
    return {
      'overdue-renewals': overdueRenewals,
      'waiting-archives': waitingArchives,
      'held-back-codes': heldBackCodes,
      'failing-templates': failingTemplates,
    };
  });
  return app;
}
