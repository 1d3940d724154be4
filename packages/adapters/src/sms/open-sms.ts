import { DomainError, type Sms } from '@mandate/core';
import { httpSms } from './http-sms.js';
import { sandboxSms, type SandboxInbox } from './sandbox-sms.js';

/**
 * `sandbox:` (needs `inbox`) or `https://token@gateway/path` (`http:` on loopback only: codes do
 * not cross a network in clear). Throws `config-invalid`.
 */
export function openSms(
  url: string,
  options: { inbox?: Pick<SandboxInbox, 'save'>; timeoutMs?: number } = {},
): Sms {
  if (url.startsWith('sandbox:')) {
    if (options.inbox) return sandboxSms(options.inbox);
    throw new DomainError('config-invalid', 'the SMS sandbox needs its inbox');
  }
  if (!URL.canParse(url)) throw new DomainError('config-invalid', 'the SMS URL is not a URL');
  const { protocol, hostname } = new URL(url);
  const loopback = ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);
  if (protocol === 'https:' || (protocol === 'http:' && loopback)) return httpSms(url, options);
  throw new DomainError('config-invalid', `the SMS URL's scheme ${protocol} is not supported`);
}
