import { toHex } from '@mandate/core/encoding';
import type { SubjectKey } from '@mandate/subject';
import type { Activity, Letter } from './ceremony.js';
import { Problem } from '@mandate/pages/browser/problem';
import type { SigningClient } from './signing-client.js';
import type { SetLetterView, SigningView } from './signing-view.js';

const subject = () => import('@mandate/subject');

/** A letter the code is for. */
type Asked = SetLetterView & { readonly challenge: NonNullable<SetLetterView['challenge']> };

interface ReadyKey {
  readonly key: SubjectKey;
  readonly proof: Uint8Array;
  /** The challenge it answers; a key never serves another. */
  readonly serverNonce: string;
}

/**
 * The keys and letters of a signing set: a fresh key for each letter, all proven before the one answer is given.
 * Every letter's bytes are in this browser and have the digest their challenge names, or nothing is answered.
 */
export class SetSigning {
  readonly #client: SigningClient;
  /** By authorization. */
  readonly #letters = new Map<string, Letter>();
  readonly #keys = new Map<string, ReadyKey>();
  readonly #unsent = new Map<string, { attemptId: string; signature: Uint8Array }>();

  constructor(client: SigningClient) {
    this.#client = client;
  }

  async letter(authorization: string, digest: string): Promise<Letter> {
    const kept = this.#letters.get(authorization);
    if (kept?.digest === digest) return kept;
    const bytes = await this.#client.letter(authorization);
    const letter = {
      bytes,
      digest: toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))),
    };
    if (letter.digest !== digest) throw new Problem('letter-mismatch');
    this.#letters.set(authorization, letter);
    return letter;
  }

  /** What a device signs for all letters together, computed here from the letters in this browser. */
  async answeredDigest(view: SigningView): Promise<Uint8Array> {
    const letters = await this.#checked(view);
    const { setChallengeDigest } = await subject();
    return setChallengeDigest(letters.map(({ challenge }) => challenge));
  }

  /** A fresh key for each letter, proven for its challenge. */
  async prove(view: SigningView) {
    this.forgetKeys();
    const proven = [];
    for (const letter of await this.#checked(view)) {
      const { authorization } = letter;
      const { key, proof } = await this.#prepare(letter);
      proven.push({ authorization, publicKey: key.publicKey, proof });
    }
    return proven;
  }

  /** Certificate, check, signature for one letter; a signature that may not have arrived is sent again. */
  async sign(
    letter: SetLetterView,
    now: () => number,
    enter: (activity: Activity) => void,
  ): Promise<SigningView> {
    const { authorization } = letter;
    if (!this.#unsent.has(authorization)) {
      if (!isAsked(letter)) throw new Problem('challenge-missing');
      enter('certifying');
      const { bytes } = await this.letter(authorization, letter.challenge.letterDigest);
      const kept = this.#keys.get(authorization);
      const { key, proof } =
        kept?.serverNonce === letter.challenge.serverNonce ? kept : await this.#prepare(letter);
      const { publicKey } = key;
      // Whatever becomes of this one, the next try comes with a new key.
      this.#keys.delete(authorization);
      try {
        const material = await this.#client.attempt(publicKey, proof, authorization);
        enter('checking');
        const { checkMaterial } = await subject();
        const { challenge } = letter;
        const at = new Date(now());
        await checkMaterial({ letter: bytes, challenge, publicKey, material, at }).catch(
          (thrown: unknown) => {
            console.error(thrown);
            throw new Problem('update-mismatch');
          },
        );
        enter('signing');
        const signature = await key.sign(material.signedAttributes);
        this.#unsent.set(authorization, { attemptId: material.attemptId, signature });
      } finally {
        key.forget();
      }
    }
    enter('signing');
    const { attemptId, signature } = this.#unsent.get(authorization)!;
    try {
      const view = await this.#client.signature(attemptId, signature, authorization);
      this.#unsent.delete(authorization);
      return view;
    } catch (thrown) {
      const ended = ['attempt-void', 'not-found', 'confirmation-expired'];
      if (thrown instanceof Problem && ended.includes(thrown.code))
        this.#unsent.delete(authorization);
      throw thrown;
    }
  }

  forgetKeys(): void {
    for (const { key } of this.#keys.values()) key.forget();
    this.#keys.clear();
    this.#unsent.clear();
  }

  /** The letters the code is for, each with its bytes here. */
  async #checked({ set }: SigningView): Promise<readonly Asked[]> {
    const letters = (set?.letters ?? []).filter(isAsked);
    if (letters.length === 0) throw new Problem('challenge-missing');
    for (const { authorization, challenge } of letters)
      await this.letter(authorization, challenge.letterDigest);
    return letters;
  }

  async #prepare({ authorization, challenge }: Asked): Promise<ReadyKey> {
    const { challengeDigest, createSubjectKey } = await subject();
    const key = await createSubjectKey();
    const proof = await key.prove(await challengeDigest(challenge));
    const ready = { key, proof, serverNonce: challenge.serverNonce };
    this.#keys.set(authorization, ready);
    return ready;
  }
}

const isAsked = (letter: SetLetterView): letter is Asked => letter.challenge !== undefined;
