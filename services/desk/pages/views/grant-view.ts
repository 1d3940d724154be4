import { approvalsNeeded } from '@mandate/core/desk';
import { html, nothing, type TemplateResult } from 'lit';
import { ended, readCase, type CaseDetail, type Standing } from '../api/cases.js';
import {
  grantsOf,
  grantState,
  openCopy,
  openOriginal,
  openTrail,
  revokeGrant,
  type Grant,
  type OpenedTrail,
} from '../api/grants.js';
import type { OpenedFile } from '../desk-client.js';
import { DeskView } from '../desk-view.js';
import { moment } from '../moments.js';
import { recordTable } from '../ui/record-table.js';
import { saveFile } from '../ui/save-file.js';
import { whileGood } from '../ui/while-good.js';
import { en } from '../words/en-grants.js';
import { wordsFor } from '../words/words-for.js';
import { zh } from '../words/zh-grants.js';
import './opened-copy.js';
import { openedTrail } from './opened-trail.js';

/** One grant: who asked for what, who agreed, until when; and what is opened under it, each click one opening. */
class GrantView extends DeskView {
  static override properties = {
    ...DeskView.properties,
    detail: { state: true },
    grant: { state: true },
    copy: { state: true },
    trail: { state: true },
    shown: { state: true },
  };
  /** Undefined for custodians, who see no case. */
  declare private detail: CaseDetail | undefined;
  declare private grant: Grant | undefined;
  declare private copy: (OpenedFile & { readonly letterNumber: string }) | undefined;
  declare private trail: (OpenedTrail & { readonly letterNumber: string }) | undefined;
  declare private shown: number;
  #forget: (() => void) | undefined;

  constructor() {
    super();
    this.shown = 20;
  }

  protected override async load(): Promise<void> {
    const { client, session } = this.desk;
    const id = this.params['id']!;
    const { items } = await grantsOf(client, id);
    this.grant = items.find((it) => it.id === this.params['grant']);
    if (session?.roles.some((role) => ['officer', 'approver', 'auditor'].includes(role)))
      this.detail = await readCase(client, id);
  }

