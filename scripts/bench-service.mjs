import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { creditReportTemplate } from '@mandate/terms';
import { institutionClient, publishTemplate } from '../test/kit/ceremony-client.mjs';
import { ROOT } from './steps.mjs';

/** A server process of its own on embedded parts, with fsync on. */
export async function startServer(dataDir, env = {}) {
  const child = spawn(process.execPath, [join(ROOT, 'services/all/dist/main.js')], {
    env: {
      ...process.env,
      PORT: '0',
      DATA_DIR: dataDir,
      LOG_LEVEL: 'error',
      NODE_ENV: 'development',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await new Promise((done, fail) => {
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
      const match = /Start here\s+(\S+?)\/\n/.exec(text);
      if (match) done(match[1]);
    });
    child.once('exit', (code) => fail(new Error(`the server ended with ${code}`)));
  });
  return {
    url,
    pid: child.pid,
    stop: () =>
      new Promise((done) => {
        child.once('exit', done);
        child.kill('SIGTERM');
      }),
  };
}

/** An institution of that server with the sample template published; its key and its client. */
export async function publishedInstitution(dataDir, url) {
  const { id, apiKey } = await mandate(dataDir, [
    ...[
      'institution',
      'create',
      '--name',
      '量测信贷有限公司',
      '--credit-code',
      '91440300MA5EXAMP1F',
    ],
    ...['--contact', '400-000-0000', '--complaints', '400-000-0001', '--json'],
  ]);
  const reviewer = await mandate(dataDir, [
    ...['key', 'create', '--institution', id, '--name', 'reviewer'],
    ...['--scopes', 'templates:read,templates:approve', '--json'],
  ]);
  const api = institutionClient(url, apiKey);
  await publishTemplate(api, institutionClient(url, reviewer.apiKey), creditReportTemplate);
  return { api, apiKey, id };
}

/** The `mandate` command on that server's data. */
async function mandate(dataDir, args) {
  const child = spawn(process.execPath, [join(ROOT, 'packages/cli/bin/mandate.js'), ...args], {
    env: { ...process.env, DATA_DIR: dataDir },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  for await (const chunk of child.stdout) text += chunk;
  return JSON.parse(text);
}
