import { asProblem, type Problem } from '@mandate/pages/browser/problem';
import { html, nothing, type TemplateResult } from 'lit';
import { finish, returned, type LeftAgreement } from '../api/agreements.js';
import type { Grant } from '../api/grants.js';
import { signInByProvider } from '../api/sign-in.js';
import { DeskView } from '../desk-view.js';
import { grantSentence } from '../ui/grant-sentence.js';
import { problemNote } from '../ui/problem-note.js';
import { en as enAgreements } from '../words/en-agreements.js';
import { en } from '../words/en-sign-in.js';
import { wordsFor } from '../words/words-for.js';
import { zh as zhAgreements } from '../words/zh-agreements.js';
import { zh } from '../words/zh-sign-in.js';

/** Where the organisation's own sign-in sends the browser back to: after a sign-in, or somebody's word on an agreement. */
class ProviderView extends DeskView {
  static override properties = {
    ...DeskView.properties,
    left: { state: true },
    refused: { state: true },
    granted: { state: true },
  };
  declare private left: LeftAgreement | undefined;
  declare private refused: Problem | undefined;
  declare private granted: Grant | undefined;

  protected override async load(): Promise<void> {
    const query = location.search.slice(1);
    // the answer is used once and stays neither in the address nor in the history
    history.replaceState(null, '', location.pathname);
    this.left = returned(query);
    if (!this.left) {
      this.desk.signedIn(await signInByProvider(this.desk.client, query), '/desk');
      return;
    }
    try {
      const done = await finish(this.desk.client, this.left, query);
      // Told anew from the server: what the tab kept says only what was shown before.
      if (this.left.asked.act === 'grant') this.granted = done as Grant;
    } catch (thrown) {
      this.refused = asProblem(thrown);
    }
  }

  protected override content(): TemplateResult {
    const { left, refused, granted } = this;
    const words = wordsFor(this.language, zh, en);
    if (!left)
      return html`<h1 tabindex="-1">${words.title}</h1>
        <p>${words.returned}</p>`;
    const { title, agreed, back } = wordsFor(this.language, zhAgreements, enAgreements);
    return html`<h1 tabindex="-1">${title}</h1>
      ${refused ? problemNote(this.language, refused) : nothing}
      <p data-agreed=${refused ? 'no' : 'yes'}>
        ${granted ? grantSentence(this.language, granted, this.desk.session!) : left.sentence}
      </p>
      ${refused ? nothing : html`<p class="callout good" role="status">${agreed}</p>`}
      <p><a class="button" href=${left.from}>${back}</a></p>`;
  }
}
customElements.define('desk-provider', ProviderView);
