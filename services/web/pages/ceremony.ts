import { toBase64Url, toHex } from '@mandate/core/encoding';
import type { SubjectKey } from '@mandate/subject';
import {
  askPasskey,
  makePasskey,
  passkeysWork,
  type PasskeyOptions,
} from '@mandate/pages/browser/passkeys';
import { asProblem, Problem } from '@mandate/pages/browser/problem';
import { forgetReadings } from './reading/kept-readings.js';
import { Reading, type ReadingPlace, type ReadingRecord } from './reading/reading.js';
import { SetSigning } from './set-signing.js';
import { SigningClient } from './signing-client.js';
import type { ChallengeView, DeclineReason, SigningView } from './signing-view.js';

/** Key, checks and signature: fetched when the code step begins, not before the first view. */
const subject = () =>
  import('@mandate/subject').catch(() => {
    throw new Problem('offline');
  });

/** What the page is busy with; steps show it in words. */
export type Activity =
  | 'opening'
  | 'entering'
  | 'identifying'
  | 'presenting'
  | 'asking'
  | 'sending'
  | 'calling'
  | 'enrolling'
  | 'confirming'
  | 'certifying'
  | 'checking'
  | 'signing'
  | 'declining'
  | 'refusing'
  | 'turning';

/** The letter as it came: digest and pages are made from these very bytes. */
export interface Letter {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Lower-case hex SHA-256, computed here and equal to the server's. */
  readonly digest: string;
}

interface ReadyKey {
  readonly key: SubjectKey;
  readonly proof: Uint8Array;
  /** The challenge it answers; a key never serves another. */
  readonly serverNonce: string;
}

/** Problems after which the server knows better than the page which step it is. */
const STALE = [
  'step-out-of-order',
  'illegal-transition',
  'version-conflict',
  'guard-refused',
  'identity-required',
  'identity-failed',
  // the signature is kept and waits for its stamp
  'timestamp-unavailable',
];
/** Problems that end this visit: nothing can be retried on the page. */
const FATAL = [
  'link-invalid',
  'link-expired',
  'ticket-used',
  'visit-invalid',
  'unauthenticated',
  'frame-refused',
  'cookie-refused',
  'full-page-only',
];
/** Of these, what a letter number typed by hand can mend. */
const NO_VISIT = ['visit-invalid', 'unauthenticated', 'link-invalid', 'link-expired'];
const POLL_MILLISECONDS = [800, 1200, 2000, 3000];

/**
 * The subject's side of one ceremony: what is known, what is running, what went wrong. No DOM.
 * The one-time key lives in this object alone, from the tap on "confirm" until its one signature.
 */
export class Ceremony {
  view: SigningView | undefined;
  activity: Activity | undefined;
  problem: Problem | undefined;
  /** Repeats what failed; absent when repeating cannot help. */
  retry: (() => Promise<void>) | undefined;
  letter: Letter | undefined;
  letterProblem: Problem | undefined;
  /** While the step is `read` or `code`: what was read and chosen so far. */
  reading: Reading | undefined;
  /** Back from the code to the letter and the choices; other choices make every code void. */
  rereading = false;
  /** Nobody has come in yet: the page asks for the letter number. */
  outside = false;
  /** How the newest code of this page was asked for. */
  codeBy: 'sms' | 'voice' = 'sms';
  /** What the subject has, once the server was asked; only where a passkey can be used. */
  passkeys: PasskeyOptions | undefined;
  /** In a set: which letter is being signed, 1-based. */
  signing = 0;
  /** A passkey was set up in this page. */
  enrolled = false;
  /** Known in this page only: whoever opens the link later sees that signing stopped, not why. */
  declined: DeclineReason | undefined;

  readonly #client = new SigningClient();
  /** Keys and letters of a signing set. */
  readonly #set = new SetSigning(this.#client);
  /** By the letter's digest: a letter of a set that is opened again is as it was left. */
  readonly #readings = new Map<string, Reading>();
  readonly #listeners = new Set<() => void>();
  #ready: ReadyKey | undefined;
  /** A signature made but perhaps not received: sent again rather than made again. */
  #unsent: { attemptId: string; signature: Uint8Array } | undefined;
  #letterRequest: Promise<Letter> | undefined;
  #polling = false;

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** True when the visit is over and only a new link helps. */
  get over(): boolean {
    return this.problem !== undefined && FATAL.includes(this.problem.code);
  }

