import { html, type TemplateResult } from 'lit';
import { DeskView } from '../desk-view.js';

class HomeView extends DeskView {
  protected override content(): TemplateResult {
    return html`<h1 tabindex="-1">${this.desk.session?.name}</h1>`;
  }
}
customElements.define('desk-home', HomeView);
