import { expect, test } from '@jest/globals';
import { DATABASE_ROLES } from '@mandate/core';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createLogin } from './migrate.js';

const folder = fileURLToPath(new URL('../migrations', import.meta.url));
const files = readdirSync(folder).sort();

test('migrations are numbered from 1 without a gap, and nothing else lies there', () => {
  files.forEach((name, i) =>
    expect(name).toMatch(new RegExp(`^${String(i + 1).padStart(4, '0')}-[a-z-]+\\.sql$`)),
  );
  expect(files.length).toBeGreaterThan(0);
});

// that none decides by the database's clock is checked with the layers
test('no statement draws by chance, and grants name known roles only', () => {
  for (const name of files) {
    const sql = readFileSync(`${folder}/${name}`, 'utf8').replace(/--.*$/gm, '');
    expect(sql).not.toMatch(/random\(\)/i);
    for (const [, role] of sql.matchAll(/mandate_([a-z]+)/g))
      expect(DATABASE_ROLES).toContain(role);
  }
});

test.each([
  [['root'], 'web_login'],
  [['web', 'web; DROP'], 'web_login'],
  [['web'], 'Robert"; DROP ROLE x'],
  [['web'], ''],
])('a login for %j named %j is refused before the database is asked', async (roles, name) => {
  await expect(
    createLogin('postgres://nobody@127.0.0.1:1/none', roles, name, 'p'),
  ).rejects.toMatchObject({ code: 'invalid-request' });
});
