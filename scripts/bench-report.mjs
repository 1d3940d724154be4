import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import './typescript.mjs';
import { ceremony } from './bench-signing.mjs';
import { publishedInstitution, startServer } from './bench-service.mjs';

/**
 * One batch of reports at the desk: `--count` authorizations (1,000) signed in whole ceremonies, always the same
 * subjects in the same order, one case, two approvers, one order; then the whole filing downloaded. Every service runs
 * in one process on embedded parts with fsync on, reports are drawn in its children. Memory is the most each process
 * had in use (VmRSS), looked at ten times a second.
 */
export async function bench({ args, say }) {
  const { values } = parseArgs({
    args,
    options: {
      json: { type: 'boolean' },
      count: { type: 'string', default: '1000' },
      depth: { type: 'string', default: 'full' },
    },
  });
  const count = Number(values.count);
  const dataDir = await mkdtemp(join(tmpdir(), 'mandate-bench-'));
  const deskUrl = `http://localhost:${await freePort()}`;
  const server = await startServer(dataDir, { DESK_PORT: new URL(deskUrl).port });
  const { deskPeople, deskPerson } = await import('../test/kit/desk-people.ts');
  const databaseUrl = (await readFile(join(dataDir, 'owner-url'), 'utf8')).trim();
  const people = await deskPeople({
    ...{ databaseUrl, folder: dataDir, clock: { now: () => new Date() } },
  });
  const memory = watchMemory(server.pid);
  try {
    const { api } = await publishedInstitution(dataDir, server.url);
    const began = performance.now();
    const letters = await signed(server.url, api, count);
    say(`signed: ${count} in ${seconds(began)} s`);

    const desk = await openedCase({ deskUrl, people, deskPerson }, letters);
    memory.forget();
    const from = performance.now();
    const { id } = await desk.order(values.depth);
    let job = await desk.job(id);
    for (let told = 0; job.state === 'running'; job = await desk.job(id)) {
      if (job.done >= told + count / 10) {
        told = job.done;
        say(`  ${job.done} of ${count} after ${seconds(from)} s`);
      }
      await sleep(500);
    }
    const took = (performance.now() - from) / 1000;
    if (job.state !== 'done' || job.done !== count) {
      const { items } = await desk.job(id, 0);
      const why = [...new Set(items.map((item) => item.why))].join(', ');
      throw new Error(`the job is ${job.state}, ${job.done} done, ${job.refused} refused: ${why}`);
    }
    const peaks = memory.peaks();
    say(
      `reports: ${(count / took).toFixed(2)} per second (${count} in ${took.toFixed(0)} s, sealed, ${values.depth})`,
    );
    say(
      `memory: ${Object.entries(peaks)
        .map(([name, mb]) => `${name} ${mb} MB`)
        .join(', ')}`,
    );

    memory.forget();
    const asked = performance.now();
    const bytes = await desk.download(id);
    say(
      `filing: ${(bytes / 1e6).toFixed(0)} MB in ${seconds(asked)} s, ${memory.peaks().server} MB in use`,
    );
    return {
      'report-batch-per-second': Number((count / took).toFixed(3)),
      'report-batch-server-megabytes': peaks.server,
      'report-batch-child-megabytes': peaks.child,
      'report-filing-megabytes-per-second': Number(
        (bytes / 1e3 / (performance.now() - asked)).toFixed(2),
      ),
    };
  } finally {
    memory.stop();
    await people.close();
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

const seconds = (from) => ((performance.now() - from) / 1000).toFixed(0);

/** Ids of as many released authorizations; what is refused for haste is tried again. */
async function signed(url, api, count) {
  const ids = [];
  let left = count;
  await Promise.all(
    Array.from({ length: 12 }, async () => {
      while (left-- > 0) {
        const { id } = await ceremony(url, api);
        ids.push(id);
      }
    }),
  );
  return ids;
}

/** A case about them, accepted, with a grant that two people agreed to. */
async function openedCase({ deskUrl, people, deskPerson }, letters) {
  const person = (roles) => deskPerson({ deskUrl, people }, roles);
  const officer = await person(['officer']);
  const approvers = [await person(['approver']), await person(['approver'])];
  const must = async (answer) => {
    const { status, json } = await answer;
    if (status >= 300) throw new Error(JSON.stringify(json));
    return json;
  };
  const opened = await must(
    officer.go('POST', '/desk/api/cases', {
      kind: 'court-request',
      authorizations: letters,
      texts: { applicant: 'bench' },
    }),
  );
  const at = `/desk/api/cases/${opened.id}`;
  const texts = { standing: 'court', legalBasis: '民事诉讼法 70', scope: 'all' };
  await must(
    approvers[0].go('POST', `${at}/steps`, { to: 'accepted', version: opened.version, texts }),
  );
  const grant = await must(
    officer.go('POST', `${at}/grants`, {
      legalBasis: '民事诉讼法 70',
      reason: 'bench',
      rights: ['view', 'download'],
      hours: 72,
      breakGlass: false,
    }),
  );
  for (const { agree } of approvers) await must(agree(grant.id));
  return {
    order: (depth) =>
      must(officer.go('POST', `${at}/report-jobs`, { grant: grant.id, languages: ['zh'], depth })),
    job: (id, after = 1000) =>
      must(officer.go('GET', `/desk/api/report-jobs/${id}?after=${after}`)),
    download: async (id) => {
      const { status, bytes } = await officer.go('POST', `/desk/api/report-jobs/${id}/filing`, {
        grant: grant.id,
      });
      if (status !== 200) throw new Error(`the filing: ${status}`);
      return bytes.length;
    },
  };
}

/** Megabytes each kind of process below `pid` had in use at most, since the last `forget`. */
function watchMemory(pid) {
  let peaks = {};
  const look = async () => {
    for (const { kind, resident } of (await processesBelow(pid)).values())
      peaks[kind] = Math.max(peaks[kind] ?? 0, resident);
  };
  let looking = false;
  const timer = setInterval(async () => {
    if (looking) return;
    looking = true;
    await look().catch(() => undefined);
    looking = false;
  }, 100);
  return {
    forget: () => (peaks = {}),
    peaks: () => ({ server: 0, child: 0, ...peaks }),
    stop: () => clearInterval(timer),
  };
}

async function processesBelow(root) {
  const all = new Map();
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const read = (file) => readFile(`/proc/${name}/${file}`, 'utf8').catch(() => '');
    const [status, line] = [await read('status'), await read('cmdline')];
    const parent = Number(/^PPid:\s+(\d+)/m.exec(status)?.[1]);
    const resident = Math.round(Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024);
    const kind = line.includes('report-child')
      ? 'child'
      : line.includes('postgres')
        ? 'database'
        : 'other';
    all.set(Number(name), { parent, resident, kind });
  }
  const below = (id) => id === root || (all.has(id) && below(all.get(id).parent));
  const found = new Map([...all].filter(([id]) => below(id)));
  if (found.has(root)) found.get(root).kind = 'server';
  return found;
}

const freePort = () =>
  new Promise((done, fail) => {
    const probe = createServer();
    probe.once('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
