import type { Express } from 'express';

/** Resolves when the part can do its work; rejects otherwise. */
export type HealthCheck = () => Promise<unknown>;

/**
 * How many of each thing somebody must look at, by name. They are no reason to take the process out of
 * service: that would only stop what could still be done.
 */
export type HealthWarnings = () => Readonly<Record<string, number>>;

const CHECK_MS = 2_000;

/**
 * `/healthz`: the process answers. `/readyz`: every named part does; 503 and its name otherwise.
 * Says which part failed, not why: the reason is in the part's own log line. `warnings` are shown as far as
 * there are any and change neither status nor code.
 */
export function mountHealth(
  app: Express,
  checks: Readonly<Record<string, HealthCheck>>,
  warnings?: HealthWarnings,
): void {
  app.get('/healthz', (_request, response) => {
    response.json({ status: 'ok' });
  });
  app.get('/readyz', async (_request, response) => {
    const names = Object.keys(checks);
    const passed = await Promise.all(names.map((name) => passes(checks[name]!)));
    const ready = !passed.includes(false);
    response.status(ready ? 200 : 503).json({
      status: ready ? 'ok' : 'failed',
      checks: Object.fromEntries(names.map((name, i) => [name, passed[i] ? 'ok' : 'failed'])),
      ...(warnings && { warnings: pending(warnings()) }),
    });
  });
}

const pending = (counts: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));

async function passes(check: HealthCheck): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((done) => {
    timer = setTimeout(() => done(false), CHECK_MS);
  });
  try {
    return await Promise.race([
      Promise.resolve()
        .then(check)
        .then(() => true),
      late,
    ]);
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}
