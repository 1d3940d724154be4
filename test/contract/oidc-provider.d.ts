/** What the contract test uses of it; the package brings no types of its own. */
declare module 'oidc-provider' {
  export default class Provider {
    constructor(issuer: string, configuration: object);
    callback(): (request: unknown, response: unknown) => void;
    use(middleware: (context: { body: unknown }, next: () => Promise<void>) => Promise<void>): void;
  }
}
