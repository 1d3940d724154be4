import { concat } from '@mandate/core';
import { der, readDer, type DerNode } from '../src/index.js';

/** The members of a CMS SignedData and of its only signer, open for changes. */
export interface OpenCms {
  version: Uint8Array;
  digests: Uint8Array;
  encapsulated: Uint8Array;
  certificates: Uint8Array[];
  signer: Uint8Array[];
  /** Complete SignerInfos beside the first. */
  moreSigners: Uint8Array[];
}

const bytesOf = (nodes: readonly DerNode[]): Uint8Array[] => nodes.map(({ bytes }) => bytes);

/** Takes a CMS apart, lets `change` loose on the parts, and puts it together again. */
export function operate(cms: Uint8Array, change: (parts: OpenCms) => void): Uint8Array {
  const [type, wrapped] = readDer(cms).children as [DerNode, DerNode];
  const [version, digests, encapsulated, bag, signers] = wrapped.children[0]!.children as [
    DerNode,
    DerNode,
    DerNode,
    DerNode,
    DerNode,
  ];
  const parts: OpenCms = {
    version: version.bytes,
    digests: digests.bytes,
    encapsulated: encapsulated.bytes,
    certificates: bytesOf(bag.children),
    signer: bytesOf(signers.children[0]!.children),
    moreSigners: [],
  };
  change(parts);
  return der.sequence(
    type.bytes,
    der.context(
      0,
      der.sequence(
        parts.version,
        parts.digests,
        parts.encapsulated,
        ...(parts.certificates.length > 0 ? [der.implicit(0, der.set(...parts.certificates))] : []),
        der.set(
          ...(parts.signer.length > 0 ? [der.sequence(...parts.signer)] : []),
          ...parts.moreSigners,
        ),
      ),
    ),
  );
}

/** The same value as BER with an indefinite length. */
export const indefinite = (bytes: Uint8Array): Uint8Array =>
  concat(Uint8Array.of(bytes[0]!, 0x80), readDer(bytes).content, Uint8Array.of(0, 0));
