import type { StaffRole } from '@mandate/core/desk';
import { html, type TemplateResult } from 'lit';
import { changesOf, type AccountChange } from '../api/people.js';
import { DeskView } from '../desk-view.js';
import { moment } from '../moments.js';
import { recordTable } from '../ui/record-table.js';
import { en as frameEn } from '../words/en-frame.js';
import { en } from '../words/en-people.js';
import { wordsFor } from '../words/words-for.js';
import { zh as frameZh } from '../words/zh-frame.js';
import { zh } from '../words/zh-people.js';

/** What was done to one account, by whom and with whom. */
class PersonView extends DeskView {
  static override properties = { ...DeskView.properties, changes: { state: true } };
  declare private changes: readonly AccountChange[];

  protected override async load(): Promise<void> {
    this.changes = await changesOf(this.desk.client, this.params['id']!);
  }

  protected override content(): TemplateResult {
    const words = wordsFor(this.language, zh, en);
    const name = String(this.changes.find(({ act }) => act === 'opened')?.detail['name'] ?? '');
    return html`
      <p><a href="/desk/people">${words.back}</a></p>
      <h1 tabindex="-1">${words.historyTitle}${name && ` · ${name}`}</h1>
      ${recordTable<AccountChange>(
        words.historyTitle,
        [
          [words.when, ({ at }) => moment(at)],
          [words.act, ({ act }) => words.acts[act]],
          [
            words.people,
            ({ by, approver }) =>
              by === this.params['id']
                ? words.self
                : approver
                  ? words.both(by, approver)
                  : words.alone(by),
          ],
          [
            words.detail,
            ({ act, detail }) =>
              act === 'enrolled' ? words.codes(Number(detail['codes'])) : this.#told(detail),
          ],
        ],
        this.changes,
        { name: 'changes', captionHidden: true },
      )}
    `;
  }

  /** Roles by their names; what else was entered, as it was. */
  #told(detail: AccountChange['detail']): string {
    const { roles } = wordsFor(this.language, frameZh, frameEn);
    const plain = (value: unknown): string => roles[value as StaffRole] ?? String(value);
    return Object.entries(detail)
      .filter(([name, value]) => name !== 'invitation' && value !== null && value !== false)
      .map(([, value]) => (Array.isArray(value) ? value.map(plain).join(' · ') : plain(value)))
      .filter((text) => text !== '' && text !== 'true')
      .join(' · ');
  }
}
customElements.define('desk-person', PersonView);
