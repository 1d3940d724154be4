import { html, type TemplateResult } from 'lit';
import type { Words } from '../src/pages/words/index.js';

/** A verification as the server tells it: the verifier's result, each finding with its words. */
export interface VerificationView {
  readonly at: string;
  readonly input: { readonly kind: string; readonly digest: string; readonly size: number };
  readonly verdict: {
    readonly indication: 'TOTAL-PASSED' | 'INDETERMINATE' | 'TOTAL-FAILED';
    readonly subIndication?: string;
  };
  readonly integrity: 'sound' | 'broken';
  readonly claims: Readonly<
    Record<string, { readonly status: string; readonly subIndication?: string }>
  >;
  readonly findings: readonly {
    readonly id: string;
    readonly status: string;
    readonly subIndication?: string;
    readonly text?: string;
  }[];
  readonly notChecked: readonly string[];
}

const TONES: Readonly<Record<string, string>> = {
  'TOTAL-PASSED': 'good',
  INDETERMINATE: 'warning',
  'TOTAL-FAILED': 'bad',
};
/** What speaks against the file comes first. */
const STATUSES = ['failed', 'indeterminate', 'not-checked', 'passed'] as const;

/** The verdict first, then claims, then every finding; the JSON holds the same for software. */
export function verdictView(
  words: Words,
  result: VerificationView,
  fileName: string,
): TemplateResult {
  const { verify } = words;
  const { indication, subIndication } = result.verdict;
  const { title, text } = verify.verdict[indication];
  return html`
    <section class="notice verdict ${TONES[indication]}" data-verdict=${indication}>
      <h2>${title}</h2>
      <p>${text}</p>
      <p class="soft">${indication}${subIndication ? ` · ${subIndication}` : ''}</p>
    </section>
    <dl class="card terms">
      <div>
        <dt>${verify.file}</dt>
        <dd>${fileName}</dd>
      </div>
      <div>
        <dt>${verify.fileDigest}</dt>
        <dd><code>${result.input.digest}</code></dd>
      </div>
      <div>
        <dt>${verify.at}</dt>
        <dd>${result.at}</dd>
      </div>
    </dl>
    <h2>${verify.claims}</h2>
    <ul class="card claims">
      ${Object.entries(result.claims).map(
        ([claim, { status, subIndication: sub }]) =>
          html`<li>
            <span>${verify.claim[claim] ?? claim}</span>
            <span class="status ${status}">
              ${verify.status[status] ?? status}
              ${sub ? html`<span class="soft">${sub}</span>` : ''}
            </span>
          </li>`,
      )}
    </ul>
    <h2>${verify.findings}</h2>
    ${STATUSES.map((status) => {
      const findings = result.findings.filter((finding) => finding.status === status);
      if (findings.length === 0) return '';
      return html`<details class="card" ?open=${status !== 'passed'}>
        <summary>
          <span class="status ${status}">${verify.status[status]}</span>
          ${verify.finding(findings.length)}
        </summary>
        <ul class="findings">
          ${findings.map(
            (finding) =>
              html`<li>
                ${finding.text ?? finding.id}
                ${finding.subIndication ? html`<span class="soft">${finding.subIndication}</span>` : ''}
              </li>`,
          )}
        </ul>
      </details>`;
    })}
    <p>
      <button
        class="button secondary"
        type="button"
        @click=${() => saveJson(result, `${fileName}.verification.json`)}
      >
        ${verify.json}
      </button>
    </p>
  `;
}

function saveJson(value: unknown, name: string): void {
  const address = URL.createObjectURL(
    new Blob([JSON.stringify(value, null, 2)], { type: 'application/json' }),
  );
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
