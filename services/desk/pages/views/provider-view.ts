import { html, type TemplateResult } from 'lit';
import { signInByProvider } from '../api/sign-in.js';
import { DeskView } from '../desk-view.js';
import { en } from '../words/en-sign-in.js';
import { wordsFor } from '../words/words-for.js';
import { zh } from '../words/zh-sign-in.js';

/** Where the organisation's own sign-in sends the browser back to. */
class ProviderView extends DeskView {
  protected override async load(): Promise<void> {
    const { search } = location;
    // the answer is used once and stays neither in the address nor in the history
    history.replaceState(null, '', location.pathname);
    this.desk.signedIn(await signInByProvider(this.desk.client, search.slice(1)), '/desk');
  }

  protected override content(): TemplateResult {
    const words = wordsFor(this.language, zh, en);
    return html`<h1 tabindex="-1">${words.title}</h1>
      <p>${words.returned}</p>`;
  }
}
customElements.define('desk-provider', ProviderView);
