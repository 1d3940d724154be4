import { isIPv4, isIPv6 } from 'node:net';

/**
 * As whom limits count a caller: an IPv4 address, or the first 64 bits of an IPv6 one. Of those every customer of
 * an access network has 2^64 addresses and more; counted one by one they would be as many callers.
 */
export function callerAddress({ ip = '' }: { readonly ip?: string | undefined }): string {
  const bare = ip.split('%')[0]!;
  if (!isIPv6(bare)) return ip;
  const groups = groupsOf(bare);
  const [a, b, c, d, e, f, g, h] = groups as [number, ...number[]];
  const mapped = [a, b, c, d, e].every((group) => group === 0) && f === 0xffff;
  if (mapped) return [g! >> 8, g! & 255, h! >> 8, h! & 255].join('.');
  return `${[a, b, c, d].map((group) => group!.toString(16)).join(':')}::/64`;
}

/** The eight groups of an IPv6 address in any of its spellings. */
function groupsOf(address: string): readonly number[] {
  const last = address.slice(address.lastIndexOf(':') + 1);
  const [w, x, y, z] = isIPv4(last) ? last.split('.').map(Number) : [];
  const text =
    w === undefined
      ? address
      : address.slice(0, -last.length) +
        `${((w << 8) | x!).toString(16)}:${((y! << 8) | z!).toString(16)}`;
  const [left, right] = text
    .split('::')
    .map((half) => half.split(':').filter((group) => group !== ''));
  const gap = right === undefined ? 0 : 8 - left!.length - right.length;
  return [...left!, ...Array<string>(gap).fill('0'), ...(right ?? [])].map((group) =>
    parseInt(group, 16),
  );
}