  protected override content(): TemplateResult {
    const { view: words, ...other } = wordsFor(this.language, zh, en);
    const { grant, detail, language, copy, trail } = this;
    if (!grant) return html`<h1 tabindex="-1">${words.title}</h1>`;
    if (copy)
      return html`<desk-opened-copy
        .language=${language}
        .file=${copy}
        .letterNumber=${copy.letterNumber}
        @closed=${this.#close}
      ></desk-opened-copy>`;
    if (trail) return openedTrail(trail, trail.letterNumber, language, this.#close);
    const state = grantState(grant, detail && ended(detail));
    const mine = grant.requester === this.desk.session?.staff;
    return html`
      <h1 tabindex="-1">${words.title}</h1>
      <p>
        <span class="badge ${state === 'good' ? 'good' : ''}" data-grant=${state}
          >${other.states[state]}</span
        >
        ${grant.breakGlass ? html`<span class="badge warning">${other.ask.breakGlass}</span>` : nothing}
        ${grant.good ? other.section.until(moment(grant.good.until)) : other.section.agreed(grant.approvals.length, approvalsNeeded(grant.breakGlass))}
      </p>
      ${state === 'waiting' && mine ? html`<p class="callout">${words.waits(approvalsNeeded(grant.breakGlass))}</p>` : nothing}
      ${this.#facts(grant)}
      ${state === 'good' && mine && detail ? this.#letters(grant, detail) : nothing}
      ${state === 'good' && !mine ? html`<p class="soft">${words.notMine}</p>` : nothing}
      <div class="onward">
        ${
          detail
            ? html`<a class="button secondary" href="/desk/cases/${grant.caseId}"
                >${words.toCase}</a
              >`
            : nothing
        }
        ${
          (state === 'good' || state === 'waiting') && this.#mayRevoke(grant)
            ? html`<button
                type="button"
                class="button quiet"
                data-action="revoke"
                ?disabled=${this.busy}
                @click=${this.#revoke}
              >
                ${words.revoke}
              </button>`
            : nothing
        }
      </div>
    `;
  }

  #facts(grant: Grant): TemplateResult {
    const { ask, section, rights, roles, inbox, view } = wordsFor(this.language, zh, en);
    const fact = (label: string, text: unknown): TemplateResult =>
      html`<div>
        <dt>${label}</dt>
        <dd>${text}</dd>
      </div>`;
    return html`<dl class="card terms">
      ${this.detail ? fact(view.ofCase, this.detail.number) : nothing}
      ${fact(inbox.requester, `${grant.requesterName ?? section.unnamed} · ${moment(grant.askedAt)}`)}
      ${fact(ask.legalBasis, grant.legalBasis)} ${fact(ask.reason, grant.reason)}
      ${fact(ask.rights, `${grant.rights.map((right) => rights[right]).join(' · ')} · ${ask.hoursOf(grant.hours)}`)}
      ${
        grant.approvals.length > 0
          ? fact(
              section.people,
              html`<ul>
                ${grant.approvals.map(
                  (it) =>
                    html`<li>
                      ${it.name ?? section.unnamed} · ${roles[it.role]} · ${moment(it.at)}
                    </li>`,
                )}
              </ul>`,
            )
          : nothing
      }
    </dl>`;
  }

  #letters(grant: Grant, detail: CaseDetail): TemplateResult {
    const { view: words } = wordsFor(this.language, zh, en);
    const { view, print, download } = Object.fromEntries(
      grant.rights.map((right) => [right, true]),
    );
    const act = (
      it: Standing,
      name: string,
      label: string,
      work: () => Promise<void>,
    ): TemplateResult =>
      html`<button
        type="button"
        class="button ${name === 'view' ? '' : 'secondary'} compact"
        data-action=${name}
        aria-label="${label} ${it.letterNumber}"
        ?disabled=${this.busy}
        @click=${() => void this.act(work)}
      >
        ${label}
      </button>`;
    return html`<h2>${words.letters}</h2>
      <p>${words.each}</p>
      ${recordTable<Standing>(
        words.letters,
        [
          [words.number, (it) => html`<span class="number">${it.letterNumber}</span>`],
          [
            words.title,
            (it) =>
              html`<span class="acts">
                ${view ? act(it, 'view', words.view, () => this.#view(grant, it)) : nothing}
                ${view ? act(it, 'trail', words.trail, () => this.#trail(grant, it)) : nothing}
                ${print ? act(it, 'print-copy', words.print, () => this.#print(grant, it)) : nothing}
                ${download ? act(it, 'letter', words.letter, () => this.#take(grant, it, 'letter')) : nothing}
                ${download ? act(it, 'bundle', words.bundle, () => this.#take(grant, it, 'bundle')) : nothing}
              </span>`,
          ],
        ],
        detail.authorizations.slice(0, this.shown),
        { name: 'letters', captionHidden: true },
      )}
      ${
        detail.authorizations.length > this.shown
          ? html`<button type="button" class="button secondary" @click=${() => (this.shown += 100)}>
              +${Math.min(100, detail.authorizations.length - this.shown)}
            </button>`
          : nothing
      }`;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#forget?.();
  }

  /** What is opened goes off the screen with its grant. */
  #until(grant: Grant): void {
    this.#forget?.();
    this.#forget = whileGood(this.desk.client, grant, () => {
      this.copy = this.trail = undefined;
      void this.reload();
    });
  }

  #close = (): void => {
    this.#forget?.();
    this.copy = this.trail = undefined;
  };

  async #view(grant: Grant, { authorization, letterNumber }: Standing): Promise<void> {
    const body = { authorization, right: 'view', language: this.language } as const;
    this.copy = { ...(await openCopy(this.desk.client, grant.id, body)), letterNumber };
    this.#until(grant);
  }

  async #trail(grant: Grant, { authorization, letterNumber }: Standing): Promise<void> {
    const body = { authorization, language: this.language } as const;
    this.trail = { ...(await openTrail(this.desk.client, grant.id, body)), letterNumber };
    this.#until(grant);
  }

  async #print(grant: Grant, { authorization, letterNumber }: Standing): Promise<void> {
    const body = { authorization, right: 'print', language: this.language } as const;
    const file = await openCopy(this.desk.client, grant.id, body);
    const { view: words } = wordsFor(this.language, zh, en);
    saveFile(file.bytes, `${letterNumber}-copy.pdf`, 'application/pdf');
    this.done = `${words.saved}${words.opened(file.access)}`;
  }

  async #take(
    grant: Grant,
    { authorization, letterNumber }: Standing,
    of: 'letter' | 'bundle',
  ): Promise<void> {
    const file = await openOriginal(this.desk.client, grant.id, { authorization, of });
    const { view: words } = wordsFor(this.language, zh, en);
    const name = of === 'letter' ? `${letterNumber}.pdf` : `${letterNumber}.asice`;
    saveFile(file.bytes, name, 'application/octet-stream');
    this.done = `${words.saved}${words.opened(file.access)}`;
  }

  #mayRevoke(grant: Grant): boolean {
    const { session } = this.desk;
    return (
      grant.requester === session?.staff ||
      Boolean(session?.roles.some((role) => role === 'approver' || role === 'custodian'))
    );
  }

  #revoke = (): Promise<void> =>
    this.act(async () => {
      this.grant = await revokeGrant(this.desk.client, this.grant!.id);
      this.done = wordsFor(this.language, zh, en).view.revoked;
    });
}
customElements.define('desk-grant', GrantView);
