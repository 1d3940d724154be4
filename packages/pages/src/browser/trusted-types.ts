interface TrustedTypesFactory {
  createPolicy(
    name: string,
    rules: { createScriptURL: (address: string) => string },
  ): { createScriptURL(address: string): unknown };
}

const factory = (globalThis as { trustedTypes?: TrustedTypesFactory }).trustedTypes;

/** Own built files only; where the browser knows Trusted Types, nothing else can become a worker. */
const policy = factory?.createPolicy('mandate-worker', {
  createScriptURL: (address) => {
    const url = new URL(address, location.origin);
    if (url.origin !== location.origin || !url.pathname.startsWith(import.meta.env.BASE_URL))
      throw new TypeError('not a script of this page');
    return url.href;
  },
});

/** The address of one of our own scripts, in the form that `new Worker` accepts under Trusted Types. */
export const scriptAddress = (address: string): unknown =>
  policy ? policy.createScriptURL(address) : address;
