import { isDomainError } from '@mandate/core';

/** Runs a process's `main`; a failure to start is said in words, without a stack, and exits with 1. */
export async function runMain(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    const words = isDomainError(error)
      ? error.detail
      : String((error as Error | undefined)?.stack ?? error);
    process.stderr.write(`${words}\n`);
    process.exit(1);
  }
}

/** `file:/path` → `/path`; the configuration knows no other URL of keys. */
export function folderOfUrl(url: string): string {
  return url.slice('file:'.length).replace(/^\/\/(?=\/)/, '');
}
