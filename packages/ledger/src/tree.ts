import { bytesEqual, concat, DomainError, sha256 } from '@mandate/core';

/** Reads the stored hash of a perfect subtree: `level` 0 are leaves, `index` counts subtrees of that level. */
export type GetNode = (level: number, index: number) => Uint8Array | Promise<Uint8Array>;

/** One perfect subtree, stored once and never changed. */
export interface TreeNode {
  readonly level: number;
  readonly index: number;
  readonly hash: Uint8Array;
}

/** RFC 6962 §2.1: `SHA-256(0x00 ‖ entry)`. */
export const leafHash = (entry: Uint8Array): Uint8Array => sha256(concat(Uint8Array.of(0), entry));

/** RFC 6962 §2.1: `SHA-256(0x01 ‖ left ‖ right)`. */
export const nodeHash = (left: Uint8Array, right: Uint8Array): Uint8Array =>
  sha256(concat(Uint8Array.of(1), left, right));

/** Root of the tree without entries. */
export const EMPTY_ROOT: Uint8Array = sha256(new Uint8Array(0));

const half = (n: number): number => Math.floor(n / 2);

/** Largest power of two smaller than `n`; `n` ≥ 2. Not by shifts: sizes go beyond 32 bits. */
function splitPoint(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

/**
 * The right edge of the tree: the perfect subtrees that cover its leaves, largest first.
 * It is all a sequencer must remember to append and to compute roots.
 */
export class Frontier {
  readonly #edge: { level: number; hash: Uint8Array }[] = [];
  #size = 0;

  /** Number of leaves. */
  get size(): number {
    return this.#size;
  }

  /** Continues a stored tree of `size` leaves, reading at most one node per level. */
  static async load(size: number, getNode: GetNode): Promise<Frontier> {
    checkSize(size);
    const frontier = new Frontier();
    let start = 0;
    for (let rest = size; rest > 0;) {
      let level = 0;
      let width = 1;
      while (width * 2 <= rest) {
        width *= 2;
        level++;
      }
      frontier.#edge.push({ level, hash: checkHash(await getNode(level, start / width)) });
      start += width;
      rest -= width;
    }
    frontier.#size = size;
    return frontier;
  }

  /** Another one that grows by itself. */
  copy(): Frontier {
    const copy = new Frontier();
    copy.#edge.push(...this.#edge);
    copy.#size = this.#size;
    return copy;
  }

  /** Adds one leaf hash; returns the subtrees it completes, which the caller stores. */
  append(leaf: Uint8Array): TreeNode[] {
    let index = this.#size;
    let hash = checkHash(leaf);
    let level = 0;
    const completed: TreeNode[] = [{ level, index, hash }];
    for (let last = this.#edge.at(-1); last?.level === level; last = this.#edge.at(-1)) {
      this.#edge.pop();
      hash = nodeHash(last.hash, hash);
      level++;
      index = half(index);
      completed.push({ level, index, hash });
    }
    this.#edge.push({ level, hash });
    this.#size++;
    return completed;
  }

  /** RFC 6962 root over all leaves appended so far. */
  root(): Uint8Array {
    if (this.#edge.length === 0) return EMPTY_ROOT;
    return this.#edge.map((part) => part.hash).reduceRight((right, left) => nodeHash(left, right));
  }
}

/** Hash of leaves `start … end−1`, where the range is one that RFC 6962 §2.1 splits into. */
async function rangeHash(start: number, end: number, getNode: GetNode): Promise<Uint8Array> {
  const width = end - start;
  const level = Math.log2(width);
  if (Number.isInteger(level) && start % width === 0)
    return checkHash(await getNode(level, start / width));
  const k = splitPoint(width);
  const left = await rangeHash(start, start + k, getNode);
  return nodeHash(left, await rangeHash(start + k, end, getNode));
}

/**
 * Inclusion proof for leaf `index` in the tree of `size` leaves, from the leaf's sibling up
 * (RFC 6962 §2.1.1). Throws `format-ledger` when `index` is outside the tree.
 */
export async function inclusionProof(
  index: number,
  size: number,
  getNode: GetNode,
): Promise<Uint8Array[]> {
  checkSize(size);
  if (!Number.isSafeInteger(index) || index < 0 || index >= size)
    throw new DomainError('format-ledger', 'leaf index outside the tree');
  const path: Uint8Array[] = [];
  let start = 0;
  let end = size;
  while (end - start > 1) {
    const middle = start + splitPoint(end - start);
    if (index < middle) {
      path.push(await rangeHash(middle, end, getNode));
      end = middle;
    } else {
      path.push(await rangeHash(start, middle, getNode));
      start = middle;
    }
  }
  return path.reverse();
}

/**
 * Consistency proof between the trees of `from` and `to` leaves (RFC 6962 §2.1.2); empty when
 * `from` is 0 or equal to `to`. Throws `format-ledger` when `from > to`.
 */
export async function consistencyProof(
  from: number,
  to: number,
  getNode: GetNode,
): Promise<Uint8Array[]> {
  checkSize(from);
  checkSize(to);
  if (from > to) throw new DomainError('format-ledger', 'the older tree is larger');
  if (from === 0 || from === to) return [];
  const path: Uint8Array[] = [];
  let start = 0;
  let end = to;
  while (from < end) {
    const middle = start + splitPoint(end - start);
    if (from <= middle) {
      path.push(await rangeHash(middle, end, getNode));
      end = middle;
    } else {
      path.push(await rangeHash(start, middle, getNode));
      start = middle;
    }
  }
  // The older tree is itself a perfect subtree on the left edge: its root is known to the verifier.
  if (start > 0) path.push(await rangeHash(start, end, getNode));
  return path.reverse();
}

/** RFC 9162 §2.1.3.2. False on any mismatch, also of lengths. */
export function verifyInclusion(proof: {
  index: number;
  size: number;
  leaf: Uint8Array;
  hashes: readonly Uint8Array[];
  root: Uint8Array;
}): boolean {
  const { index, size, leaf, hashes, root } = proof;
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size)) return false;
  if (index < 0 || index >= size) return false;
  if ([leaf, root, ...hashes].some((hash) => hash.length !== 32)) return false;
  let fn = index;
  let sn = size - 1;
  let result = leaf;
  for (const hash of hashes) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      result = nodeHash(hash, result);
      while (fn % 2 === 0 && fn !== 0) {
        fn = half(fn);
        sn = half(sn);
      }
    } else {
      result = nodeHash(result, hash);
    }
    fn = half(fn);
    sn = half(sn);
  }
  return sn === 0 && bytesEqual(result, root);
}

