import { html, type TemplateResult } from 'lit';
import type { VerificationView } from '../src/pages/verification-view.js';
import type { Words } from '../src/pages/words/index.js';

const TONES: Readonly<Record<string, string>> = {
  'TOTAL-PASSED': 'good',
  INDETERMINATE: 'warning',
  'TOTAL-FAILED': 'bad',
};
/** What speaks against the file comes first. */
const STATUSES = ['failed', 'indeterminate', 'not-checked', 'passed'] as const;

/** The verdict first, then what the file says, claims and findings; the JSON holds the same for software. */
export function verdictView(
  words: Words,
  { verification, words: said }: VerificationView,
  fileName: string,
  lookupCode?: string,
): TemplateResult {
  const { verify } = words;
  const { indication, subIndication } = verification.verdict;
  const { title, text } = verify.verdict[indication];
  return html`
    <section class="callout verdict ${TONES[indication]}" data-verdict=${indication}>
      <h2>${title}</h2>
      <p>${unfit(verification) ? verify.notTogether : text}</p>
      ${said.reason ? html`<p>${said.reason}</p>` : ''}
      <p class="soft">${indication}${subIndication ? ` · ${subIndication}` : ''}</p>
    </section>
    ${factsView(words, verification, fileName, lookupCode)}
    ${said.claims.length > 0 ? html`<h2>${verify.claims}</h2>` : ''}
    <ul class="card claims" ?hidden=${said.claims.length === 0}>
      ${said.claims.map(
        (line) =>
          html`<li>
            <span>${line.text}</span>
            <span class="status ${line.status}">
              ${line.statusText}
              ${line.reason ? html`<span class="soft">${line.reason}</span>` : ''}
            </span>
          </li>`,
      )}
    </ul>
    <h2>${verify.findings}</h2>
    ${STATUSES.map((status) => {
      const findings = said.findings.filter((line) => line.status === status);
      if (findings.length === 0) return '';
      return html`<details class="card" ?open=${status === 'failed' || status === 'indeterminate'}>
        <summary>
          <span class="status ${status}">${findings[0]!.statusText}</span>
          ${verify.finding(findings.length)}
        </summary>
        <ul class="findings">
          ${findings.map(
            (line) =>
              html`<li>
                ${line.text} ${line.reason ? html`<span class="soft">${line.reason}</span>` : ''}
                ${line.detail ? html`<code class="detail">${line.detail}</code>` : ''}
              </li>`,
          )}
        </ul>
      </details>`;
    })}
    ${
      said.notChecked.length > 0
        ? html`<h2>${verify.notChecked}</h2>
            <ul class="card findings">
              ${said.notChecked.map((line) => html`<li>${line}</li>`)}
            </ul>`
        : ''
    }
    <p>
      <button
        class="button secondary"
        type="button"
        @click=${() => saveJson(verification, `${fileName}.verification.json`)}
      >
        ${verify.json}
      </button>
    </p>
  `;
}

/** Nothing is wrong with the file but what it was given with. */
const unfit = ({ facts, claims, verdict }: VerificationView['verification']): boolean =>
  verdict.indication === 'TOTAL-FAILED' &&
  facts.beside !== undefined &&
  claims.integrity.status === 'passed' &&
  claims.identity.status !== 'failed' &&
  claims.time.status !== 'failed' &&
  claims.scope.status === 'failed';

/** Who, what and when, as the file itself says it; true only as far as the verdict goes. */
function factsView(
  { verify }: Words,
  { input, at, facts }: VerificationView['verification'],
  fileName: string,
  lookupCode: string | undefined,
): TemplateResult {
  const { terms, timestamp, letter, receipt, statusList, checkpoint, entry, report, later } = facts;
  const { kind, profile } = input;
  const named = profile === 'letter' ? profile : profile === 'report' ? 'sealed-report' : kind;
  const same = terms?.lookupCode === lookupCode?.toUpperCase();
  const rows: [label: string, value: unknown][] = [
    [verify.file, fileName],
    [verify.kind, verify.kinds[named]],
    [verify.letterNumber, terms?.letterNumber ?? receipt?.letterNumber],
    [
      verify.lookup,
      terms && lookupCode
        ? `${terms.lookupCode}: ${same ? verify.lookupSame : verify.lookupOther}`
        : undefined,
    ],
    [verify.fact, receipt && verify.factKinds[receipt.kind]],
    [verify.happenedAt, receipt?.at],
    [verify.issuer, receipt?.issuer ?? statusList?.issuer],
    [verify.institution, receipt?.institution.name],
    [verify.actableUntil, receipt?.actableUntil],
    [verify.status, receipt?.status && verify.statuses[receipt.status]],
    [verify.inForceUntil, statusList?.expiresAt],
    [verify.since, later && sinceSigning(verify, later)],
    [verify.ledgerOrigin, checkpoint?.origin],
    [verify.ledgerSize, checkpoint?.size],
    [
      verify.cosigners,
      checkpoint && checkpoint.cosigners.length > 0
        ? checkpoint.cosigners.map(({ name, at: when }) => `${name} · ${when}`).join(', ')
        : undefined,
    ],
    [verify.entry, entry && `${String(entry.entry['kind'])} · ${entry.index}`],
    [verify.happenedAt, entry && String(entry.entry['at'])],
    [verify.reportMade, report?.madeAt],
    [verify.reportVerdict, report && verify.verdict[report.indication].title],
    [verify.reportAbout, report && html`<code>${report.input.digest}</code>`],
    [verify.subject, terms?.subject.name],
    [verify.institution, terms?.institution.name],
    [verify.purpose, terms?.purpose.text],
    [verify.signedAt, timestamp?.genTime],
    [verify.checkCode, letter?.checkCode],
    [verify.fileDigest, html`<code>${input.digest}</code>`],
    [verify.at, at],
  ];
  return html`<h2>${verify.facts}</h2>
    <dl class="card terms">
      ${rows.map(([label, value]) =>
        value === undefined
          ? ''
          : html`<div>
              <dt>${label}</dt>
              <dd>${value}</dd>
            </div>`,
      )}
    </dl>`;
}

/** A valid signature does not make a usable authorization: what a bundle tells of the time since then. */
function sinceSigning(
  { sinceText, sinceStates }: Words['verify'],
  { state }: NonNullable<VerificationView['verification']['facts']['later']>,
): string {
  const { uses, hold } = state;
  const stopped = [
    ...(['withdrawn', 'ended', 'restricted'] as const).filter((name) => state[name]),
    ...(hold === 'none' ? [] : [hold]),
  ];
  return [
    sinceText(state.asOf, uses.counted, uses.allowed, uses.per),
    ...stopped.map((name) => sinceStates[name]),
  ].join(' · ');
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
