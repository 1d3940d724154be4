import { joined, mutateBytes, noise } from './mutate-bytes.js';
import { pick, weighted, type Random } from './random.js';

/** One element, with what is inside it; OCTET STRINGs and BIT STRINGs are opened when they hold DER. */
interface Element {
  readonly tag: number;
  readonly start: number;
  readonly end: number;
  /** Where the content starts, and where its first child does: one further in a BIT STRING. */
  readonly content: number;
  readonly first: number;
  readonly children: readonly Element[];
  readonly parent: Element | null;
}

/** A well-formed input and all its elements, outermost first. */
export interface DerSpecimen {
  readonly bytes: Uint8Array;
  readonly root: Element;
  readonly elements: readonly Element[];
}

export function openDer(bytes: Uint8Array): DerSpecimen {
  const elements: Element[] = [];
  const root = readElement(bytes, 0, bytes.length, null, elements);
  if (!root || root.end !== bytes.length) throw new Error('a specimen must be DER');
  return { bytes, root, elements };
}

const CONSTRUCTED = 0x20;
const BITS = 0x03;
const OCTETS = 0x04;

function readElement(
  bytes: Uint8Array,
  start: number,
  limit: number,
  parent: Element | null,
  found: Element[],
): Element | undefined {
  let at = start + 2;
  if (at > limit) return undefined;
  const tag = bytes[start]!;
  let length = bytes[start + 1]!;
  if ((tag & 0x1f) === 0x1f) return undefined;
  if (length > 0x80) {
    const octets = length & 0x7f;
    if (octets > 3 || at + octets > limit) return undefined;
    length = 0;
    for (let i = 0; i < octets; i++) length = length * 256 + bytes[at++]!;
  } else if (length === 0x80) return undefined;
  const end = at + length;
  if (end > limit) return undefined;
  const children: Element[] = [];
  const first = tag === BITS ? at + 1 : at;
  const element: Element = { tag, start, end, content: at, first, children, parent };
  const mark = found.length;
  found.push(element);
  const holds = tag & CONSTRUCTED || ((tag === BITS || tag === OCTETS) && bytes[first] === 0x30);
  for (let from = first; holds && from < end;) {
    const child = readElement(bytes, from, end, element, found);
    if (!child) {
      // It only looked like DER: a plain value after all.
      if (tag & CONSTRUCTED) return undefined;
      found.length = mark + 1;
      children.length = 0;
      break;
    }
    children.push(child);
    from = child.end;
  }
  return element;
}

const lengthOctets = (length: number): number[] => {
  if (length < 0x80) return [length];
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  return [0x80 | octets.length, ...octets];
};

const wrap = (tag: number, ...parts: readonly Uint8Array[]): Uint8Array => {
  const content = joined(...parts);
  return joined(Uint8Array.from([tag, ...lengthOctets(content.length)]), content);
};

/** The whole with some elements replaced; all lengths around them are right again. */
function encode({ bytes, root }: DerSpecimen, edits: ReadonlyMap<Element, Uint8Array>): Uint8Array {
  const dirty = new Set<Element>();
  for (const element of edits.keys())
    for (let at: Element | null = element; at; at = at.parent) dirty.add(at);
  const write = (element: Element): Uint8Array => {
    const edit = edits.get(element);
    if (edit) return edit;
    if (!dirty.has(element)) return bytes.subarray(element.start, element.end);
    const before = bytes.subarray(element.content, element.first);
    return wrap(element.tag, before, ...element.children.map(write));
  };
  return write(root);
}

const TAGS = [1, 2, 3, 4, 5, 6, 9, 10, 12, 13, 19, 20, 22, 23, 24, 28, 30, 0x30, 0x31, 0x24, 0x23];
const OIDS = [
  '06032a0304', // 1.2.3.4
  '06092a864886f70d010701', // data
  '060b2a864886f70d0109100104', // TSTInfo
  '0608608648016503040201', // SHA-256, one octet short
  '0609608648016503040201', // SHA-256
  '06052b0e03021a', // SHA-1
  '06082a8648ce3d040302', // ECDSA with SHA-256
  '06082a8648ce3d040303', // ECDSA with SHA-384
  '06092a864886f70d01010b', // RSA with SHA-256
  '06032b6570', // Ed25519
  '0603551d13', // basic constraints
  '0603551d25', // extended key usage
  '06082b06010505070308', // time stamping
  '0604551d2500', // any purpose
  '060180', // leading 0x80
  '0601ff', // unfinished
  '06', // no length
  `0614${'ff'.repeat(19)}7f`, // one huge arc
].map((hex) => new Uint8Array(Buffer.from(hex, 'hex')));

