import { approvalsNeeded } from '@mandate/core/desk';
import { html, nothing, type TemplateResult } from 'lit';
import { approveGrant, type Grant } from '../api/grants.js';
import { DeskView } from '../desk-view.js';
import { moment } from '../moments.js';
import { agreeButton } from '../ui/agree-button.js';
import { grantSentence } from '../ui/grant-sentence.js';
import { en } from '../words/en-grants.js';
import { wordsFor } from '../words/words-for.js';
import { zh } from '../words/zh-grants.js';

/** Requests that wait for whoever is here to agree. Fires `case-changed`. */
class WaitingGrants extends DeskView {
  static override properties = {
    ...DeskView.properties,
    grants: { attribute: false },
    first: { attribute: false },
  };
  declare grants: readonly Grant[];
  /** Its heading is the page's. */
  declare first: boolean;

  protected override content(): TemplateResult {
    const { inbox: words } = wordsFor(this.language, zh, en);
    const heading = this.first
      ? html`<h1 id="waiting" tabindex="-1">${words.title}</h1>`
      : html`<h2 id="waiting">${words.title}</h2>`;
    return html`<section aria-labelledby="waiting" data-list="waiting">
      ${heading}
      ${this.grants.length === 0 ? html`<p>${words.none}</p>` : this.grants.map((grant) => this.#one(grant))}
    </section>`;
  }

  #one(grant: Grant): TemplateResult {
    const { inbox: words, ...other } = wordsFor(this.language, zh, en);
    const me = this.desk.session?.staff;
    const own = grant.requester === me;
    const already = grant.approvals.some(({ staff }) => staff === me);
    return html`<article class="card" data-grant=${grant.id}>
      <p class="heading">
        <strong>${grant.reason}</strong>
        ${
          grant.breakGlass
            ? html`<span class="badge warning">${other.ask.breakGlass}</span>`
            : nothing
        }
      </p>
      <dl class="facts">
        <div>
          <dt>${words.requester}</dt>
          <dd>${grant.requesterName ?? other.section.unnamed} · ${moment(grant.askedAt)}</dd>
        </div>
        <div>
          <dt>${other.ask.legalBasis}</dt>
          <dd>${grant.legalBasis}</dd>
        </div>
        <div>
          <dt>${other.ask.rights}</dt>
          <dd>
            ${grant.rights.map((right) => other.rights[right]).join(' · ')} ·
            ${other.ask.hoursOf(grant.hours)}
          </dd>
        </div>
        <div>
          <dt>${other.section.people}</dt>
          <dd>
            ${other.section.agreed(grant.approvals.length, approvalsNeeded(grant.breakGlass))}
            ${grant.approvals.map(({ name }) => ` · ${name ?? other.section.unnamed}`)}
          </dd>
        </div>
      </dl>
      <div class="onward">
        ${
          own || already
            ? html`<p>${own ? words.own : words.already}</p>`
            : agreeButton({
                ...{ language: this.language, id: `agreeing-${grant.id}`, action: 'approve' },
                ...{ sentence: this.#sentence(grant), label: words.approve, busy: this.busy },
                means: this.desk.session?.means,
                agree: () => void this.#approve(grant),
              })
        }
        ${
          this.desk.session?.roles.includes('approver')
            ? html`<a class="button secondary" href="/desk/cases/${grant.caseId}">${words.look}</a>`
            : nothing
        }
      </div>
    </article>`;
  }

  #sentence(grant: Grant): string {
    return grantSentence(this.language, grant, this.desk.session!);
  }

  #approve = (grant: Grant): Promise<void> =>
    this.act(async () => {
      const { good } = await approveGrant(this.desk.client, grant.id, this.#sentence(grant));
      const { inbox: words } = wordsFor(this.language, zh, en);
      this.dispatchEvent(new CustomEvent('case-changed'));
      this.done = good ? words.approved : `${words.approved}${words.rest}`;
    });
}
customElements.define('desk-waiting-grants', WaitingGrants);
