import { readFileSync, readdirSync, existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import { builtinModules } from 'node:module';
import { fileURLToPath } from 'node:url';
import * as rules from './boundary-rules.mjs';
import { blanked, importsOf } from './source-text.mjs';

/**
 * @typedef {{ path: string, text: string }} SourceFile path with `/`, from the root
 * @typedef {{ file: string, rule: string, message: string }} Violation
 */

/** Every file the rules speak about. @param {string} root @returns {SourceFile[]} */
export function readTree(root) {
  const files = [];
  const walk = (folder) => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = posix.join(folder, entry.name);
      if (entry.isDirectory()) {
        if (!['node_modules', 'dist', '.turbo'].includes(entry.name)) walk(path);
      } else if (/\.(ts|sql)$|(^|\/)(package|tsconfig)\.json$/.test(path)) {
        files.push({ path, text: readFileSync(join(root, path), 'utf8') });
      }
    }
  };
  for (const folder of ['packages', 'services']) if (existsSync(join(root, folder))) walk(folder);
  return files;
}

const isTest = (path) => /\.test\.ts$|\/testing\//.test(path);
const isSource = (path) => /^(packages|services)\/[^/]+\/(src|pages)\/.*\.ts$/.test(path);
const workspaceOf = (path) => path.split('/')[1];
const under = (path, prefixes) => prefixes.some((prefix) => path.startsWith(prefix));

/** `@scope/name/sub` → `@scope/name`. */
const packageOf = (from) =>
  from
    .split('/')
    .slice(0, from.startsWith('@') ? 2 : 1)
    .join('/');
const isBuiltin = (from) => from.startsWith('node:') || builtinModules.includes(from);
const ours = (from) => /^@mandate\/([^/]+)(?:\/(.+))?$/.exec(from);

