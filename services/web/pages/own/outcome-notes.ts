import { html, type TemplateResult } from 'lit';
import type { Language } from '../../src/pages/words/index.js';
import { ownWordsOf } from '../../src/pages/words/own-words.js';
import { callout } from '@mandate/pages/browser/ui/callout';
import { dayTime } from './moments.js';
import type { OwnDetail } from './own-view.js';

/** That it is withdrawn, since when, and how far its proof has come. */
export function withdrawalNote(language: Language, it: OwnDetail): TemplateResult | '' {
  const { withdraw } = ownWordsOf(language);
  const { withdrawal } = it;
  if (!withdrawal) return '';
  const { receipt, stamped } = withdrawal;
  return callout(
    'good',
    'withdrawn-title',
    withdraw.done(dayTime(withdrawal.at, language)),
    html`<p>
        ${withdraw.doneText} ${withdrawal.by === 'institution' ? withdraw.byInstitution : ''}
      </p>
      <p role="status" data-receipt=${stamped ? 'stamped' : receipt ? 'sealed' : 'pending'}>
        ${stamped ? withdraw.stamped : receipt ? withdraw.sealed : withdraw.pending}
      </p>
      ${
        receipt
          ? html`<a
              class="button secondary"
              href="data:application/jose,${receipt}"
              download="${it.letterNumber}-withdrawal.jws"
              >${withdraw.receipt}</a
            >`
          : ''
      }`,
  );
}

/** Disputes, the open one first seen. */
export function holdNotes(language: Language, it: OwnDetail): TemplateResult[] {
  const { dispute } = ownWordsOf(language);
  return it.holds.map(({ at, outcome, id }) =>
    callout(
      outcome === null || outcome === 'upheld' ? 'warning' : 'plain',
      `title-${id}`,
      dispute.done(dayTime(at, language)),
      html`<p>
        ${outcome === null ? dispute.doneText : dispute.outcomes[outcome]}
        ${outcome === null ? html`<strong>${it.complaints}</strong>` : ''}
      </p>`,
    ),
  );
}
