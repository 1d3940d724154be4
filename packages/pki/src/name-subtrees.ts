import { nameIsWithin } from './compare-names.js';
import type { GeneralName } from './general-name.js';

const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/i;
/** A host name in preferred syntax; underscores are seen in the wild and harm nothing here. */
const isHost = (text: string): boolean =>
  text.length <= 253 && text.split('.').every((label) => LABEL.test(label));
/** What RFC 5280 allows as the base of e-mail and URI subtrees: a host, or a domain with its dot. */
const isDomain = (text: string): boolean => isHost(text.startsWith('.') ? text.slice(1) : text);

/** A dot-string or a quoted string (RFC 5321 §4.1.2). */
const LOCAL = /^(?:[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*|"(?:[^"\\]|\\.)*")$/;

/** Local part and host of a mailbox `local@host`, null for anything else. */
function mailbox(text: string): { local: string; host: string } | null {
  const at = text.lastIndexOf('@');
  const [local, host] = [text.slice(0, at), text.slice(at + 1)];
  return at > 0 && LOCAL.test(local) && isHost(host) ? { local, host } : null;
}

/** Host of a URI with an authority part, null if there is none or it is an address. */
function uriHost(uri: string): string | null {
  const match = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?([^/?#:@[\]]+)(?::\d*)?(?:[/?#]|$)/i.exec(
    uri,
  );
  const host = match?.[1]?.replace(/\.$/, '');
  return host && isHost(host) && !/(?:^|\.)\d+$/.test(host) ? host : null;
}

/** A mask is ones, then zeros (RFC 4632). */
function isMask(octets: Uint8Array): boolean {
  const bits = [...octets].map((octet) => octet.toString(2).padStart(8, '0')).join('');
  return /^1*0*$/.test(bits);
}

/** True if a subtree's base is one this profile gives a meaning to (§4.2.1.10), or of a kind left alone. */
export function isWellFormedBase(base: GeneralName): boolean {
  switch (base.kind) {
    case 'email':
      return base.value === '' || mailbox(base.value) !== null || isDomain(base.value);
    case 'dns':
      return base.value === '' || isHost(base.value);
    case 'uri':
      return base.value === '' || isDomain(base.value);
    case 'ip': {
      const half = base.octets.length / 2;
      return (half === 4 || half === 16) && isMask(base.octets.subarray(half));
    }
    default:
      return true;
  }
}

/** True if a name can be compared with subtrees of its kind; what cannot must be refused under them. */
export function isWellFormedName(name: GeneralName): boolean {
  switch (name.kind) {
    case 'email':
      return mailbox(name.value) !== null;
    case 'dns':
      return isHost(name.value.replace(/^\*\./, ''));
    case 'uri':
      return uriHost(name.value) !== null;
    case 'ip':
      return name.octets.length === 4 || name.octets.length === 16;
    case 'directory':
      return true;
    default:
      return false;
  }
}

const endsWith = (host: string, suffix: string): boolean =>
  host.toLowerCase().endsWith(suffix.toLowerCase());
const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** `host` names that host alone, `.domain` every host below it. */
const inDomain = (host: string, base: string): boolean =>
  base === '' || (base.startsWith('.') ? endsWith(host, base) : same(host, base));

/** A DNS subtree is the name itself and all below it. */
function dnsCovers(base: string, name: string, excluding: boolean): boolean {
  if (base === '' || same(name, base) || endsWith(name, `.${base}`)) return true;
  // `*.a.b` also stands for an excluded `x.a.b`.
  return excluding && name.startsWith('*.') && same(base.replace(/^[^.]+/, '*'), name);
}

function emailCovers(base: string, name: string): boolean {
  const [own, wanted] = [mailbox(name)!, mailbox(base)];
  // Local parts are the host's business: compared exactly (§7.5).
  return wanted
    ? own.local === wanted.local && same(own.host, wanted.host)
    : inDomain(own.host, base);
}

function ipCovers(base: Uint8Array, octets: Uint8Array): boolean {
  const size = octets.length;
  if (base.length !== 2 * size) return false;
  return octets.every((octet, i) => ((octet ^ base[i]!) & base[size + i]!) === 0);
}

/**
 * True if a well-formed name lies in the subtree of a well-formed base of its kind. `excluding`
 * counts a wildcard that may stand for a name in the subtree.
 */
export function covers(base: GeneralName, name: GeneralName, excluding: boolean): boolean {
  if (base.kind === 'email' && name.kind === 'email') return emailCovers(base.value, name.value);
  if (base.kind === 'dns' && name.kind === 'dns')
    return dnsCovers(base.value, name.value, excluding);
  if (base.kind === 'uri' && name.kind === 'uri') return inDomain(uriHost(name.value)!, base.value);
  if (base.kind === 'ip' && name.kind === 'ip') return ipCovers(base.octets, name.octets);
  if (base.kind === 'directory' && name.kind === 'directory')
    return nameIsWithin(name.name, base.name);
  return false;
}
