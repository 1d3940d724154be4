import { DomainError } from '@mandate/core/errors';
import { OID } from './oids.js';
import type { Certificate } from './certificate.js';
import { bad } from './der-primitives.js';
import { readDer, TAG, type DerNode } from './der.js';
import {
  readGeneralName,
  readGeneralNames,
  type GeneralName,
  type GeneralNameKind,
} from './general-name.js';
import { covers, isWellFormedBase, isWellFormedName } from './name-subtrees.js';
import { typedExtension } from './typed-extension.js';

export interface NameConstraints {
  readonly permitted: readonly GeneralName[];
  readonly excluded: readonly GeneralName[];
}

/** Constraints a certificate puts on those below it, null if none (§4.2.1.10). Throws `format-der`. */
export const nameConstraintsOf = (certificate: Certificate): NameConstraints | null =>
  typedExtension(certificate, OID.nameConstraints, (node) => {
    const fields = node.fields();
    const permitted = readSubtrees(fields.optional(0xa0));
    const excluded = readSubtrees(fields.optional(0xa1));
    fields.end();
    if (!permitted && !excluded) bad('empty name constraints');
    return { permitted: permitted ?? [], excluded: excluded ?? [] };
  });

function readSubtrees(node: DerNode | undefined): GeneralName[] | null {
  if (!node) return null;
  if (node.children.length === 0) bad('empty subtrees');
  return node.children.map((subtree) => {
    const fields = subtree.fields();
    const base = readGeneralName(fields.next());
    // Other minimums and any maximum have no meaning in this profile (§4.2.1.10). An explicit
    // zero is the default written out.
    const minimum = fields.optional(0x80);
    if (minimum && minimum.as(TAG.integer).integer() !== 0n) bad('subtree with a minimum');
    if (fields.optional(0x81)) bad('subtree with a maximum');
    fields.end();
    if (!isWellFormedBase(base)) bad(`malformed ${base.kind} subtree`);
    return base;
  });
}

/** Subject alternative names, empty if none. Throws `format-der`. */
export const alternativeNamesOf = (certificate: Certificate): readonly GeneralName[] =>
  typedExtension(certificate, OID.subjectAltName, (node) =>
    readGeneralNames(node.expect(TAG.sequence)),
  ) ?? [];

/** Every name a constraint may bear upon: alternatives, a subject that is not empty, e-mail within it. */
function namesOf(certificate: Certificate): GeneralName[] {
  const names = [...alternativeNamesOf(certificate)];
  const subject = readDer(certificate.subjectDer).children;
  if (subject.length > 0) names.push({ kind: 'directory', name: certificate.subjectDer });
  // §4.2.1.10 asks for this where there is no alternative name; always is the safer reading.
  for (const attribute of subject.flatMap(({ children }) => children)) {
    const fields = attribute.fields();
    if (fields.next(TAG.oid).oid() === OID.emailAddress)
      names.push({ kind: 'email', value: fields.next().text() });
  }
  return names;
}

/** Comparisons a whole path may cost: thousands of names against thousands of subtrees are an attack. */
const WORK = 250_000;

type ByKind = Map<GeneralNameKind, readonly GeneralName[]>;

const byKind = (names: readonly GeneralName[]): ByKind => {
  const groups = new Map<GeneralNameKind, GeneralName[]>();
  for (const name of names) {
    const group = groups.get(name.kind);
    if (group) group.push(name);
    else groups.set(name.kind, [name]);
  }
  return groups;
};

/** The name space left open on the way down a path (§6.1.2 b–c, §6.1.4 g). */
export class NameSpace {
  /** A name must lie in a subtree of its kind of every layer that has that kind. */
  private readonly permitted: ByKind[] = [];
  private readonly excluded: ByKind[] = [];
  private work = WORK;

  /** Narrows by the constraints of an authority. */
  narrow({ permitted, excluded }: NameConstraints): void {
    if (permitted.length > 0) this.permitted.push(byKind(permitted));
    if (excluded.length > 0) this.excluded.push(byKind(excluded));
  }

  /** What is wrong with a certificate's names, or undefined. Throws `format-der`, `budget-exceeded`. */
  fault(certificate: Certificate): string | undefined {
    if (this.permitted.length + this.excluded.length === 0) return undefined;
    for (const name of namesOf(certificate)) {
      const fault = this.nameFault(name);
      if (fault) return fault;
    }
    return undefined;
  }

  private nameFault(name: GeneralName): string | undefined {
    const { kind } = name;
    // A mailbox beyond ASCII hides in an otherName; e-mail constraints bind it too (RFC 9598 §6).
    const mailbox = name.kind === 'other' && name.type === OID.smtpUtf8Mailbox;
    for (const layer of [...this.permitted, ...this.excluded]) {
      if (mailbox && layer.has('email')) return 'constrained mailbox cannot be judged';
      if (layer.has(kind) && !isWellFormedName(name)) return `${kind} name cannot be judged`;
    }
    for (const layer of this.permitted) {
      const bases = layer.get(kind);
      if (bases && !this.anyCovers(bases, name, false)) return `${kind} name is not permitted`;
    }
    for (const layer of this.excluded)
      if (this.anyCovers(layer.get(kind) ?? [], name, true)) return `${kind} name is excluded`;
    return undefined;
  }

  private anyCovers(bases: readonly GeneralName[], name: GeneralName, excluding: boolean): boolean {
    return bases.some((base) => {
      if (--this.work < 0) throw new DomainError('budget-exceeded', 'too many name constraints');
      return covers(base, name, excluding);
    });
  }
}
