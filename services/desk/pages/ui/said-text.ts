import { html, type TemplateResult } from 'lit';

/** What somebody wrote, line by line. */
export const saidText = (text: string): readonly TemplateResult[] =>
  text.split('\n').map((line, i) => (i === 0 ? html`${line}` : html`<br />${line}`));
