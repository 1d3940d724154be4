// `node scripts/links.mjs`: whether what the documents name is there (files, headings, npm scripts, commands of the
// `mandate` command) and the tree in docs/architecture.md has every folder. Exit 1 and one line for each that is not.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { isMain, ROOT } from './steps.mjs';

/** A file or folder of the repository, by its path in backticks. */
const PATH = /`((?:packages|services|scripts|test|docs|infra)\/[\w./-]+)`/g;

/** Lines about broken pointers of the documents in `root`; prints them and says whether there are none. */
export function reportLinks(root) {
  const scripts = Object.keys(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts);
  const commands = commandsOf(readFileSync(join(root, 'packages/cli/src/run-command.ts'), 'utf8'));
  const broken = documentsIn(root).flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    const faults = [
      ...brokenLinks(join(root, file), text),
      ...named(text, /npm run ([a-z][\w:-]*)/g)
        .filter((name) => !scripts.includes(name))
        .map((name) => `npm run ${name}`),
      ...named(text, /npx mandate ([a-z][\w-]*)/g)
        .filter((name) => !commands.includes(name))
        .map((name) => `npx mandate ${name}`),
      ...named(text, PATH).filter((path) => !existsSync(join(root, path))),
    ];
    return faults.map((fault) => `${file}: ${fault}`);
  });
  const tree = readFileSync(join(root, 'docs/architecture.md'), 'utf8').split('## Tree')[1];
  for (const folder of ['packages', 'services', 'test', 'packages/ceremony/src'])
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true }))
      if (entry.isDirectory() && !new RegExp(`(?<![\\w-])${entry.name}(?![\\w-])`).test(tree))
        broken.push(`docs/architecture.md: its tree has no ${folder}/${entry.name}`);
  for (const line of broken) console.error(line);
  return broken.length === 0;
}

/** Markdown of the repository, but what is installed, built or made. */
function documentsIn(root, folder = '') {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (!entry.isDirectory()) return path.endsWith('.md') ? [path] : [];
    return MADE.test(entry.name) ? [] : documentsIn(root, path);
  });
}
const MADE = /^(?:node_modules|dist|out|data|\..*)$/;

/** Links within the repository that lead nowhere: no file, or no heading of that name in it. */
export function brokenLinks(file, text) {
  const prose = text.replaceAll(/^```[^]*?^```$/gm, '').replaceAll(/`[^`\n]*`/g, '');
  return [
    ...named(prose, /\]\(([^()\s]+)\)/g),
    ...named(prose, /(?:src|href)="([^"]+)"/g),
    ...named(prose, /^\[[^\]]+\]: (\S+)$/gm),
  ]
    .filter((target) => !/^[a-z][a-z+.-]*:/i.test(target))
    .filter((target) => {
      const [path, heading] = target.split('#');
      const at = path ? resolve(dirname(file), decodeURIComponent(path)) : file;
      if (!existsSync(at)) return true;
      return heading !== undefined && !headingsOf(readFileSync(at, 'utf8')).includes(heading);
    });
}

/** As they are named in addresses. */
const headingsOf = (text) => {
  const seen = new Map();
  return [...text.replaceAll(/^```[^]*?^```$/gm, '').matchAll(/^#{1,6} (.+?)\s*#*$/gm)].map(
    ([, title]) => {
      const plain = title.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll(/[`*]/g, '');
      const name = plain
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
        .replaceAll(' ', '-');
      const times = seen.get(name) ?? 0;
      seen.set(name, times + 1);
      return times === 0 ? name : `${name}-${times}`;
    },
  );
};

const named = (text, pattern) => [...text.matchAll(pattern)].map(([, name]) => name);

const commandsOf = (source) => named(source, /^ {2}'?([a-z][\w-]*)'?: async \(\) =>/gm);

if (isMain(import.meta.url) && !reportLinks(ROOT)) process.exitCode = 1;
