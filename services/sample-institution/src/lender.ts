import {
  MandateError,
  type AuthorizationRequest,
  type MandateClient,
  type SigningTicket,
} from '@mandate/client';
import type { Application, Standing } from './application.js';
import type { ApplicationBook } from './application-book.js';
import type { SimulatedBureau } from './simulated-bureau.js';

/** Who asks, whom, and for what: fixed for one loan product. */
export interface Product {
  readonly template: string;
  readonly purpose: 'loan-approval';
  readonly source: { readonly creditCode: string };
  readonly items: readonly string[];
  /** This institution's own credit code. */
  readonly creditCode: string;
}

export interface LenderParts {
  readonly mandate: MandateClient;
  readonly product: Product;
  readonly book: ApplicationBook;
  readonly bureau: Pick<SimulatedBureau, 'answer'>;
  /** Origin of these pages. */
  readonly ownUrl: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const DAY = 86_400_000;
/** Who presses the button at the lender's; a real one takes it from its own login. */
const OPERATOR = { id: 'L0042', name: '审批岗 0042' };

/** The whole integration: ask, hand over to the subject, hear, use once. */
export class Lender {
  readonly #parts: LenderParts;

  constructor(parts: LenderParts) {
    this.#parts = parts;
  }

  /**
   * Asks for the authorization of one application. The application's number is the idempotency key, so
   * that a form sent twice, or a lost answer, never makes two letters.
   */
  async apply(form: {
    readonly number: string;
    readonly language: 'zh' | 'en';
    readonly amount: number;
    readonly subject: AuthorizationRequest['subject'];
  }): Promise<Application> {
    const { mandate, product, book, now } = this.#parts;
    const { number, language, amount, subject } = form;
    return book.inTurn(number, async () => {
      const known = book.find(number);
      if (known) return known;
      const authorization = await mandate.requestAuthorization(
        {
          template: product.template,
          businessReference: number,
          language,
          subject,
          end: { kind: 'date', at: moment(now() + 30 * DAY) },
        },
        { idempotencyKey: `application-${number}` },
      );
      return book.put({
        number,
        language,
        at: moment(now()),
        applicant: maskedName(subject.name),
        amount,
        authorization: authorization.id,
        letterNumber: authorization.letterNumber,
        checkCode: authorization.checkCode,
        standing: 'open',
        heard: [],
      });
    });
  }

  /** A ticket for one view of the signing page: in a frame on our pages, or as a full page. */
  ticket({ authorization, number }: Application): Promise<SigningTicket> {
    const { mandate, ownUrl } = this.#parts;
    return mandate.signingTicket(authorization, {
      origins: [ownUrl],
      returnUrl: `${ownUrl}/applications/${number}`,
    });
  }

  /**
   * Something happened to an authorization. What a webhook says is only that it is time to look: they
   * come twice and out of order, the API has the truth. Throws when the API does not answer, so that
   * the delivery is repeated.
   */
  async hear(event: {
    readonly id: string;
    readonly type: string;
    readonly authorization: string;
  }) {
    const { book, now } = this.#parts;
    const about = book.findByAuthorization(event.authorization);
    if (!about) return book.noteHandled(event.id);
    await book.inTurn(about.number, async () => {
      if (book.wasHandled(event.id)) return;
      const current = await this.#lookedUp(book.find(about.number)!);
      const due = current.standing === 'released' && !current.use;
      const next = due ? await this.#used(current, current.number) : current;
      const heard = [...next.heard, { type: event.type, at: moment(now()) }].slice(-50);
      await book.put({ ...next, heard });
      await book.noteHandled(event.id);
    });
  }

  /** Another query under the same authorization: what it does not allow is refused by Mandate. */
  async queryAgain({ number }: Application): Promise<void> {
    const { book, now } = this.#parts;
    await book.inTurn(number, async () => {
      const current = await this.#lookedUp(book.find(number)!);
      await book.put(await this.#used(current, `${number}-${now()}`));
    });
  }

  /** The applicant, logged in with us, withdraws. */
  async withdraw({ number, authorization }: Application): Promise<void> {
    const { mandate, book } = this.#parts;
    await book.inTurn(number, async () => {
      await mandate.withdraw(
        authorization,
        { by: 'subject', channel: 'app', proof: { kind: 'logged-in', ref: number } },
        { idempotencyKey: `withdraw-${number}` },
      );
      const { refusal: _, ...rest } = await this.#lookedUp(book.find(number)!);
      await book.put(rest);
    });
  }

  async #lookedUp(application: Application): Promise<Application> {
    const { mandate } = this.#parts;
    const { state } = await mandate.authorization(application.authorization);
    if (state !== 'released') return { ...application, standing: standingOf(state) };
    const condition = await mandate.condition(application.authorization);
    const standing = condition.withdrawnAt
      ? 'withdrawn'
      : condition.onHoldSince
        ? 'held'
        : condition.endedAt
          ? 'ended'
          : 'released';
    return { ...application, standing };
  }

  /**
   * One use: reserved first, so that a bureau that does not answer costs none; its receipt goes along
   * with the query. A refusal is an answer, not a fault.
   */
  async #used(application: Application, key: string): Promise<Application> {
    const { mandate, product, bureau } = this.#parts;
    const { authorization: id, number } = application;
    const { purpose, source, items, creditCode } = product;
    try {
      const made = await mandate.redeem(
        id,
        { purpose, source, items, operator: OPERATOR, businessReference: number, hold: true },
        { idempotencyKey: `use-${key}` },
      );
      const answer = await bureau.answer({ receipt: made.receipt, institution: creditCode, items });
      await (answer.answered
        ? mandate.confirmRedemption(id, made.redemption, { idempotencyKey: `confirm-${key}` })
        : mandate.releaseRedemption(id, made.redemption, { idempotencyKey: `release-${key}` }));
      const { redemption, number: which, of, at, usesLeft, receipt } = made;
      const { refusal: _, ...rest } = application;
      return {
        ...rest,
        use: { redemption, number: which, of, at, usesLeft, receipt, answer },
      };
    } catch (error) {
      if (!(error instanceof MandateError) || error.status >= 500) throw error;
      return { ...application, refusal: error.code };
    }
  }
}

/** The first character and how many follow. */
function maskedName(name: string): string {
  const [first, ...rest] = name;
  return `${first}${'*'.repeat(Math.min(rest.length, 8))}`;
}

const standingOf = (state: string): Standing =>
  state === 'declined' || state === 'lapsed' || state === 'failed' ? state : 'open';

/** RFC 3339, whole seconds. */
const moment = (milliseconds: number): string =>
  new Date(milliseconds).toISOString().replace(/\.\d+/, '');
