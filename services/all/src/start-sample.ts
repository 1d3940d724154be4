import { existsSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { INTEGRATION_SCOPES, toHex, type Clock, type Random } from '@mandate/core';
import { MandateClient, MandateError } from '@mandate/client';
import type { WebRecord } from '@mandate/ceremony';
import type { Config, Log, Shutdown } from '@mandate/runtime';
import { startSampleInstitution } from '@mandate/sample-institution';
import type { Administration } from '@mandate/store';
import { creditReportTemplate } from '@mandate/terms';
import { freePort } from './free-port.js';
import { createApiKey, publishedTemplate, SAMPLE_SUBJECT, sampleInstitution } from './sample.js';

/** Below `DATA_DIR`: what an institution keeps to itself, and its applications. */
const SETTINGS_FILE = 'sample-institution.json';
const APPLICATIONS_FILE = 'sample-applications.json';

interface Settings {
  readonly port: number;
  readonly apiKey: string;
  readonly webhook: { readonly id: string; readonly url: string; readonly secret: string };
}

/**
 * Starts the sample institution as an integrator would: with an API key from administration, a template
 * and a webhook by the API, all kept for the next start. Resolves to its address.
 */
export async function startSample(deps: {
  readonly config: Config;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly shutdown: Shutdown;
  readonly administration: Administration;
  readonly record: WebRecord;
  /** Where subjects' browsers reach the service, and where this process does. */
  readonly publicUrl: string;
  readonly apiUrl: string;
}): Promise<string> {
  const { config, clock, random, publicUrl, apiUrl } = deps;
  const file = join(config.dataDir, SETTINGS_FILE);
  const kept = existsSync(file)
    ? (JSON.parse(await readFile(file, 'utf8')) as Settings)
    : undefined;
  const institution = await sampleInstitution(deps);
  const newKey = (): string => `sample-${toHex(random.bytes(16))}`;
  const clientOf = (apiKey: string): MandateClient =>
    new MandateClient({ baseUrl: apiUrl, apiKey, newKey, now: () => clock.now().getTime() });

  const goodKey = kept && (await isAccepted(clientOf(kept.apiKey)));
  const apiKey = goodKey
    ? kept.apiKey
    : await createApiKey(deps, institution.id, 'sample institution', INTEGRATION_SCOPES);
  const mandate = clientOf(apiKey);
  await publishedTemplate(deps, institution.id, creditReportTemplate);

  const port = config.samplePort || (await freePort(config.host, kept?.port));
  const ownUrl = `http://localhost:${port}`;
  const webhook = await settledWebhook(mandate, `${ownUrl}/webhooks/mandate`, kept?.webhook);
  const settings: Settings = { port, apiKey, webhook };
  await writeFile(`${file}.new`, JSON.stringify(settings), { mode: 0o600 });
  await rename(`${file}.new`, file);

  const listening = await startSampleInstitution(
    {
      mandateUrl: publicUrl,
      apiUrl,
      apiKey,
      webhookSecret: webhook.secret,
      widgetIntegrity: await widgetIntegrity(apiUrl),
      ownUrl,
      product: {
        template: creditReportTemplate.name,
        purpose: 'loan-approval',
        source: { creditCode: creditReportTemplate.sources[0]!.creditCode },
        items: creditReportTemplate.items.map(({ code }) => code),
        creditCode: institution.creditCode,
      },
      applicant: SAMPLE_SUBJECT,
      file: join(config.dataDir, APPLICATIONS_FILE),
      now: () => clock.now().getTime(),
      newNumber: () => toHex(random.bytes(8)).toUpperCase(),
    },
    config.host,
  );
  deps.shutdown.defer('sample institution', listening.close);
  return ownUrl;
}

/** A key of another database, left in the folder, is no longer one. */
async function isAccepted(mandate: MandateClient): Promise<boolean> {
  try {
    await mandate.templates.list();
    return true;
  } catch (error) {
    if (error instanceof MandateError && error.code === 'unauthenticated') return false;
    throw error;
  }
}

/** The one endpoint for this address: kept where it still works, else made anew. */
async function settledWebhook(
  mandate: MandateClient,
  url: string,
  kept: Settings['webhook'] | undefined,
): Promise<Settings['webhook']> {
  const known = (await mandate.webhooks.list()).find(({ id }) => id === kept?.id);
  if (kept && known && known.url === url && !known.disabledAt) return kept;
  if (known) await mandate.webhooks.delete(known.id);
  const made = await mandate.webhooks.create({ url });
  // null: the answer to a repeated request
  const secret = made.secret ?? (await mandate.webhooks.rotateSecret(made.id)).secret;
  if (secret === null) throw new Error('the webhook has no secret to show');
  return { id: made.id, url, secret };
}

/** What an integrator copies from the release into the page; here both are of one build. */
async function widgetIntegrity(apiUrl: string): Promise<string> {
  const response = await fetch(`${apiUrl}/widget/v1/integrity.json`);
  if (!response.ok) throw new Error('the widget is not built');
  const files = (await response.json()) as Record<string, { integrity: string }>;
  return files['mandate-widget.js']!.integrity;
}