/** Order of P-256: (r, n − s) verifies as well as (r, s). */
const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

const integer = (value: bigint): Uint8Array => {
  const hex = value.toString(16);
  const even = hex.length % 2 ? `0${hex}` : hex;
  return new Uint8Array(Buffer.from(parseInt(even[0]!, 16) > 7 ? `00${even}` : even, 'hex'));
};

type Edit = (specimen: DerSpecimen, random: Random, element: Element) => Uint8Array | undefined;

const valueOf = ({ bytes }: DerSpecimen, { start, end }: Element): Uint8Array =>
  bytes.subarray(start, end);
const contentOf = ({ bytes }: DerSpecimen, { content, end }: Element): Uint8Array =>
  bytes.subarray(content, end);

/** An element's own encoding, wrong in one way; undefined where the way does not apply. */
const EDITS: readonly (readonly [number, Edit])[] = [
  [4, () => new Uint8Array()], // removed
  [3, (s, _, it) => joined(valueOf(s, it), valueOf(s, it))], // doubled
  [3, (s, random) => valueOf(s, pick(random, s.elements))], // another in its place
  [2, (s, random, it) => joined(valueOf(s, it), valueOf(s, pick(random, s.elements)))], // one more
  [4, (s, random, it) => wrap(pick(random, TAGS), contentOf(s, it))],
  [2, (s, random, it) => wrap(it.tag ^ ((random(3) + 1) * 0x40), contentOf(s, it))], // class
  [2, (s, _, it) => wrap(it.tag ^ CONSTRUCTED, contentOf(s, it))],
  [1, (s, random, it) => wrap((it.tag & 0xe0) | random(31), contentOf(s, it))],
  [1, (s, _, it) => joined(Uint8Array.of(it.tag | 0x1f, 0x81, 0x01), contentOf(s, it))], // long tag
  [3, lengthOff],
  [2, hugeLength],
  [2, nonMinimalLength],
  [
    2,
    (s, _, it) =>
      joined(Uint8Array.of(it.tag | CONSTRUCTED, 0x80), contentOf(s, it), new Uint8Array(2)),
  ],
  [2, nest],
  [1, (_, random, it) => wrap(it.tag, noise(random, random(40)))],
  [1, (_, __, it) => wrap(it.tag)], // empty
  [4, (_, random, it) => (it.tag === 0x06 ? pick(random, OIDS) : undefined)],
  [
    3,
    (s, random, it) =>
      it.tag === 0x06
        ? valueOf(
            s,
            pick(
              random,
              s.elements.filter(({ tag }) => tag === 6),
            ),
          )
        : undefined,
  ],
  [4, integerOff],
  [3, reorder],
  [2, timeOff],
  [
    2,
    (_, random, it) =>
      it.tag === 0x01
        ? pick(random, [
            wrap(1, Uint8Array.of(1)),
            wrap(1, Uint8Array.of(0)),
            wrap(1, Uint8Array.of(255, 255)),
          ])
        : undefined,
  ],
  [
    2,
    (s, random, it) =>
      it.tag === BITS
        ? wrap(BITS, Uint8Array.of(random(10)), s.bytes.subarray(it.first, it.end))
        : undefined,
  ],
  [2, textOff],
  [2, malleate],
  [
    3,
    (s, random, it) =>
      wrap(
        it.tag,
        mutateBytes(
          joined(contentOf(s, it), new Uint8Array(it.end === it.content ? 1 : 0)),
          random,
        ),
      ),
  ],
];

function lengthOff(s: DerSpecimen, random: Random, it: Element): Uint8Array {
  const content = contentOf(s, it);
  const length = Math.max(0, content.length + pick(random, [-2, -1, 1, 2, 64, 256]));
  return joined(Uint8Array.from([it.tag, ...lengthOctets(length)]), content);
}

const HUGE = [
  '847fffffff',
  '84ffffffff',
  '8600ffffffffff',
  '887fffffffffffffff',
  '83ffffff',
  'ff',
  '8420000000',
];
function hugeLength(s: DerSpecimen, random: Random, it: Element): Uint8Array {
  const length = Buffer.from(pick(random, HUGE), 'hex');
  return joined(Uint8Array.of(it.tag), length, contentOf(s, it));
}

