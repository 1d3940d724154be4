import { checkStatus, MandateSignatureError, verifyReceipt, type KeySet } from '@mandate/client';
import type { BureauAnswer } from './application.js';

/** Where the bureau learns keys and withdrawals; it never says which receipt it holds. */
export interface BureauOptions {
  /** The bureau's own credit code. */
  readonly creditCode: string;
  /** The service whose receipts it accepts. */
  readonly mandateUrl: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * The other side of a query, made up: what a credit bureau does with a receipt before it answers. It
 * talks to nobody but the service's public addresses, and invents the number of a report.
 */
export class SimulatedBureau {
  readonly #options: BureauOptions;
  /** Receipt by the use it was for. A real source keeps this in its database. */
  readonly #answered = new Map<string, string>();
  #keys: KeySet | undefined;

  constructor(options: BureauOptions) {
    this.#options = options;
  }

  /** A query as it comes in from a lender, receipt attached. */
  async answer(query: {
    readonly receipt: string;
    readonly institution: string;
    readonly items: readonly string[];
  }): Promise<BureauAnswer> {
    const { mandateUrl: issuer, creditCode: source, now } = this.#options;
    try {
      const keys = (this.#keys ??= await getJson<KeySet>(
        `${issuer}/.well-known/mandate-keys.json`,
      ));
      const receipt = await verifyReceipt(query.receipt, {
        keys,
        now: now(),
        expected: { issuer, source, institution: query.institution, items: query.items },
      });
      // The list names nobody, and may be fetched once a minute for all receipts in it.
      const list = await getText(receipt.status.uri);
      const status = await checkStatus(list, receipt, { keys, now: now() });
      if (status !== 'valid') return { answered: false, reason: status };
      // A use is answered once, whatever later receipt bears its number; the same one may ask again.
      const use = [receipt.authorization, receipt.period, receipt.number].join(' ');
      const before = this.#answered.get(use) ?? receipt.id;
      if (before !== receipt.id) return { answered: false, reason: 'answered-before' };
      this.#answered.set(use, receipt.id);
      return { answered: true, report: `SIM-${receipt.id.slice(-12).toUpperCase()}` };
    } catch (error) {
      if (!(error instanceof MandateSignatureError)) throw error;
      // Keys are replaced now and then: the next query asks for them anew.
      if (error.reason === 'key-unknown') this.#keys = undefined;
      return { answered: false, reason: error.reason };
    }
  }
}

async function get(url: string): Promise<Response> {
  const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response;
}
const getJson = async <T>(url: string): Promise<T> => (await (await get(url)).json()) as T;
const getText = async (url: string): Promise<string> => (await get(url)).text();
