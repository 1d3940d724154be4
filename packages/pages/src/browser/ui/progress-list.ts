import { html, type TemplateResult } from 'lit';

/** Lines that are finished, running or still to come; each says so in words as well. */
export const progressList = (
  lines: readonly string[],
  at: number,
  said: { readonly finished: string; readonly running: string },
): TemplateResult => html`
  <ol class="card progress">
    ${lines.map((line, i) => {
      const state = i < at ? 'finished' : i === at ? 'running' : 'waiting';
      return html`<li class=${state} aria-current=${i === at ? 'step' : 'false'}>
        <span class="mark" aria-hidden="true"></span>
        <span>
          ${line}
          ${state === 'waiting' ? '' : html`<span class="visually-hidden">(${said[state]})</span>`}
        </span>
      </li>`;
    })}
  </ol>
`;
