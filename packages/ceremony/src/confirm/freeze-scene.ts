import {
  addSeconds,
  canonicalize,
  commitment,
  DomainError,
  fromBase64Url,
  kindDigestHex,
  newId,
  toHex,
  toUtcSeconds,
  type CodeChannel,
  type Measure,
  type PresentationRecord,
  type Scene,
  type SceneIdentity,
} from '@mandate/core';
import { parseTemplate, type TemplatePolicy, type Terms } from '@mandate/terms';
import { openFor, type RaDeps } from './challenge.js';
import { TIMES } from '../deps.js';
import { openPresentation } from '../letter-box.js';
import { checkPause } from '../present/pause.js';
import type { AuthorizationRow, NewChallenge } from '../ports.js';

/** A letter that may be asked for now. */
export interface OpenedLetter {
  readonly authorization: AuthorizationRow;
  readonly terms: Terms;
  readonly policy: TemplatePolicy;
  /** The newest presentation: what it chose goes into the scene. */
  readonly presentation: PresentationRecord;
}

/** Everything that could forbid a code for this letter. Throws `step-out-of-order`, `link-expired`, `pause-running`, `forbidden`, `invalid-request`. */
export async function openForChallenge(
  deps: RaDeps,
  authorization: AuthorizationRow,
  request: { readonly gate: Scene['gate']; readonly channel?: CodeChannel },
  at: Date,
): Promise<OpenedLetter> {
  const { id, state, version } = authorization;
  if (!['presented', 'challenged', 'confirmed'].includes(state))
    throw new DomainError('step-out-of-order', `no code for an authorization that is ${state}`);
  if (authorization.signBy <= at) throw new DomainError('link-expired', 'the time to sign is over');
  const { terms, dataKey } = await openFor(deps, authorization, 'challenge');
  const template = await deps.record.template(
    authorization.templateId,
    authorization.templateVersion,
  );
  const { policy } = parseTemplate(JSON.parse(template.body));
  if (request.channel === 'voice' && policy.voice !== true)
    throw new DomainError('invalid-request', 'the template does not offer voice calls');
  const presentations = await deps.record.presentations(id, version);
  const last = presentations.at(-1);
  if (!last) throw new DomainError('step-out-of-order', 'the letter was not shown yet');
  await checkPause(deps, authorization, terms, policy.pause, presentations[0]!.at, at);
  if (request.gate === 'institution' && policy.gate !== 'institution')
    throw new DomainError('forbidden', 'the template does not trust the institution’s assertion');
  return { authorization, terms, policy, presentation: openPresentation(dataKey, id, last) };
}

/** The scene of one letter, and its challenge without what answers it. */
export async function freezeScene(
  { clock, random, record, ledgerOrigin }: RaDeps,
  { authorization, terms, policy, presentation }: OpenedLetter,
  { gate }: { readonly gate: Scene['gate'] },
  at: Date,
  sitting: {
    readonly measures: readonly Measure[];
    readonly set?: Scene['set'];
    /** What the policy asks of the person, and what showed it. */
    readonly identity: SceneIdentity | undefined;
  },
): Promise<
  Omit<NewChallenge, 'codeMac' | 'sealedCode' | 'channel' | 'setChallenges' | 'prefixKey'>
> {
  const institution = await record.institution(authorization.institutionId);
  const previous = await record.latestChallenge(authorization.id);
  const salt = fromBase64Url(terms.salt);
  const commit = (field: 'name' | 'idNumber' | 'phone'): string =>
    toHex(commitment(salt, `subject.${field}`, terms.subject[field]));
  const { letterDigest } = authorization;
  const scene: Scene = {
    format: 'mandate-scene/v1',
    authorization: authorization.id,
    institution: { id: institution.id, name: institution.name, creditCode: institution.creditCode },
    subject: { name: commit('name'), idNumber: commit('idNumber'), phone: commit('phone') },
    termsDigest: authorization.termsDigest,
    letterDigest,
    measures: sitting.measures,
    keyOrigins: policy.keyOrigins,
    gate,
    choices: presentation.choices,
    presentation: kindDigestHex('presentation', presentation),
    pageBuild: presentation.pageBuild,
    ledgerOrigin,
    frozenAt: toUtcSeconds(at),
    ...(sitting.set ? { set: sitting.set } : {}),
    ...(sitting.identity ? { identity: sitting.identity } : {}),
  };
  const sceneDigest = kindDigestHex('scene', scene);
  const serverNonce = toHex(random.bytes(32));
  return {
    id: newId('challenge', clock, random),
    authorizationId: authorization.id,
    ordinal: (previous?.ordinal ?? 0) + 1,
    digest: kindDigestHex('challenge', { letterDigest, sceneDigest, serverNonce }),
    scene: canonicalize(scene),
    sceneDigest,
    serverNonce,
    madeAt: at,
    expiresAt: addSeconds(at, TIMES.codeLife),
  };
}
