import { setTimeout as sleep } from 'node:timers/promises';
import { codeFromSandbox, Refused, subjectClient } from '../kit/ceremony-client.mjs';
import type { Person } from './house.js';

interface View {
  readonly step: 'gate' | 'read' | 'code' | 'sign' | 'wait' | 'done' | 'ended';
  readonly state: string;
  readonly challenge?: { readonly checkCode: string; readonly challengeId: string };
}

/** Refusals that a race or a restart explains; the page asks again where it stands. */
const PASSING = [
  'version-conflict',
  'attempt-void',
  'step-out-of-order',
  'timestamp-unavailable',
  'database-unavailable',
  'resend-too-soon',
  'challenge-dead',
  'challenge-expired',
  'internal',
];

/** What `fetch` throws (a class of another realm under Jest), also while a body is read; a code that is late. */
const isPassing = (error: unknown): boolean =>
  ['fetch failed', 'terminated', 'no code arrived in the sandbox inbox'].includes(
    (error as Error).message,
  );

/**
 * A person who does not give up: after every refusal or lost connection looks where the ceremony
 * stands and goes on from there, as the page does. Resolves when the letter is released.
 */
export async function signPatiently(
  url: string,
  person: Person,
  options: { withinMs?: number } = {},
): Promise<{ signatures: number; refusals: string[] }> {
  const subject = subjectClient(url);
  const refusals: string[] = [];
  let signatures = 0;
  let opened = false;
  let missed = 0;
  let handed: { attemptId: string; signature: string } | undefined;
  const end = Date.now() + (options.withinMs ?? 60_000);
  while (Date.now() < end) {
    try {
      const view = (opened ? await subject.view() : await subject.open(person.link)) as View;
      opened = true;
      if (view.step === 'done') return { signatures, refusals };
      if (view.step === 'ended') throw new Error(`the ceremony ended as ${view.state}`);
      await nextStep(view);
    } catch (error) {
      if (error instanceof Refused) {
        if (!PASSING.includes(error.code)) throw error;
        refusals.push(error.code);
        if (error.code === 'attempt-void') handed = undefined;
      } else if (!isPassing(error)) throw error;
      await sleep(150);
    }
  }
  throw new Error(`not released in time; refused with ${refusals.join(' ') || 'nothing'}`);

  async function nextStep(view: View): Promise<void> {
    if (view.step === 'gate') await subject.identify(person.lastSix);
    if (view.step === 'read') await subject.read(view);
    if (view.step === 'wait') await sleep(200);
    if (view.step === 'code') {
      // a code that does not come is asked for again, as soon as that is allowed
      const asked = (
        view.challenge && missed < 2 ? view : await subject.challenge()
      ) as Required<View>;
      missed++;
      const { checkCode, challengeId } = asked.challenge;
      const { code } = await codeFromSandbox(url, person.phone, checkCode, 5000, challengeId);
      missed = 0;
      await subject.confirm(asked, code);
    }
    if (view.step === 'sign') {
      if (!handed) {
        await subject.newKey();
        handed = (await subject.sign(view)) as { attemptId: string; signature: string };
        signatures++;
      }
      await subject.complete(handed);
    }
  }
}
