import { expect, test } from '@jest/globals';
import { fromHex, isDomainError, toHex, utf8 } from '@mandate/core';
import {
  consistencyProof,
  EMPTY_ROOT,
  Frontier,
  inclusionProof,
  leafHash,
  nodeHash,
  verifyConsistency,
  verifyInclusion,
  type GetNode,
} from './index.js';

/** The eight inputs and roots of the Certificate Transparency reference tests. */
const INPUTS = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
].map(fromHex);
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

/** Straight from the definition in RFC 6962 §2.1. */
function referenceRoot(leaves: Uint8Array[]): Uint8Array {
  if (leaves.length === 1) return leaves[0]!;
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return nodeHash(referenceRoot(leaves.slice(0, k)), referenceRoot(leaves.slice(k)));
}

function grow(count: number): { leaves: Uint8Array[]; getNode: GetNode; frontier: Frontier } {
  const nodes = new Map<string, Uint8Array>();
  const frontier = new Frontier();
  const leaves = Array.from({ length: count }, (_, i) => leafHash(utf8(`entry ${i}`)));
  for (const leaf of leaves)
    for (const node of frontier.append(leaf)) {
      const key = `${node.level}/${node.index}`;
      expect(nodes.has(key)).toBe(false);
      nodes.set(key, node.hash);
    }
  const getNode: GetNode = (level, index) => {
    const hash = nodes.get(`${level}/${index}`);
    if (!hash) throw new Error(`node ${level}/${index} was never stored`);
    return hash;
  };
  return { leaves, getNode, frontier };
}

test('roots equal those of the Certificate Transparency reference', () => {
  const frontier = new Frontier();
  expect(toHex(frontier.root())).toBe(toHex(EMPTY_ROOT));
  INPUTS.forEach((input, i) => {
    frontier.append(leafHash(input));
    expect(toHex(frontier.root())).toBe(ROOTS[i]);
  });
});

test('every inclusion proof up to 70 leaves verifies, and no wrong one does', async () => {
  const { leaves, getNode } = grow(70);
  for (let size = 1; size <= 70; size++) {
    const root = referenceRoot(leaves.slice(0, size));
    for (let index = 0; index < size; index++) {
      const hashes = await inclusionProof(index, size, getNode);
      const proof = { index, size, leaf: leaves[index]!, hashes, root };
      expect(verifyInclusion(proof)).toBe(true);
      expect(verifyInclusion({ ...proof, leaf: leafHash(utf8('other')) })).toBe(false);
      expect(verifyInclusion({ ...proof, index: (index + 1) % (size + 1) })).toBe(false);
      expect(verifyInclusion({ ...proof, hashes: [...hashes, root] })).toBe(false);
      if (hashes.length > 0)
        expect(verifyInclusion({ ...proof, hashes: hashes.slice(1) })).toBe(false);
    }
  }
});

test('every consistency proof up to 40 leaves verifies, and none against another root', async () => {
  const { leaves, getNode } = grow(40);
  const rootOf = (n: number): Uint8Array => (n ? referenceRoot(leaves.slice(0, n)) : EMPTY_ROOT);
  for (let to = 1; to <= 40; to++)
    for (let from = 0; from <= to; from++) {
      const hashes = await consistencyProof(from, to, getNode);
      const proof = { from, to, fromRoot: rootOf(from), toRoot: rootOf(to), hashes };
      expect(verifyConsistency(proof)).toBe(true);
      const forged = leafHash(utf8('forged'));
      expect(verifyConsistency({ ...proof, fromRoot: forged })).toBe(false);
      if (from > 0) expect(verifyConsistency({ ...proof, toRoot: forged })).toBe(false);
      expect(verifyConsistency({ ...proof, hashes: [...hashes, forged] })).toBe(false);
    }
});

test('a frontier loaded from stored nodes continues the same tree', async () => {
  for (const size of [0, 1, 7, 8, 21]) {
    const { leaves, getNode } = grow(size);
    const loaded = await Frontier.load(size, getNode);
    const next = leafHash(utf8('next'));
    loaded.append(next);
    expect(loaded.size).toBe(size + 1);
    expect(toHex(loaded.root())).toBe(toHex(referenceRoot([...leaves, next])));
  }
});

test('positions outside the tree are refused', async () => {
  const { getNode } = grow(3);
  for (const index of [-1, 3, 0.5, NaN]) {
    const error = await inclusionProof(index, 3, getNode).catch((e: unknown) => e);
    expect(isDomainError(error, 'format-ledger')).toBe(true);
  }
  const error = await consistencyProof(4, 3, getNode).catch((e: unknown) => e);
  expect(isDomainError(error, 'format-ledger')).toBe(true);
});
