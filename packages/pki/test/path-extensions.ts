import * as pki from '../src/index.js';

const { der, OID } = pki;

/** Extensions only path validation looks at; ours carry none of them. */
export const policies = (...oids: string[]): Uint8Array =>
  pki.extension(
    OID.certificatePolicies,
    false,
    der.sequence(...oids.map((oid) => der.sequence(der.oid(oid)))),
  );

export const policyMappings = (...pairs: readonly (readonly [string, string])[]): Uint8Array =>
  pki.extension(
    OID.policyMappings,
    true,
    der.sequence(...pairs.map(([a, b]) => der.sequence(der.oid(a), der.oid(b)))),
  );

export const policyConstraints = (at: { explicit?: number; mapping?: number }): Uint8Array =>
  pki.extension(
    OID.policyConstraints,
    true,
    der.sequence(
      ...(at.explicit === undefined ? [] : [der.implicit(0, der.integer(at.explicit))]),
      ...(at.mapping === undefined ? [] : [der.implicit(1, der.integer(at.mapping))]),
    ),
  );

export const inhibitAnyPolicy = (after: number): Uint8Array =>
  pki.extension(OID.inhibitAnyPolicy, true, der.integer(after));

/** GeneralName. */
export const general = {
  email: (text: string): Uint8Array => der.implicit(1, der.ia5(text)),
  dns: (text: string): Uint8Array => der.implicit(2, der.ia5(text)),
  uri: (text: string): Uint8Array => der.implicit(6, der.ia5(text)),
  ip: (...octets: number[]): Uint8Array => der.implicit(7, der.octets(Uint8Array.from(octets))),
  directory: (name: Uint8Array): Uint8Array => der.context(4, name),
  registered: (oid: string): Uint8Array => der.implicit(8, der.oid(oid)),
  other: (oid: string, value: Uint8Array): Uint8Array =>
    der.context(0, der.oid(oid), der.context(0, value)),
};

export const alternativeNames = (...names: Uint8Array[]): Uint8Array =>
  pki.extension(OID.subjectAltName, false, der.sequence(...names));

export const nameConstraints = (limits: {
  permitted?: Uint8Array[];
  excluded?: Uint8Array[];
}): Uint8Array => {
  const subtrees = (tag: number, names?: Uint8Array[]): Uint8Array[] =>
    names ? [der.context(tag, ...names.map((name) => der.sequence(name)))] : [];
  return pki.extension(
    OID.nameConstraints,
    true,
    der.sequence(...subtrees(0, limits.permitted), ...subtrees(1, limits.excluded)),
  );
};

/** One distribution point, or the same without `issuer` as an issuing distribution point. */
export const distributionPoint = (p: {
  url?: string;
  reasons?: number[];
  issuer?: Uint8Array;
}): Uint8Array =>
  der.sequence(
    ...(p.url ? [der.context(0, der.context(0, general.uri(p.url)))] : []),
    ...(p.reasons ? [der.implicit(1, der.namedBits(p.reasons))] : []),
    ...(p.issuer ? [der.context(2, general.directory(p.issuer))] : []),
  );

export const distributionPoints = (...points: Uint8Array[]): Uint8Array =>
  pki.extension(OID.crlDistributionPoints, false, der.sequence(...points));

export const issuingPoint = (p: {
  url?: string;
  only?: 'users' | 'authorities' | 'attributes';
  reasons?: number[];
  indirect?: boolean;
}): Uint8Array => {
  const flag = (tag: number): Uint8Array => der.implicit(tag, der.boolean(true));
  return pki.extension(
    OID.issuingDistributionPoint,
    true,
    der.sequence(
      ...(p.url ? [der.context(0, der.context(0, general.uri(p.url)))] : []),
      ...(p.only === 'users' ? [flag(1)] : []),
      ...(p.only === 'authorities' ? [flag(2)] : []),
      ...(p.reasons ? [der.implicit(3, der.namedBits(p.reasons))] : []),
      ...(p.indirect ? [flag(4)] : []),
      ...(p.only === 'attributes' ? [flag(5)] : []),
    ),
  );
};
