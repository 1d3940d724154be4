import { concat } from '@mandate/core/encoding';
import { DomainError } from '@mandate/core/errors';
import { der, readDer } from './der.js';

/** IEEE P1363 `r ‖ s` (what Web Crypto makes) → DER `SEQUENCE { r, s }` (what X.509 and CMS carry). */
export function ecdsaToDer(signature: Uint8Array): Uint8Array {
  if (signature.length === 0 || signature.length % 2)
    throw new DomainError('format-der', 'not an r ‖ s signature');
  const half = signature.length / 2;
  return der.sequence(
    der.integer(signature.subarray(0, half)),
    der.integer(signature.subarray(half)),
  );
}

/** DER → P1363. `size` is the curve's field size in octets (32 for P-256). Throws `format-der`. */
export function ecdsaFromDer(signature: Uint8Array, size = 32): Uint8Array {
  const fields = readDer(signature, { bytes: 4 * size + 16, nodes: 3 }).fields();
  const halves = [fields.next().unsigned(), fields.next().unsigned()];
  fields.end();
  return concat(
    ...halves.map((value) => {
      if (value.length > size) throw new DomainError('format-der', 'signature value too large');
      return concat(new Uint8Array(size - value.length), value);
    }),
  );
}
