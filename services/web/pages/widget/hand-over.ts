/** What a frame can do with the secret `open` gave it. */
export interface HandOver {
  /** A single-use address of the same ceremony as a full page. */
  address(): Promise<string>;
  outcome(): Promise<{
    authorization: string;
    outcome: 'running' | 'success' | 'declined' | 'lapsed' | 'failed';
  }>;
}

/** In memory only: with the frame it is gone. */
let current: HandOver | undefined;

export const currentHandOver = (): HandOver | undefined => current;

export function keepHandOver(
  secret: string,
  post: <T>(step: string, body: unknown) => Promise<T>,
): void {
  current = {
    address: async () => (await post<{ url: string }>('hand-over', { handOver: secret })).url,
    outcome: () => post('outcome', { handOver: secret }),
  };
}
