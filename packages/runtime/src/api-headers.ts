/** draft-ietf-httpapi-ratelimit-headers-10, and what RFC 9110 has. */
export const HEADERS = {
  'RateLimit-Policy': 'Requests (`q`) in a window of `w` seconds, e.g. `"institution";q=6000;w=60`',
  RateLimit: 'Requests left (`r`) and seconds until the window ends (`t`)',
  'Retry-After': 'Seconds to wait',
} as const;
/** As references to the description's components. */
export const headerRefs = (...names: (keyof typeof HEADERS)[]) => ({
  headers: Object.fromEntries(
    names.map((name) => [name, { $ref: `#/components/headers/${name}` }]),
  ),
});
