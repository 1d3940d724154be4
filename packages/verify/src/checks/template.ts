import { bytesEqual, canonicalBytes, kindDigestHex } from '@mandate/core';
import { templateDigest, type TemplatePolicy } from '@mandate/terms';
import { check } from '../finding.js';
import type { AuthorizationMaterial } from '../material/authorization-material.js';
import type { Finding } from '../verification.js';

/**
 * How the template version of the letter came about: the record is the one that the trail's first event names, it is
 * about the version of the terms and holds its text, nobody approved or waived what they wrote, it was published before
 * the letter was asked for, and the scene asks for what the version asks for. What the linter's rules are worth is not
 * judged.
 */
export function checkTemplate(material: AuthorizationMaterial): Finding[] {
  const { template, terms, trail } = material;
  const requested = trail[0];
  const { authors, approver, lint } = template;
  const { id, version, digest } = terms.template;
  const seconds = [approver, ...lint.waivers.map(({ by }) => by)];
  return [
    check(
      'template-record',
      requested?.data['templateRecord'] === kindDigestHex('template-record', template),
      'HASH_FAILURE',
    ),
    check(
      'template-version',
      template.id === id &&
        template.version === version &&
        template.digest === digest &&
        templateDigest(template.body) === digest,
      'HASH_FAILURE',
    ),
    check(
      'template-second-person',
      authors.length > 0 && seconds.every((person) => !authors.includes(person)),
      'SIG_CONSTRAINTS_FAILURE',
      {
        pack: lint.newestPack,
        waived: String(lint.waivers.length),
        open: String(lint.open.length),
      },
    ),
    check(
      'template-published',
      requested !== undefined && Date.parse(template.publishedAt) <= Date.parse(requested.at),
      'SIG_CONSTRAINTS_FAILURE',
      { publishedAt: template.publishedAt },
    ),
    checkPolicy(material),
  ];
}

/**
 * The scene leaves out nothing of the policy and softens nothing. A signing set asks for the measures of all its
 * letters together, so it may ask for more.
 */
function checkPolicy({
  template,
  scene,
  codeRecord,
  presentation,
}: AuthorizationMaterial): Finding {
  const { policy } = template.body;
  const kept: Partial<Record<keyof TemplatePolicy, boolean>> = {
    measures: policy.measures.every((measure) => scene.measures.includes(measure)),
    keyOrigins: bytesEqual(canonicalBytes(policy.keyOrigins), canonicalBytes(scene.keyOrigins)),
    gate: scene.gate === 'last-six' || scene.gate === policy.gate,
    identity: (scene.identity?.policy ?? 'basic') === (policy.identity ?? 'basic'),
    voice: codeRecord?.channel !== 'voice' || policy.voice === true,
    minimumReadingSeconds: presentation.secondsOpen >= policy.minimumReadingSeconds,
  };
  const wrong = Object.entries(kept).flatMap(([name, held]) => (held ? [] : [name]));
  return check(
    'scene-policy',
    wrong.length === 0,
    'SIG_CONSTRAINTS_FAILURE',
    wrong.length > 0 ? { fields: wrong.join(', ') } : undefined,
  );
}