  /** True when a letter number typed by hand may bring the subject back to the step reached. */
  get mayEnter(): boolean {
    return this.outside || (this.problem !== undefined && NO_VISIT.includes(this.problem.code));
  }

  /** Milliseconds by the server's clock. */
  now(): number {
    return this.#client.serverNow();
  }

  /** With a token: a new visit. Without: the visit of this browser's cookie, at the step it reached. */
  open(token: string | undefined): Promise<void> {
    return this.#run('opening', async () => {
      if (token !== undefined) return this.#show(await this.#client.open(token));
      try {
        this.#show(await this.#client.view());
      } catch (thrown) {
        // No link and no visit is how somebody arrives who types the address by hand.
        if (!isProblem(thrown, 'visit-invalid', 'unauthenticated')) throw thrown;
        this.outside = true;
      }
    });
  }

  /** Without a link: by the number of the letter and the last six of the ID number. */
  enter(letterNumber: string, lastSix: string): Promise<void> {
    return this.#run('entering', async () => {
      const view = await this.#client.enter(letterNumber, lastSix);
      this.outside = false;
      this.#letterRequest = undefined;
      this.letter = undefined;
      this.#show(view);
    });
  }

  identify(lastSix: string): Promise<void> {
    return this.#run('identifying', async () => this.#show(await this.#client.identify(lastSix)));
  }

  /** Fetches the letter once and checks its digest; the outcome is in `letter` or `letterProblem`. */
  async loadLetter(): Promise<void> {
    this.letterProblem = undefined;
    try {
      await this.#requireLetter();
    } catch (thrown) {
      this.letterProblem = asProblem(thrown);
    }
    this.#changed();
  }

  /** Turns to another page of the reading. */
  go(place: ReadingPlace): void {
    if (!this.reading || this.reading.place === place) return;
    this.reading.place = place;
    this.reading.keep();
    this.#changed();
  }

  readAgain(): void {
    this.rereading = true;
    this.reading?.follow(true);
    this.#changed();
  }

  present(record: ReadingRecord): Promise<void> {
    return this.#run('presenting', async () => {
      const { digest } = await this.#requireLetter();
      this.#show(await this.#client.presentation(digest, record));
    });
  }

  /** Has a provider check who this is; one answer serves all letters of a set. */
  checkIdentity(check: string, input?: string): Promise<void> {
    return this.#run('asking', async () => this.#show(await this.#client.identity(check, input)));
  }

  /** Refuses the letter at hand; the others of its set go on. */
  refuseLetter(): Promise<void> {
    return this.#run('refusing', async () =>
      this.#show(await this.#client.refuseLetter(this.view!.letter!.digest)),
    );
  }

  /** Opens a letter of the set that was decided. */
  openLetter(authorization: string): Promise<void> {
    return this.#run('turning', async () => {
      const view = await this.#client.view(authorization);
      this.#show(view);
      if (this.reading) this.go('terms');
    });
  }

  /** Leaves it as it was decided. */
  leaveLetter(): Promise<void> {
    return this.#run('turning', async () => this.#show(await this.#client.view()));
  }

  /** By text message, or read out by telephone where the letter's template allows it; `enrol` for a passkey. */
  sendCode(by: 'sms' | 'voice' = 'sms', enrol = false): Promise<void> {
    return this.#run(by === 'voice' ? 'calling' : 'sending', async () => {
      this.#show(await this.#client.challenge(by, enrol || !this.needsCode));
      this.codeBy = by;
    });
  }

  get needsPasskey(): boolean {
    return this.view?.measures?.includes('passkey') === true;
  }
  get needsCode(): boolean {
    return this.view?.measures?.includes('sms-code') !== false;
  }

  /**
   * What the code step's button does: all measures at once, then straight on to the signature. Whoever needs
   * a passkey and has none sets one up first, with the code, and answers again.
   */
  answer(code?: string): Promise<void> {
    if (this.needsPasskey && code !== undefined && this.passkeys?.registered === false)
      return this.setUpPasskey(code);
    return this.#confirm(code);
  }

  /** Makes a passkey: with the code of the live challenge, or for later when the letter is signed. */
  setUpPasskey(code?: string): Promise<void> {
    return this.#run('enrolling', async () => {
      const { creation } = await this.#client.passkeyOptions();
      await this.#client.registerPasskey(await makePasskey(creation), code);
      this.enrolled = true;
      this.passkeys = await this.#client.passkeyOptions();
    });
  }

  /** The measures and a fresh key's proof together. */
  #confirm(code?: string): Promise<void> {
    return this.#run('confirming', async () => {
      if (!this.view?.challenge && !this.needsCode) this.#show(await this.#client.challenge('sms'));
      const challenge = await this.#requireChallenge();
      const passkey = this.needsPasskey ? await this.#askPasskey(challenge) : undefined;
      if (passkey === null) return;
      const measures = {
        ...(this.needsCode && code !== undefined ? { code } : {}),
        ...(passkey ? { passkey } : {}),
      };
      if (this.view?.set) return this.#confirmSet(this.view, measures);
      const { key, proof } = await this.#prepareKey(challenge);
      try {
        this.#show(await this.#client.confirmation(measures, key.publicKey, proof));
      } catch (thrown) {
        // Without an answer the key is kept: the server may have confirmed it.
        if (!isSilence(thrown)) this.#forgetKey();
        throw thrown;
      }
      if (this.view?.step === 'sign') await this.#sign();
    });
  }

  async #confirmSet(
    view: SigningView,
    measures: Parameters<SigningClient['confirmSet']>[0],
  ): Promise<void> {
    try {
      this.#show(await this.#client.confirmSet(measures, await this.#set.prove(view)));
    } catch (thrown) {
      if (!isSilence(thrown)) this.#set.forgetKeys();
      throw thrown;
    }
    if (this.view?.step === 'sign') await this.#sign();
  }

  /** Each letter once; one that fails does not hold up the others. */
  async #signSet(): Promise<void> {
    const tried = new Set<string>();
    let failed: unknown;
    for (;;) {
      const next = this.view?.set?.letters.find(
        ({ authorization, state, waiting }) =>
          state === 'confirmed' && !waiting && !tried.has(authorization),
      );
      if (!next || this.view?.step !== 'sign') break;
      tried.add(next.authorization);
      this.signing = this.view.set!.letters.indexOf(next) + 1;
      try {
        this.#show(
          await this.#set.sign(
            next,
            () => this.#client.serverNow(),
            (activity) => this.#enter(activity),
          ),
        );
      } catch (thrown) {
        failed ??= thrown;
        if (isSilence(thrown)) break;
        await this.#catchUp();
      }
    }
    if (failed !== undefined) throw failed;
  }

  /** Null when the subject has none. What the device signs is computed here, from the letter on this screen. */
  async #askPasskey(challenge: ChallengeView) {
    this.passkeys = await this.#client.passkeyOptions();
    const { request } = this.passkeys;
    if (!request) return null;
    const { challengeDigest } = await subject();
    const answered = this.view?.set
      ? this.#set.answeredDigest(this.view)
      : challengeDigest(bareChallenge(challenge));
    return askPasskey(request, toBase64Url(await answered));
  }

  /** Quietly: whether there is a passkey decides only what is offered. */
  async #lookForPasskeys(): Promise<void> {
    if (!passkeysWork()) return;
    try {
      this.passkeys = await this.#client.passkeyOptions();
    } catch {
      // Not the visit that confirmed, or too late: nothing is offered.
      return;
    }
    this.#changed();
  }

  /** Signs under a confirmation that is still good, with a new key if the confirmed one is gone. */
  sign(): Promise<void> {
    return this.#run('certifying', () => this.#sign());
  }

  decline(reason: DeclineReason): Promise<void> {
    return this.#run('declining', async () => {
      this.#forgetKey();
      this.#set.forgetKeys();
      this.#unsent = undefined;
      const view = await this.#client.decline(reason);
      this.declined = reason;
      this.#show(view);
    });
  }

  async #sign(): Promise<void> {
    if (this.view?.set) return this.#signSet();
    if (!this.#unsent) {
      const challenge = await this.#requireChallenge();
      const letter = await this.#requireLetter();
      this.#enter('certifying');
      const { key, proof } =
        this.#ready?.serverNonce === challenge.serverNonce
          ? this.#ready
          : await this.#prepareKey(challenge);
      const { publicKey } = key;
      let material;
      try {
        material = await this.#client.attempt(publicKey, proof);
      } catch (thrown) {
        // The next try comes with a new key, whatever became of this one.
        this.#forgetKey();
        throw thrown;
      }
      this.#enter('checking');
      const { checkMaterial } = await subject();
      try {
        await checkMaterial({
          letter: letter.bytes,
          challenge: bareChallenge(challenge),
          publicKey,
          material,
          // The server's clock: a phone that is wrong by an hour must not read as an attack. Which
          // time counts is decided later, by the timestamp token.
          at: new Date(this.#client.serverNow()),
        });
      } catch (thrown) {
        console.error(thrown);
        this.#forgetKey();
        throw new Problem('update-mismatch');
      }
      this.#enter('signing');
      this.#unsent = {
        attemptId: material.attemptId,
        signature: await key.sign(material.signedAttributes),
      };
      this.#forgetKey();
    }
    this.#enter('signing');
    const { attemptId, signature } = this.#unsent;
    try {
      const view = await this.#client.signature(attemptId, signature);
      this.#unsent = undefined;
      this.#show(view);
    } catch (thrown) {
      if (isProblem(thrown, 'attempt-void', 'not-found', 'confirmation-expired'))
        this.#unsent = undefined;
      throw thrown;
    }
  }

  async #requireChallenge(): Promise<ChallengeView> {
    const challenge = this.view?.challenge;
    if (!challenge) throw new Problem('challenge-missing');
    // In a set every letter is compared with its own.
    if (this.view?.set) return challenge;
    const { digest } = await this.#requireLetter();
    // The code must answer a challenge over the letter that was on this screen, no other.
    if (challenge.letterDigest !== digest) throw new Problem('update-mismatch');
    return challenge;
  }

  async #prepareKey(challenge: ChallengeView): Promise<ReadyKey> {
    this.#forgetKey();
    const { challengeDigest, createSubjectKey } = await subject();
    const key = await createSubjectKey();
    const proof = await key.prove(await challengeDigest(bareChallenge(challenge)));
    return (this.#ready = { key, proof, serverNonce: challenge.serverNonce });
  }

  #forgetKey(): void {
    this.#ready?.key.forget();
    this.#ready = undefined;
  }

  #requireLetter(): Promise<Letter> {
    this.#letterRequest ??= this.#fetchLetter().catch((thrown: unknown) => {
      this.#letterRequest = undefined;
      throw thrown;
    });
    return this.#letterRequest;
  }

  async #fetchLetter(): Promise<Letter> {
    const { set, authorization, letter } = this.view ?? {};
    if (set && letter) return (this.letter = await this.#set.letter(authorization!, letter.digest));
    const bytes = await this.#client.letter();
    const digest = toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
    if (digest !== this.view?.letter?.digest) throw new Problem('letter-mismatch');
    return (this.letter = { bytes, digest });
  }

  /** Runs one action of the subject; a second one meanwhile is ignored. */
  async #run(activity: Activity, action: () => Promise<void>): Promise<void> {
    if (this.activity) return;
    this.problem = this.retry = undefined;
    this.#enter(activity);
    try {
      await action();
    } catch (thrown) {
      const problem = asProblem(thrown);
      const before = this.view?.step;
      if (STALE.includes(problem.code) || (isSilence(problem) && before)) await this.#catchUp();
      // An answer that was lost on the way is no problem when the step was reached all the same.
      this.problem = isSilence(problem) && this.view?.step !== before ? undefined : problem;
      if (this.problem) this.retry = this.#retryOf(problem, activity, action);
    }
    this.activity = undefined;
    this.#changed();
    void this.#poll();
  }

  /** What passes by itself is repeated as it was; after a code problem the subject acts anew. */
  #retryOf(problem: Problem, activity: Activity, action: () => Promise<void>) {
    if (FATAL.includes(problem.code) || problem.code === 'update-mismatch') return undefined;
    if (this.view?.step === 'sign' && activity !== 'declining') return () => this.sign();
    return REPEATABLE.includes(problem.code) ? () => this.#run(activity, action) : undefined;
  }

  /** Which step is it really? Silence here changes nothing. */
  async #catchUp(): Promise<void> {
    try {
      this.#show(await this.#client.view());
    } catch (thrown) {
      asProblem(thrown);
    }
  }

  /** Waits for `released`: nothing counts as signed before. A signature that ends unstamped is made again. */
  async #poll(): Promise<void> {
    if (this.#polling || this.view?.step !== 'wait') return;
    this.#polling = true;
    for (let round = 0; this.view?.step === 'wait'; round++) {
      const pause = POLL_MILLISECONDS[Math.min(round, POLL_MILLISECONDS.length - 1)];
      await new Promise((resolve) => setTimeout(resolve, pause));
      try {
        const view = await this.#client.view();
        const { step } = view;
        this.#show(view);
        this.problem = this.retry = undefined;
        if (step === 'sign') this.retry = () => this.sign();
        if (step === 'sign' || step === 'code')
          this.problem = new Problem(step === 'sign' ? 'attempt-void' : 'confirmation-expired');
      } catch (thrown) {
        this.problem = asProblem(thrown);
        if (this.over) break;
      }
      this.#changed();
    }
    this.#polling = false;
  }

  #show(view: SigningView): void {
    const before = this.view;
    this.view = view;
    if (before?.letter && before.letter.digest !== view.letter?.digest) {
      this.#letterRequest = undefined;
      this.letter = this.letterProblem = undefined;
      this.reading?.follow(false);
    }
    const asked = view.challenge?.serverNonce;
    if (view.step === 'done' && before?.step !== 'done' && !this.needsPasskey)
      void this.#lookForPasskeys();
    else if (view.step === 'code' && this.needsPasskey && asked !== before?.challenge?.serverNonce)
      void this.#lookForPasskeys();
    if (['read', 'identity', 'code'].includes(view.step) && view.letter) {
      this.reading = this.#readingOf(view.letter.digest);
      this.rereading = false;
      this.reading.follow(view.step === 'read');
    } else if (view.step !== 'gate') {
      for (const reading of this.#readings.values()) reading.close();
      this.#readings.clear();
      this.reading = undefined;
      forgetReadings();
    }
    if (view.step === 'code') subject().catch(() => undefined);
    this.#changed();
  }

  #readingOf(digest: string): Reading {
    const kept = this.#readings.get(digest) ?? new Reading(digest);
    this.#readings.set(digest, kept);
    return kept;
  }

  #enter(activity: Activity): void {
    this.activity = activity;
    this.#changed();
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** Problems that may pass by themselves. */
const REPEATABLE = [
  'offline',
  'timeout',
  'internal',
  'rate-limited',
  'timestamp-unavailable',
  'revocation-unavailable',
  'sms-unavailable',
  'identity-unavailable',
  'queue-unavailable',
  'database-unavailable',
  'authority-unavailable',
  'key-unavailable',
  'objects-unavailable',
  'ledger-behind',
  'letter-mismatch',
  'idempotency-in-progress',
];

const isProblem = (thrown: unknown, ...codes: Problem['code'][]): boolean =>
  thrown instanceof Problem && codes.includes(thrown.code);

const isSilence = (thrown: unknown): boolean => isProblem(thrown, 'offline', 'timeout');

const bareChallenge = ({ letterDigest, sceneDigest, serverNonce }: ChallengeView) => ({
  letterDigest,
  sceneDigest,
  serverNonce,
});
