import { askPasskey } from '@mandate/pages/browser/passkeys';
import { Problem } from '@mandate/pages/browser/problem';
import type { DeskClient } from '../desk-client.js';
import type { Outcome } from './disputes.js';
import type { Waiver } from './templates.js';

/** What somebody is about to agree to. */
export type AgreementAsked =
  | { readonly act: 'grant'; readonly grant: string }
  | {
      readonly act: 'outcome';
      readonly holdId: string;
      readonly outcome: Outcome;
      readonly proposal: string;
    }
  | { readonly act: 'seal'; readonly seal: string }
  | {
      readonly act: 'template';
      readonly institutionId: string;
      readonly template: string;
      readonly version: number;
      readonly digest: string;
      readonly assessment?: string;
      readonly waivers: readonly Waiver[];
    };

/** What is sent once their word is there, and what they were told they agree to. */
export interface AgreementAct {
  readonly asked: AgreementAsked;
  /** After `/desk/api`. */
  readonly path: string;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly sentence: string;
}

interface Begun {
  readonly agreement: string;
  readonly options?: Parameters<typeof askPasskey>[0];
  readonly address?: string;
  readonly state?: string;
}

/** An agreement that waits for the identity provider to send the browser back. */
export interface LeftAgreement extends AgreementAct {
  readonly agreement: string;
  readonly state: string;
  /** Where the person was. */
  readonly from: string;
}

/** Milliseconds after which somebody whom the browser was to send away is taken to have stayed. */
const STAYED_AFTER = 10_000;
/** Of this tab alone; nothing of it is secret. */
const LEFT = 'mandate.desk.agreement';

/**
 * Agrees with the person's own word: their passkey is asked here; where they came in through their organisation, the
 * browser goes there, and the page that it comes back to goes on (`returned`). Throws `Problem`.
 */
export async function agree<T>(client: DeskClient, act: AgreementAct): Promise<T> {
  const { asked, path, body, sentence } = act;
  const { agreement, options, address, state } = await client.post<Begun>('/agreements', asked);
  if (options) {
    const answer = await askPasskey(options, options.challenge);
    return client.post<T>(path, { ...body, proof: { agreement, answer } });
  }
  const left = { asked, agreement, state, path, body, sentence, from: location.pathname };
  sessionStorage.setItem(LEFT, JSON.stringify(left));
  location.assign(address!);
  return stayed();
}

/**
 * Never answers: the page goes. Whoever stays, asked by the browser because of what they typed, may agree again. What
 * was kept stays too: where the other side is only slow, the page goes later.
 */
const stayed = (): Promise<never> =>
  new Promise((_, reject) =>
    setTimeout(
      () => reject(new Problem('agreement-refused', { why: 'agreement-cancelled' })),
      STAYED_AFTER,
    ),
  );

/** The agreement that the identity provider sent the browser back for; undefined: it was a sign-in. Read once. */
export function returned(query: string): LeftAgreement | undefined {
  const kept = sessionStorage.getItem(LEFT);
  sessionStorage.removeItem(LEFT);
  if (!kept) return undefined;
  const left = JSON.parse(kept) as LeftAgreement;
  return new URLSearchParams(query).get('state') === left.state ? left : undefined;
}

/** Goes on where `agree` left off; what was agreed to, as the act answers it. Throws `Problem`. */
export async function finish(
  client: DeskClient,
  { agreement, path, body }: LeftAgreement,
  query: string,
): Promise<unknown> {
  // whoever turned back there has said nothing
  if (new URLSearchParams(query).has('error'))
    throw new Problem('agreement-refused', { why: 'agreement-cancelled' });
  return client.post(path, { ...body, proof: { agreement, query } });
}
