// Writes services/web/api-examples.json: for each operation of the API a call that was made and answered while the
// API's tests ran. What is drawn or secret in it becomes a placeholder; a test holds the file against the schemas.
// `node scripts/api-examples.mjs` makes all of it anew, `-- test/integration/api/keys.test.ts` adds from that file
// what has no example yet, for a new route.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { ROOT, run } from './steps.mjs';

/** Longer lists and texts tell a reader nothing more. */
const ITEMS = 2;
const TEXT = 120;

await ensureBuilt();
const folder = mkdtempSync(join(tmpdir(), 'mandate-calls-'));
const only = process.argv.slice(2).filter((arg) => arg !== '--');
const FILE = join(ROOT, 'services/web/api-examples.json');
const kept = only.length > 0 && existsSync(FILE) ? JSON.parse(readFileSync(FILE, 'utf8')) : {};
await run(
  process.execPath,
  [
    ...['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
    ...[join(ROOT, 'node_modules/jest/bin/jest.js'), '--runInBand'],
    ...[
      'test/integration/client/description.test.ts',
      ...(only.length > 0 ? only : ['test/integration/api/']),
    ],
    `--setupFiles=${join(ROOT, 'test/kit/record-calls.ts')}`,
  ],
  { env: { NODE_ENV: 'test', RECORD_CALLS: folder } },
);

const calls = readdirSync(folder).flatMap((name) =>
  readFileSync(join(folder, name), 'utf8').trim().split('\n').filter(Boolean).map(JSON.parse),
);
rmSync(folder, { recursive: true });
const described = calls.find(({ pathname }) => pathname === '/openapi.json');
if (!described) throw new Error('nobody asked for /openapi.json');
const { paths } = JSON.parse(described.text);
const literalFirst = Object.keys(paths).sort((a, b) => a.split('{').length - b.split('{').length);
const patterns = literalFirst.map((path) => [
  path,
  new RegExp(`^${path.replace(/[.]/g, '\\.').replace(/\{\w+\}/g, '[^/]+')}$`),
]);

/** By what it was, so that the same id is the same placeholder. */
const ids = new Map();
const placeholder = (kind) => {
  const count = String(ids.size + 1).padStart(12, '0');
  return `${kind}_019b0000-0000-7000-8000-${count}`;
};
const neutral = (text) => {
  // bytes stay bytes, however many
  const end = /^[\w-]+$/.test(text) ? '' : '…';
  const short = text.length > TEXT ? text.slice(0, TEXT) + end : text;
  return short
    .replace(/\b([a-z]{3})_[0-9a-f]{8}-[0-9a-f-]{27}/g, (id, kind) => {
      if (!ids.has(id)) ids.set(id, placeholder(kind));
      return ids.get(id);
    })
    .replace(/^mk_[\w-]{43}$/, `mk_${'x'.repeat(43)}`)
    .replace(/^whsec_.*$/, `whsec_${'x'.repeat(32)}`)
    .replace(/#[\w.-]{20,}$/, `#${'x'.repeat(43)}`)
    .replace(/http:\/\/localhost:\d+/g, 'https://sign.example.com')
    .replace(/localhost:\d+/g, 'sign.example.com')
    .replace(/^20\d\d-\d\d-\d\dT(\d\d:\d\d:\d\d)(?:\.\d+)?Z$/, '2026-11-22T$1Z');
};
const tidy = (value) => {
  if (typeof value === 'string') return neutral(value);
  if (Array.isArray(value)) return value.slice(0, ITEMS).map(tidy);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, tidy(member)]));
};

const size = ({ text, request }) => text.length + request.length;
const examples = {};
for (const call of calls) {
  const path = patterns.find(([, pattern]) => pattern.test(call.pathname))?.[0];
  const name = `${call.method.toLowerCase()} ${path}`;
  if (!path || !paths[path][call.method.toLowerCase()]) continue;
  // the fullest of those that are no book: empty lists show nothing
  const better = (old) => !old || (size(call) > size(old) && size(call) < 20_000);
  if (better(examples[name])) examples[name] = call;
}
const exampleOf = ({ request, text }) => ({
  ...(request ? { request: tidy(JSON.parse(request)) } : {}),
  ...(text ? { response: tidy(JSON.parse(text)) } : {}),
});
const written = Object.fromEntries(
  Object.keys({ ...examples, ...kept })
    .filter((name) => paths[name.split(' ')[1]]?.[name.split(' ')[0]])
    .sort()
    .map((name) => [name, kept[name] ?? exampleOf(examples[name])]),
);
writeFileSync(FILE, `${JSON.stringify(written, null, 2)}\n`);
const all = Object.entries(paths).flatMap(([path, methods]) =>
  Object.keys(methods).map((method) => `${method} ${path}`),
);
console.log(`${Object.keys(written).length} operations of ${all.length} have an example; without:`);
for (const name of all) if (!written[name]) console.log(`  ${name}`);
