import { connect } from 'node:net';
import { isDomainError, utf8 } from '@mandate/core';
import { openObjects, openQueue } from '@mandate/adapters';
import { fault, ok, reasonOf, skipped, warning, type Check } from './finding.js';

/** One small object with a fixed content, so that looking again leaves nothing more behind. */
const PROBE = { name: 'doctor/probe', bytes: utf8('mandate doctor\n') };

/** Writes, reads back, and is refused when it writes something else under the same name. */
export const checkObjects: Check = async ({ config }) => {
  try {
    const objects = await openObjects(config.objectsUrl);
    await objects.put(PROBE.name, PROBE.bytes);
    const back = await objects.get(PROBE.name);
    if (Buffer.compare(back, PROBE.bytes) !== 0)
      return [
        fault(
          'objects',
          'an object reads back differently',
          'check the storage; nothing is signed onto it',
        ),
      ];
    try {
      await objects.put(PROBE.name, utf8('something else\n'));
    } catch (error) {
      if (isDomainError(error, 'object-exists'))
        return [ok('objects', 'written, read back, and not overwritten')];
      throw error;
    }
    return [
      fault(
        'objects',
        'an object was overwritten: the store is not write-once',
        'use a file system without rewriting layers, or a bucket with Object Lock',
      ),
    ];
  } catch (error) {
    return [
      fault(
        'objects',
        `the store does not work: ${reasonOf(error)}`,
        'check OBJECTS_URL, that the folder exists, and that this user may write it',
      ),
    ];
  }
};

/** Connects and leaves; nothing is put into it. */
export const checkQueue: Check = async ({ config, ownerUrl }) => {
  const url = config.queueUrl === 'database:' ? ownerUrl : config.queueUrl;
  if (!url) return [skipped('queue', 'on the database, which does not run')];
  const lost: string[] = [];
  try {
    const queue = await openQueue(url, { log: (line) => lost.push(line) });
    await queue.close();
    return lost.length === 0
      ? [ok('queue', config.queueUrl === 'database:' ? 'on the database' : 'answers')]
      : [
          warning(
            'queue',
            lost[0]!.slice(0, 200),
            'Redis needs maxmemory-policy noeviction and AOF: infra/redis.conf',
          ),
        ];
  } catch (error) {
    return [
      fault(
        'queue',
        `does not answer: ${reasonOf(error)}`,
        'check QUEUE_URL; wake-ups wait in the outbox meanwhile and nothing is lost',
      ),
    ];
  }
};

const PORTS: Readonly<Record<string, number>> = { http: 80, https: 443, smpp: 2775, smpps: 3550 };

/** Whether the gateways can be reached; no message is sent. */
export const checkSms: Check = async ({ config }) => {
  if (config.smsUrl.startsWith('sandbox:'))
    return [
      config.production
        ? fault('sms', 'the sandbox shows codes on a page', 'set SMS_URL to a gateway')
        : ok('sms', 'sandbox: codes stand on the inbox page'),
    ];
  return Promise.all(
    config.smsUrl.split(',').map(async (text, index) => {
      const name = `gateway ${index + 1}`;
      const url = URL.canParse(text.trim()) ? new URL(text.trim()) : null;
      const scheme = url?.protocol.slice(0, -1) ?? '';
      const port = Number(url?.port) || PORTS[scheme] || 443;
      // vendors' own schemes name no host: their addresses are in the adapter
      if (!url?.hostname || !url.hostname.includes('.'))
        return skipped('sms', `${name} (${scheme}): no host in its URL to look for`);
      const problem = await reach(url.hostname, port);
      return problem
        ? fault(
            'sms',
            `${name} (${scheme}) cannot be reached: ${problem}`,
            'check host, port and firewall; codes go by the next gateway meanwhile, if there is one',
          )
        : ok('sms', `${name} (${scheme}) can be reached; no message was sent`);
    }),
  );
};

/** Null when the port takes connections; else why not. */
const reach = (host: string, port: number): Promise<string | null> =>
  new Promise((done) => {
    const socket = connect({ host, port });
    const finish = (result: string | null): void => {
      socket.destroy();
      done(result);
    };
    socket.setTimeout(5000, () => finish('no answer within 5 s'));
    socket.once('connect', () => finish(null));
    socket.once('error', (error) => finish((error as { code?: string }).code ?? 'refused'));
  });