/** All violations of the layer rules. @param {SourceFile[]} files @returns {Violation[]} */
export function findViolations(files) {
  const found = [];
  const report = (file, rule, message) => found.push({ file, rule, message });
  const sources = files.filter(({ path }) => isSource(path) && !isTest(path));
  for (const file of sources) {
    checkImports(file, report);
    checkUses(file, report);
    if (rules.FORBIDDEN_NAMES.test(file.path.replace(/^[^/]+\/[^/]+\//, '')))
      report(file.path, 'name', 'says nothing about what it holds');
    if (!/^[a-z0-9.-]+$/.test(posix.basename(file.path)))
      report(file.path, 'name', 'file names are kebab-case');
  }
  for (const { path, text } of files)
    for (const { rule, files: which, except, what, why } of rules.TEXT_RULES) {
      if (except?.includes(path)) continue;
      const code = path.endsWith('.sql')
        ? text.replace(/--.*$/gm, '')
        : blanked(text, { strings: false });
      if (which.test(path) && !isTest(path) && what.test(code)) report(path, rule, why);
    }
  checkBrowser(sources, report);
  checkManifests(files, report);
  return found;
}

function checkImports({ path, text }, report) {
  const name = workspaceOf(path);
  const allowed = rules.MAY_IMPORT[name];
  if (!allowed) return report(path, 'layer', `workspace ${name} stands in no layer`);
  for (const { from, names, typeOnly, line } of importsOf(text)) {
    const at = `${path}:${line}`;
    const own = ours(from);
    if (from.startsWith('.')) {
      const target = posix.join(posix.dirname(path), from);
      if (!target.startsWith(path.split('/').slice(0, 2).join('/') + '/'))
        report(at, 'layer', `reaches into another workspace: ${from}`);
    } else if (own) {
      const target = own[2] ? `${own[1]}/${own[2]}` : own[1];
      const fits = allowed.includes(own[1]) || allowed.includes(target);
      const typeFits = typeOnly && allowed.some((entry) => entry.split('/')[0] === own[1]);
      if (own[1] === name || !(fits || typeFits))
        report(at, 'layer', `${name} may not import ${from}`);
      const only = rules.RESTRICTED[own[1]];
      if (only && !under(path, only)) report(at, 'owner', `${from} belongs to ${only.join(', ')}`);
    } else if (isBuiltin(from)) {
      checkBuiltin(path, at, { from, names }, report);
    } else {
      const owners = rules.OWNERS[packageOf(from)];
      if (!owners)
        report(at, 'owner', `${packageOf(from)} has no owner; see scripts/boundary-rules.mjs`);
      else if (!under(path, owners))
        report(at, 'owner', `${packageOf(from)} belongs to ${owners.join(', ')}`);
    }
  }
}

function checkBuiltin(path, at, { from, names }, report) {
  const module = from.replace(/^node:/, '');
  if (!from.startsWith('node:')) report(at, 'builtin', `write node:${module}`);
  if (module === 'process') report(at, 'environment', 'only runtime/config reads the environment');
  const { names: keyNames, where } = rules.KEY_IMPORTS;
  if (module === 'crypto' && names.some((n) => keyNames.includes(n)) && !under(path, where))
    report(at, 'private-keys', 'signing belongs to sign, subject and adapters/keys');
}

function checkUses({ path, text }, report) {
  const code = blanked(text, { strings: true });
  for (const { rule, what, where, why } of rules.USES) {
    const match = what.exec(code);
    // a declaration says how somebody else exports
    if (!match || under(path, where) || path.endsWith('.d.ts')) continue;
    const line = code.slice(0, match.index).split('\n').length + /^\n*/.exec(match[0])[0].length;
    report(`${path}:${line}`, rule, why);
  }
}

/** Follows runtime imports from every browser entry point. */
function checkBrowser(sources, report) {
  const byPath = new Map(sources.map((file) => [file.path, file]));
  const seen = new Set();
  const visit = (path, entry) => {
    if (seen.has(path)) return;
    seen.add(path);
    const file = byPath.get(path);
    if (!file) return;
    for (const { from, typeOnly, line } of importsOf(file.text)) {
      if (typeOnly) continue;
      const own = ours(from);
      if (from.startsWith('.'))
        visit(posix.join(posix.dirname(path), from).replace(/\.js$/, '.ts'), entry);
      else if (own) visit(`packages/${own[1]}/src/${own[2] ?? 'index'}.ts`, entry);
      else if (!rules.BROWSER_LIBRARIES.includes(packageOf(from)))
        report(
          `${path}:${line}`,
          'browser',
          `${from} does not run in a browser (reached from ${entry})`,
        );
    }
  };
  for (const entry of rules.BROWSER_ENTRIES) visit(entry, entry);
  for (const { path } of sources) if (under(path, rules.BROWSER_FOLDERS)) visit(path, path);
}

/** package.json lists what is imported, tsconfig.json references what is ours; no more, no less. */
function checkManifests(files, report) {
  const text = (path) => files.find((file) => file.path === path)?.text;
  for (const { path } of files.filter((file) =>
    /^(packages|services)\/[^/]+\/package\.json$/.test(file.path),
  )) {
    const folder = posix.dirname(path);
    const manifest = JSON.parse(text(path));
    const listed = Object.keys({
      ...manifest.dependencies,
      ...manifest.optionalDependencies,
      ...manifest.peerDependencies,
    });
    const importedBy = (which) =>
      new Set(
        files
          .filter(
            (file) => isSource(file.path) && file.path.startsWith(`${folder}/`) && which(file.path),
          )
          .flatMap((file) => importsOf(file.text).map(({ from }) => from))
          .filter((from) => !from.startsWith('.') && !isBuiltin(from))
          .map(packageOf),
      );
    const needed = importedBy((file) => !isTest(file));
    const used = importedBy(() => true);
    for (const name of needed)
      if (!listed.includes(name))
        report(path, 'dependencies', `imports ${name} without listing it`);
    for (const name of listed)
      if (!used.has(name)) report(path, 'dependencies', `lists ${name} without importing it`);
    const config = text(`${folder}/tsconfig.json`);
    if (!config) continue;
    const referenced = (JSON.parse(config).references ?? []).map(({ path: to }) =>
      posix.basename(to),
    );
    for (const name of [...needed].map((from) => ours(from)?.[1]).filter(Boolean))
      if (!referenced.includes(name))
        report(`${folder}/tsconfig.json`, 'references', `lacks ${name}`);
    for (const name of referenced)
      if (!used.has(`@mandate/${name}`))
        report(`${folder}/tsconfig.json`, 'references', `${name} is not imported`);
  }
}

/** Longer than this is a hint to split, not a fault. */
export const LONG_FILE = 250;

/** @param {SourceFile[]} files */
export const longFiles = (files) =>
  files
    .filter(({ path }) => isSource(path) && !isTest(path))
    .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
    .filter(({ lines }) => lines > LONG_FILE);

/** Prints what breaks the rules. @returns {boolean} true when nothing does */
export function reportBoundaries(root) {
  const files = readTree(root);
  const violations = findViolations(files);
  for (const { file, rule, message } of violations) console.error(`${file}: ${rule}: ${message}`);
  for (const { path, lines } of longFiles(files)) console.log(`hint: ${path} has ${lines} lines`);
  return violations.length === 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = fileURLToPath(new URL('..', import.meta.url));
  if (!reportBoundaries(root)) process.exit(1);
}
