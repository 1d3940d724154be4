/** What a check says when it holds, and when it does not. */
export interface Words {
  readonly zh: readonly [holds: string, fails: string];
  readonly en: readonly [holds: string, fails: string];
}

export const words = (
  zh: readonly [holds: string, fails: string],
  en: readonly [holds: string, fails: string],
): Words => ({ zh, en });
