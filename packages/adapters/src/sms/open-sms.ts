import { DomainError, type Clock, type Random, type Sms, type SmsReceipt } from '@mandate/core';
import { alibabaSms } from './alibaba-sms.js';
import { parseGatewayUrl, type GatewayDeps, type GatewayUrl } from './gateway-url.js';
import { httpSms } from './http-sms.js';
import { sandboxSms, type SandboxInbox } from './sandbox-sms.js';
import { smppSms } from './smpp/smpp-sms.js';
import { tencentSms } from './tencent-sms.js';

type Open = (gateway: string, url: GatewayUrl, deps: GatewayDeps) => Sms;

/** Scheme to adapter; the name is also the gateway's. */
const ADAPTERS: Readonly<Record<string, readonly [name: string, open: Open]>> = {
  alibaba: ['alibaba', alibabaSms],
  tencent: ['tencent', tencentSms],
  https: ['http', httpSms],
  http: ['http', httpSms],
  smpp: ['smpp', smppSms],
  smpps: ['smpp', smppSms],
};

/**
 * The gateways in the order of trying: `sandbox:` (needs `inbox`), or comma-separated URLs as docs/sms.md has them.
 * Nothing is connected yet. Throws `config-invalid`.
 */
export function openSms(
  urls: string,
  options: {
    readonly clock: Clock;
    readonly random: Random;
    readonly inbox?: Pick<SandboxInbox, 'save'>;
    readonly timeoutMs?: number;
    readonly onReceipt?: (receipt: SmsReceipt) => Promise<void>;
  },
): readonly Sms[] {
  if (urls.startsWith('sandbox:')) {
    if (options.inbox) return [sandboxSms(options.inbox)];
    throw new DomainError('config-invalid', 'the SMS sandbox needs its inbox');
  }
  const deps: GatewayDeps = {
    clock: options.clock,
    random: options.random,
    timeoutMs: options.timeoutMs ?? 10_000,
    onReceipt: options.onReceipt ?? (async () => {}),
  };
  const counted = new Map<string, number>();
  return urls.split(',').map((text) => {
    const url = parseGatewayUrl(text.trim());
    const adapter = ADAPTERS[url.scheme];
    if (!adapter)
      throw new DomainError('config-invalid', `SMS URLs of scheme ${url.scheme} are not supported`);
    if (!url.user || !url.password)
      throw new DomainError('config-invalid', `an SMS URL (${url.scheme}) lacks its credentials`);
    const [name, open] = adapter;
    const nth = (counted.get(name) ?? 0) + 1;
    counted.set(name, nth);
    return open(nth === 1 ? name : `${name}-${nth}`, url, deps);
  });
}
