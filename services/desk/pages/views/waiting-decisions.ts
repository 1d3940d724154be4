import { html, nothing, type TemplateResult } from 'lit';
import type { Waiting } from '../api/waiting.js';
import type { Language } from '../desk-view.js';
import { moment } from '../moments.js';
import { actorName } from '../ui/actor-name.js';
import { en } from '../words/en-cases.js';
import { en as enGrants } from '../words/en-grants.js';
import { en as enSearch } from '../words/en-search.js';
import { wordsFor } from '../words/words-for.js';
import { zh } from '../words/zh-cases.js';
import { zh as zhGrants } from '../words/zh-grants.js';
import { zh as zhSearch } from '../words/zh-search.js';

/** Outcomes of disputes and seals that somebody has to agree to; that is done in the case, where the reasons are. */
export function waitingDecisions(
  { outcomes, seals }: Waiting,
  language: Language,
): TemplateResult | typeof nothing {
  if (outcomes.length + seals.length === 0) return nothing;
  const { waiting: words } = wordsFor(language, zh, en);
  const { dispute } = wordsFor(language, zhGrants, enGrants);
  const people = wordsFor(language, zhSearch, enSearch);
  const one = (it: Waiting['outcomes' | 'seals'][number], what: string, at: string) =>
    html`<article class="card" data-waits=${it.caseId}>
      <p><strong>${what}</strong></p>
      <p class="soft">${it.caseNumber} · ${actorName(it.by, people)} · ${moment(at)}</p>
      <div class="onward">
        <a class="button secondary" href="/desk/cases/${it.caseId}">${words.look}</a>
      </div>
    </article>`;
  return html`<section aria-labelledby="decisions" data-list="decisions">
    <h2 id="decisions">${words.title}</h2>
    ${outcomes.map((it) => one(it, words.outcome(dispute.outcomes[it.outcome]), it.at))}
    ${seals.map((it) => one(it, words.seal(it.legalBasis), it.askedAt))}
  </section>`;
}