function nonMinimalLength(s: DerSpecimen, random: Random, it: Element): Uint8Array {
  const content = contentOf(s, it);
  const octets = [content.length >> 16, (content.length >> 8) & 0xff, content.length & 0xff];
  const padded = [...Array<number>(random(4)).fill(0), ...octets];
  return joined(Uint8Array.from([it.tag, 0x80 | padded.length, ...padded]), content);
}

function nest(s: DerSpecimen, random: Random, it: Element): Uint8Array {
  let value = valueOf(s, it);
  const depth = pick(random, [1, 1, 2, 10, 64, 300]);
  const tag = pick(random, [0x30, 0x31, 0xa0, 0x24]);
  for (let i = 0; i < depth; i++) value = wrap(tag, value);
  return value;
}

function integerOff(s: DerSpecimen, random: Random, it: Element): Uint8Array | undefined {
  if (it.tag !== 2 && it.tag !== 10) return undefined;
  const content = contentOf(s, it);
  const copy = content.slice();
  switch (random(6)) {
    case 0: // the other sign
      copy[0]! ^= 0x80;
      return wrap(it.tag, copy);
    case 1:
      return wrap(
        it.tag,
        content[0] === 0 ? content.subarray(1) : joined(Uint8Array.of(0), content),
      );
    case 2:
      return wrap(it.tag, Uint8Array.of(0xff), content);
    case 3:
      return wrap(it.tag, noise(random, pick(random, [1, 8, 21, 33, 600])));
    case 4:
      return wrap(it.tag, Uint8Array.of(pick(random, [0, 1, 2, 3, 4, 0x7f, 0x80, 0xff])));
    default:
      copy[copy.length - 1]! ^= 1;
      return wrap(it.tag, copy);
  }
}

function reorder(s: DerSpecimen, random: Random, it: Element): Uint8Array | undefined {
  if (it.children.length < 2) return undefined;
  const members = it.children.map((child) => valueOf(s, child));
  const [from, to] = [random(members.length), random(members.length)];
  [members[from], members[to]] = [members[to]!, members[from]!];
  return wrap(it.tag, s.bytes.subarray(it.content, it.first), ...members);
}

const TIMES = [
  '20261121090230Z',
  '99991231235959Z',
  '000101000000Z',
  '261121090230Z',
  '20261121090230.250Z',
  '20261121090230.0Z',
  '20261121090230+0800',
  '2611210902Z',
  '20261332256199Z',
  '20260229000000Z',
  '20261121090260Z',
];
function timeOff(_: DerSpecimen, random: Random, it: Element): Uint8Array | undefined {
  if (it.tag !== 0x17 && it.tag !== 0x18) return undefined;
  return wrap(pick(random, [0x17, 0x18]), Buffer.from(pick(random, TIMES)));
}

const TEXTS = [
  Buffer.from([0xff, 0xfe]),
  Buffer.from([0xed, 0xa0, 0x80]),
  Buffer.from('a\0b'),
  Buffer.from('‮x'),
  Buffer.alloc(3000, 0x41),
];
function textOff(_: DerSpecimen, random: Random, it: Element): Uint8Array | undefined {
  if (![12, 19, 22, 0x86].includes(it.tag)) return undefined;
  return wrap(pick(random, [it.tag, 12, 19, 20, 22, 30]), pick(random, TEXTS));
}

function malleate(s: DerSpecimen, _: Random, it: Element): Uint8Array | undefined {
  const [r, value, ...more] = it.children;
  if (r?.tag !== 2 || value?.tag !== 2 || more.length > 0) return undefined;
  const number = BigInt(`0x${Buffer.from(contentOf(s, value)).toString('hex')}`);
  if (number >= P256_ORDER) return undefined;
  return wrap(0x30, valueOf(s, r), wrap(2, integer(P256_ORDER - number)));
}

/** One to three changes of structure, or of bytes, or both. */
export function mutateDer(specimen: DerSpecimen, random: Random): Uint8Array {
  if (random(4) === 0) return mutateBytes(specimen.bytes, random);
  const edits = new Map<Element, Uint8Array>();
  const wanted = weighted(random, [
    [7, 1],
    [2, 2],
    [1, 3],
  ]);
  for (let tries = 0; edits.size < wanted && tries < 50; tries++) {
    const element = pick(random, specimen.elements);
    const edit = weighted(random, EDITS)(specimen, random, element);
    if (edit) edits.set(element, edit);
  }
  const changed = encode(specimen, edits);
  return random(10) === 0 && changed.length > 0 ? mutateBytes(changed, random) : changed;
}
