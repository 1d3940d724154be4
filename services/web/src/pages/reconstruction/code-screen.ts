import { html, type Html } from '@mandate/pages';
import { button, localTime, recorded, type Screen } from './pieces.js';

export function codeScreen({ shown, words, said }: Screen): Html {
  const { code: told, passkey } = words;
  const { code, subject } = shown;
  const warning = html`<section class="callout warning">
    <strong>${told.warningTitle}</strong>
    <p>${told.warning}</p>
  </section>`;
  if (!code)
    return html`<h1>${passkey.title}</h1>
      ${warning}
      <p class="lead">${passkey.lead}</p>
      <p>${passkey.what}</p>
      ${button(passkey.confirm)}
      <p class="soft">${passkey.submitText}</p>`;
  const lead = code.channel === 'voice' ? told.calledLead : told.sentLead;
  return html`<h1>${told.title}</h1>
    ${warning}
    <p class="lead">${told.sendLead(subject.phone)}</p>
    ${button(code.channel === 'voice' ? told.call : told.send)}
    <p class="lead">${lead(subject.phone)}</p>
    <div class="card">
      <p class="soft">${said.message[code.channel]} · ${localTime(code.madeAt)}</p>
      <p>${code.text}</p>
    </div>
    <div class="card">
      <p>${told.compare} <strong class="check-code large">${shown.checkCode}</strong></p>
      <p>
        ${told.label}
        <span class="soft">${told.hint(localTime(code.expiresAt).slice(11, 16))}</span>
      </p>
      ${
        shown.passkey
          ? html`${button(passkey.confirm)}
              <p class="soft">${passkey.submitText}</p>`
          : html`${button(told.submit)}
              <p class="soft">${told.submitText}</p>`
      }
    </div>
    ${recorded(said.answered(localTime(code.checkedAt), code.tries))}`;
}
