import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { STAFF_ROLES } from '@mandate/core';
import { deskRoutes } from '@mandate/desk';
import { deskBrowser } from '../../kit/desk-people.js';
import { deskHouse, PLACES, rolesAt, type DeskHouse, type Who } from './desk-role-house.js';
import { SAMPLES, type Sent } from './desk-role-samples.js';

/**
 * The matrix: every route of the desk by every role at every place, on the running desk, and the table in
 * docs/desk-roles.md that is made from the same declarations. Routes come by themselves; see `SAMPLES` for what a new
 * one needs.
 */
let house: DeskHouse;
beforeAll(async () => {
  house = await deskHouse();
}, 180_000);
afterAll(() => house?.stop());

type Route = ReturnType<typeof deskRoutes>[number];
// Handlers are not called on these; only what the routes declare is read.
const absent: object = new Proxy({}, { get: () => absent });
const routes = deskRoutes(
  new Proxy(
    { deskUrl: 'http://localhost' },
    { get: (it, name) => Reflect.get(it, name) ?? absent },
  ) as never,
);
const staffed = routes.filter(({ auth }) => auth === 'staff');
const nameOf = ({ method, path }: Route): string => `${method.toUpperCase()} ${path}`;

const may = ({ roles = [] }: Route, { role }: Pick<Who, 'role'>): boolean =>
  roles === 'any' || roles.includes(role);

/** `200`, or `404 not-found`. */
function expected(route: Route, at: Pick<Who, 'role' | 'place'>): string {
  if (!may(route, at)) return '403 forbidden';
  const sample = SAMPLES[nameOf(route)]!;
  const good = Object.keys(route.responses)[0]!;
  const rule = at.place === 'other' && !sample.lists ? '404 not-found' : good;
  return sample.answers?.(at) ?? rule;
}

/** As the generated page says it. */
function page(): string {
  const places = {
    operator: 'operator’s own',
    own: 'own institution',
    other: 'another institution',
  };
  const cells = (route: Route): string[] =>
    STAFF_ROLES.map((role) => {
      const told = PLACES.filter((place) => rolesAt(place).includes(role)).map((place) =>
        expected(route, { role, place }),
      );
      const [first] = told;
      const same = told.every((it) => it === first);
      if (same && first === '403 forbidden') return '–';
      return same ? first! : told.join(' · ');
    });
  const open = routes.filter(({ auth }) => auth === 'none').map(nameOf);
  return [
    '# Who may do what at the desk',
    '',
    'Written by `node scripts/desk-roles.mjs` from the declared routes; a test drives every route as every role on a',
    'running desk and compares. In a cell: what people of that role get who are the operator’s own · of the institution',
    'whose case, letter or template it is · of another institution; one answer where all get the same. `–`: 403',
    '`forbidden`. Answers other than 2xx are those of the sample request of the test: of a grant, only who asked for it',
    'opens with it; some steps are out of their order there. Lists give each their own institution’s.',
    '',
    `Without a session: ${open.map((name) => `\`${name}\``).join(', ')}.`,
    '',
    `| Route | ${STAFF_ROLES.join(' | ')} |`,
    `| --- |${STAFF_ROLES.map(() => ' --- |').join('')}`,
    ...staffed.map((route) => `| \`${nameOf(route)}\` | ${cells(route).join(' | ')} |`),
    '',
    `Places: ${Object.values(places).join(' · ')}. \`custodian\` and \`operator\` are the operator’s own only.`,
    '',
  ].join('\n');
}

test('every route has a sample request, and stands there once', () => {
  const names = staffed.map(nameOf);
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  expect(names.filter((name) => !(name in SAMPLES))).toEqual([]);
  expect(Object.keys(SAMPLES).filter((name) => !names.includes(name))).toEqual([]);
  // Roles are said of every route that takes a session; nobody else's is open but the way in.
  expect(staffed.filter(({ roles }) => roles !== 'any' && !roles?.length)).toEqual([]);
  expect(routes.filter(({ auth }) => auth !== 'staff').every(({ tag }) => tag === 'sign-in')).toBe(
    true,
  );
});

test('docs/desk-roles.md is what the routes declare (node scripts/desk-roles.mjs writes it)', () => {
  const file = fileURLToPath(new URL('../../../docs/desk-roles.md', import.meta.url));
  if (process.env['WRITE_DESK_ROLES'] === '1') writeFileSync(file, page());
  expect(readFileSync(file, 'utf8')).toBe(page());
});

/** `npm test` drives every sixth route, which ones the seed says; `npm run test:desk` all of them. */
const full = process.env['TEST_FULL'] === '1' || process.env['WRITE_DESK_ROLES'] === '1';
const seed = Number(process.env['TEST_SEED'] ?? 20261122);
const driven = staffed.filter((_, i) => full || (i + seed) % 6 === 0);

test('every route answers every role at every place, strangers and foreign pages as the table says', async () => {
  const nobody = deskBrowser(house.api.deskUrl);
  const wrong: string[] = [];
  let asked = 0;
  // Whoever has signed out asks for nothing any more.
  const last = (route: Route) => Number(nameOf(route) === 'DELETE /desk/api/session');
  for (const route of driven.toSorted((a, b) => last(a) - last(b))) {
    const name = nameOf(route);
    const method = route.method.toUpperCase();
    const call = (go: Who['go'], sent: Sent, headers: object = {}) => {
      const path = route.path.replace(/\{(\w+)\}/g, (_, key: string) => sent.params?.[key] ?? key);
      asked += 1;
      return go(method, `${path}${sent.query ?? ''}`, sent.body, { ...sent.headers, ...headers });
    };
    const note = (who: string, found: string, should: string) => {
      if (found !== should) wrong.push(`${name} ${who}: ${found}, not ${should}`);
    };
    const answer = ({ status, json }: Awaited<ReturnType<Who['go']>>): string =>
      status < 300 ? String(status) : `${status} ${json?.code}`;
    note('stranger', answer(await call(nobody, {})), '401 session-ended');
    for (const who of house.everybody) {
      const should = expected(route, who);
      // Who has no business there is refused before anything is read.
      const sent = may(route, who) ? ((await SAMPLES[name]!.send?.(house, who)) ?? {}) : {};
      const got = await call(who.go, sent);
      note(`${who.role} ${who.place}`, answer(got), should);
      const shown = Buffer.from(got.bytes).toString('utf8');
      if (who.place === 'other' && got.status < 300)
        for (const secret of house.secrets)
          if (shown.includes(secret)) wrong.push(`${name} ${who.role} other: shows ${secret}`);
    }
    if (method === 'GET') continue;
    const foreign = house.everybody.find(
      ({ role }) => route.roles === 'any' || route.roles!.includes(role),
    )!;
    for (const headers of [
      { 'x-requested-with': '' },
      { origin: 'https://evil.example' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ])
      note(JSON.stringify(headers), answer(await call(foreign.go, {}, headers)), '403 forbidden');
  }
  expect(wrong).toEqual([]);
  const places = new Set(house.everybody.map(({ place }) => place)).size;
  const counts = { routes: driven.length, roles: STAFF_ROLES.length, places, answers: asked };
  if (process.env['TEST_MATRIX'])
    appendFileSync(process.env['TEST_MATRIX'], `${JSON.stringify(counts)}\n`);
  expect(asked).toBeGreaterThan(driven.length * house.everybody.length);
}, 400_000);
