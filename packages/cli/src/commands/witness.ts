import { createServer, type IncomingMessage } from 'node:http';
import { createWitnessKey, openWitnessFolder, openWitnessKey } from '@mandate/adapters';
import { cosign, parseVkey, vkey, type Witness } from '@mandate/ledger';
import { UsageError, type Command, type CommandIo, tell } from '../command.js';
import { parseOptions } from '../parse-options.js';
import { readTextInput } from '../read-limited.js';

/** A request is a proof of at most 63 hashes and a note. */
const MAX_BODY = 65_536;

/**
 * A witness for ledgers (C2SP tlog-witness), to be run by somebody else than the ledger's operator: it cosigns
 * heads that extend what it saw before. Needs no database; one folder remembers, one file is the key.
 */
export const witnessCommand: Command = {
  usage:
    'witness --name NAME --key FILE --init | witness --name NAME --key FILE --ledger FILE --state FOLDER [--listen [HOST:]PORT]',
  summary: 'make a witness’s key and print its verifier key, or cosign a ledger’s checkpoints',

  async run(args, io) {
    const options = parseOptions(args, ['name', 'key'], ['init'], ['ledger', 'state', 'listen']);
    const { name, key } = options as Record<string, string>;
    if (options['init']) {
      if (!(await createWitnessKey(key!))) throw new UsageError(`there is a key in ${key} already`);
      const made = vkey(name!, (await openWitnessKey(key!)).publicKey, 'cosignature');
      tell(io, { vkey: made }, [made]);
      return 0;
    }
    const [ledger, state] = [options['ledger'], options['state']];
    if (typeof ledger !== 'string' || typeof state !== 'string')
      throw new UsageError('--ledger and --state are needed, or --init');
    const store = await openWitnessFolder(state);
    try {
      const { publicKey, sign } = await openWitnessKey(key!);
      const now = () => io.clock.now();
      const ledgers = readLedgers(ledger);
      const witness: Witness = { name: name!, publicKey, sign, ledgers, store, now };
      await serve(witness, readListen(String(options['listen'] ?? '127.0.0.1:0')), io);
    } finally {
      await store.close();
    }
    return 0;
  },
};

function readLedgers(path: string): string[] {
  const text = readTextInput(path);
  const vkeys = text.split('\n').filter((line) => line.trim() !== '');
  if (vkeys.map(parseVkey).every(({ use }) => use !== 'signature'))
    throw new UsageError(`${path} holds no ledger’s verifier key`);
  return vkeys;
}

function readListen(text: string): { host: string; port: number } {
  const match = /^(?:(.+):)?(\d{1,5})$/.exec(text);
  if (!match || Number(match[2]) > 65_535) throw new UsageError('--listen is [HOST:]PORT');
  return { host: match[1] ?? '127.0.0.1', port: Number(match[2]) };
}

/** Until SIGTERM or SIGINT. */
async function serve(
  witness: Witness,
  at: { host: string; port: number },
  io: CommandIo,
): Promise<void> {
  const server = createServer({ requestTimeout: 10_000 }, (request, response) => {
    const answer = async () => {
      if (request.method !== 'POST' || request.url !== '/add-checkpoint')
        return response.writeHead(404).end();
      const body = await readBody(request);
      if (body === null) return response.writeHead(413).end();
      const { status, body: text } = await cosign(witness, body);
      const type = status === 409 ? 'text/x.tlog.size' : 'text/plain; charset=utf-8';
      io.err(`${witness.now().toISOString()} ${status} ${text.trim().slice(0, 60)}`);
      return response.writeHead(status, { 'Content-Type': type }).end(text);
    };
    answer().catch((error: unknown) => {
      io.err(`mandate: ${error instanceof Error ? error.message : 'failed'}`);
      response.writeHead(500).end();
    });
  });
  await new Promise<void>((done, failed) => {
    server.once('error', failed);
    server.listen(at.port, at.host, done);
  });
  const { port } = server.address() as { port: number };
  const own = vkey(witness.name, witness.publicKey, 'cosignature');
  const url = `http://${at.host}:${port}`;
  tell(io, { vkey: own, url }, [own, `listening on ${url}`]);
  await new Promise<void>((done) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => done());
  });
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
}

async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_BODY) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
