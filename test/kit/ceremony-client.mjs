import { fromBase64Url, toBase64Url } from '@mandate/core/encoding';
import { challengeDigest, checkMaterial, createSubjectKey } from '@mandate/subject';

/** A refused call: the problem as the server told it. */
export class Refused extends Error {
  constructor(method, path, problem) {
    super(`${method} ${path}: ${problem.code ?? problem.status} ${problem.detail ?? ''}`);
    this.problem = problem;
    this.code = problem.code;
    this.status = problem.status;
  }
}

async function send(url, method, path, headers, body) {
  const response = await fetch(url + path, {
    method,
    headers: body === undefined ? headers : { 'content-type': 'application/json', ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const type = response.headers.get('content-type') ?? '';
  const content = type.includes('json')
    ? await response.json()
    : new Uint8Array(await response.arrayBuffer());
  if (!response.ok) throw new Refused(method, path, type.includes('json') ? content : response);
  return { content, response };
}

/** The institution's side of the API. */
export function institutionClient(url, apiKey) {
  const headers = { authorization: `Bearer ${apiKey}` };
  const get = async (path) => (await send(url, 'GET', path, headers)).content;
  const post = async (path, body, key = `${crypto.randomUUID()}`) =>
    (await send(url, 'POST', path, { ...headers, 'idempotency-key': key }, body)).content;
  return { get, post };
}

/** A template as an institution publishes it: written by one person, approved by another. */
export async function publishTemplate(author, reviewer, body) {
  const made = await author.post('/v1/templates', body);
  const path = `/v1/templates/${made.id}/versions/${made.version}`;
  await author.post(`${path}/submit`, { assessment: 'PIA-1' });
  return reviewer.post(`${path}/approve`, {});
}

/** The body of `presentation`, as a page that was read for a minute would send it. */
export const presentationOf = (view, changes = {}) => ({
  letterDigest: view.letter.digest,
  record: {
    language: 'zh',
    pageBuild: null,
    secondsOpen: 60,
    clauses: view.clauses.map(({ id }) => ({
      id,
      visibleMilliseconds: 4000,
      acknowledgedAfterMilliseconds: 30_000,
    })),
    reachedEnd: true,
    alternative: 'both',
    readAloud: false,
    largePrint: false,
    viewport: { width: 360, height: 740 },
    choices: { items: [], recipients: [] },
    ...changes,
  },
});

/** The subject's side: one browser, with its cookie and its one-time key. */
export function subjectClient(url, { now = () => new Date() } = {}) {
  let cookie = '';
  let letter;
  let key;
  /** In a set: letters and keys by the authorization they are of. */
  const letters = new Map();
  const keys = new Map();
  const call = async (method, path, body) => {
    const headers = { 'x-requested-with': 'mandate', cookie };
    const { content, response } = await send(url, method, `/v1/signing${path}`, headers, body);
    const set = response.headers.get('set-cookie');
    if (set) cookie = set.split(';')[0];
    return content;
  };
  const proven = async (challenge) => ({
    publicKey: toBase64Url(key.publicKey),
    proof: toBase64Url(await key.prove(await challengeDigest(challenge))),
  });
  return {
    call,
    /** `name=value` of the visit. */
    cookie: () => cookie,
    /** Public key and proof of possession of the one-time key, as the API takes them. */
    proven,
    open: (link) => call('POST', '/open', { token: link.split('#')[1] ?? link }),
    identify: (lastSix) => call('POST', '/identify', { lastSix }),
    enter: (letterNumber, lastSix) => call('POST', '/enter', { letterNumber, lastSix }),
    view: () => call('GET', ''),
    /** What the page shows and the subject chooses; nothing optional unless `changes.choices` says so. */
    async read(view, changes = {}) {
      letter = await call('GET', '/letter');
      return call('POST', '/presentation', presentationOf(view, changes));
    },
    letter: () => letter,
    challenge: (channel) => call('POST', '/challenge', channel ? { channel } : {}),
    async confirm(view, code) {
      key = await createSubjectKey();
      return call('POST', '/confirmation', { code, ...(await proven(view.challenge)) });
    },
    /** Checks what is to be signed and signs it, exactly as the page does. */
    async sign(view) {
      const { attemptId, ...texts } = await call('POST', '/attempts', await proven(view.challenge));
      const material = {
        certificate: fromBase64Url(texts.certificate),
        update: fromBase64Url(texts.update),
        signedAttributes: fromBase64Url(texts.signedAttributes),
      };
      await checkMaterial({
        letter,
        challenge: view.challenge,
        publicKey: key.publicKey,
        material,
        at: now(),
      });
      const signature = await key.sign(material.signedAttributes);
      key.forget();
      return { attemptId, signature: toBase64Url(signature) };
    },
    complete: ({ attemptId, signature }) =>
      call('POST', `/attempts/${attemptId}/signature`, { signature }),
    newKey: async () => {
      key = await createSubjectKey();
    },
    decline: (reason) => call('POST', '/decline', { reason }),
    copy: (authorization) =>
      call('GET', authorization ? `/copy?authorization=${authorization}` : '/copy'),

    /** A letter of a set once more. */
    again: (authorization) => call('GET', `?authorization=${authorization}`),
    /** Reads the letter of a set that is shown, and accepts it. */
    async accept(view, changes = {}) {
      letters.set(
        view.authorization,
        await call('GET', `/letter?authorization=${view.authorization}`),
      );
      return call('POST', '/presentation', presentationOf(view, changes));
    },
    refuse: (view) => call('POST', '/refuse-letter', { letterDigest: view.letter.digest }),
    /** A fresh key for each letter the code is for, proven. */
    async keysFor(view) {
      const proofs = [];
      for (const { authorization, challenge } of view.set.letters) {
        if (!challenge) continue;
        const made = await createSubjectKey();
        keys.set(authorization, made);
        proofs.push({
          authorization,
          publicKey: toBase64Url(made.publicKey),
          proof: toBase64Url(await made.prove(await challengeDigest(bare(challenge)))),
        });
      }
      return proofs;
    },
    async confirmSet(view, code) {
      return call('POST', '/confirmation', { code, keys: await this.keysFor(view) });
    },
    /** Checks and signs one letter of the set; what is left is to hand it in with `completeLetter`. */
    async signLetter(view, authorization) {
      const { challenge } = view.set.letters.find((each) => each.authorization === authorization);
      const made = keys.get(authorization) ?? (await createSubjectKey());
      const texts = await call('POST', '/attempts', {
        authorization,
        publicKey: toBase64Url(made.publicKey),
        proof: toBase64Url(await made.prove(await challengeDigest(bare(challenge)))),
      });
      const material = {
        certificate: fromBase64Url(texts.certificate),
        update: fromBase64Url(texts.update),
        signedAttributes: fromBase64Url(texts.signedAttributes),
      };
      await checkMaterial({
        letter: letters.get(authorization),
        challenge: bare(challenge),
        publicKey: made.publicKey,
        material,
        at: now(),
      });
      const signature = await made.sign(material.signedAttributes);
      made.forget();
      keys.delete(authorization);
      return { authorization, attemptId: texts.attemptId, signature: toBase64Url(signature) };
    },
    completeLetter: ({ authorization, attemptId, signature }) =>
      call('POST', `/attempts/${attemptId}/signature`, { authorization, signature }),
    /** Signs every letter that waits for it. */
    async signSet(first) {
      let view = first;
      while (view.step === 'sign')
        view = await this.completeLetter(await this.signLetter(view, view.authorization));
      return view;
    },
  };
}

const bare = ({ letterDigest, sceneDigest, serverNonce }) => ({
  letterDigest,
  sceneDigest,
  serverNonce,
});

/** Written, or spoken digit by digit. */
const codeIn = (text) =>
  text.startsWith('voice call: ')
    ? /(?:\d, ){5}\d/.exec(text)[0].replaceAll(', ', '')
    : /\d{6}/.exec(text)[0];

/** The newest code for a phone number from the sandbox inbox; waits for its delivery. */
export async function codeFromSandbox(url, phone, checkCode, waitMs = 10_000, challengeId) {
  for (const end = Date.now() + waitMs; Date.now() < end;) {
    const response = await fetch(`${url}/sandbox/sms.json?phone=${encodeURIComponent(phone)}`);
    const messages = await response.json();
    // An older code of the same letter may still lie there: the reference tells them apart.
    const message = messages.find(
      ({ text, reference }) =>
        text.includes(checkCode) &&
        (challengeId === undefined || reference.split('.')[0] === challengeId),
    );
    if (message) return { text: message.text, code: codeIn(message.text) };
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error('no code arrived in the sandbox inbox');
}

/** The whole ceremony with one link; returns the last view. */
export async function signWithLink(url, link, { lastSix, phone }) {
  const subject = subjectClient(url);
  await subject.open(link);
  let view = await subject.identify(lastSix);
  view = await subject.read(view);
  view = await subject.challenge();
  const { code } = await codeFromSandbox(url, phone, view.challenge.checkCode);
  view = await subject.confirm(view, code);
  const signed = await subject.sign(view);
  return subject.complete(signed);
}