/** RFC 9162 §2.1.4.2. False on any mismatch; every tree is consistent with the empty one. */
export function verifyConsistency(proof: {
  from: number;
  to: number;
  fromRoot: Uint8Array;
  toRoot: Uint8Array;
  hashes: readonly Uint8Array[];
}): boolean {
  const { from, to, fromRoot, toRoot, hashes } = proof;
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to) || from < 0 || from > to)
    return false;
  if ([fromRoot, toRoot, ...hashes].some((hash) => hash.length !== 32)) return false;
  if (from === 0) return hashes.length === 0 && bytesEqual(fromRoot, EMPTY_ROOT);
  if (from === to) return hashes.length === 0 && bytesEqual(fromRoot, toRoot);
  const path = Number.isInteger(Math.log2(from)) ? [fromRoot, ...hashes] : [...hashes];
  const [first, ...rest] = path;
  if (first === undefined || rest.length === 0) return false;
  let fn = from - 1;
  let sn = to - 1;
  while (fn % 2 === 1) {
    fn = half(fn);
    sn = half(sn);
  }
  let older = first;
  let newer = first;
  for (const hash of rest) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      older = nodeHash(hash, older);
      newer = nodeHash(hash, newer);
      while (fn % 2 === 0 && fn !== 0) {
        fn = half(fn);
        sn = half(sn);
      }
    } else {
      newer = nodeHash(newer, hash);
    }
    fn = half(fn);
    sn = half(sn);
  }
  return sn === 0 && bytesEqual(older, fromRoot) && bytesEqual(newer, toRoot);
}

function checkSize(size: number): void {
  if (!Number.isSafeInteger(size) || size < 0)
    throw new DomainError('format-ledger', 'tree size is not a natural number');
}

function checkHash(hash: Uint8Array): Uint8Array {
  if (hash.length !== 32) throw new DomainError('format-ledger', 'a tree hash has 32 bytes');
  return hash;
}
