import type { KeyOrigin } from '@mandate/core';
import { utf8 } from '@mandate/core/encoding';
import { DomainError } from '@mandate/core/errors';
import { der, readDer, TAG, type DerBytes } from './der.js';

/**
 * What one scene certificate is for:
 * ```
 * SceneBinding ::= SEQUENCE { version INTEGER (0), sceneDigest OCTET STRING (SIZE (32)),
 *   letterDigest OCTET STRING (SIZE (32)), evidenceRoot OCTET STRING (SIZE (32)),
 *   ledgerOrigin UTF8String, keyOrigin ENUMERATED { browser(0), hsm(1), software(2) } }
 * ```
 */
export interface SceneBinding {
  readonly sceneDigest: Uint8Array;
  readonly letterDigest: Uint8Array;
  /** Digest of the confirm-time part list. */
  readonly evidenceRoot: Uint8Array;
  readonly ledgerOrigin: string;
  /** The operator's assertion, no proof. */
  readonly keyOrigin: KeyOrigin;
}

const KEY_ORIGINS: readonly KeyOrigin[] = ['browser', 'hsm', 'software'];
const MAX_ORIGIN = 255;

/** DER of the extension's value. Throws `format-certificate`. */
export function encodeSceneBinding(binding: SceneBinding): DerBytes {
  const { sceneDigest, letterDigest, evidenceRoot, ledgerOrigin, keyOrigin } = binding;
  checkBinding(binding);
  return der.sequence(
    der.integer(0),
    der.octets(sceneDigest),
    der.octets(letterDigest),
    der.octets(evidenceRoot),
    der.utf8(ledgerOrigin),
    der.enumerated(KEY_ORIGINS.indexOf(keyOrigin)),
  );
}

/** Throws `format-der` or `format-certificate`. */
export function readSceneBinding(value: Uint8Array): SceneBinding {
  const fields = readDer(value, { bytes: 1024, nodes: 16 }).fields();
  if (fields.next().smallInteger() !== 0)
    throw new DomainError('format-certificate', 'unknown SceneBinding version');
  const [sceneDigest, letterDigest, evidenceRoot] = [
    fields.next().octets(),
    fields.next().octets(),
    fields.next().octets(),
  ];
  const ledgerOrigin = fields.next(TAG.utf8).text();
  const keyOrigin = KEY_ORIGINS[fields.next().enumerated()];
  fields.end();
  if (!keyOrigin) throw new DomainError('format-certificate', 'unknown key origin');
  const binding = { sceneDigest, letterDigest, evidenceRoot, ledgerOrigin, keyOrigin };
  checkBinding(binding);
  return binding;
}

function checkBinding(it: SceneBinding): void {
  for (const digest of [it.sceneDigest, it.letterDigest, it.evidenceRoot])
    if (digest.length !== 32)
      throw new DomainError('format-certificate', 'SceneBinding digests have 32 octets');
  const length = utf8(it.ledgerOrigin).length;
  if (length === 0 || length > MAX_ORIGIN)
    throw new DomainError('format-certificate', 'SceneBinding ledger origin out of bounds');
}
