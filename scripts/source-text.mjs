/** Reading TypeScript just well enough to know what it imports and which names it uses. */

/**
 * The text with comments blanked, and with strings blanked too when asked. Line breaks stay, so
 * that line numbers hold. Regular expressions are not understood: an odd quote inside one can hide
 * the rest of its line, never more, because strings end with their line.
 * @param {string} text
 * @param {{ strings: boolean }} blank
 */
export function blanked(text, blank) {
  const out = [...text];
  const erase = (from, to) => {
    for (let i = from; i < to && i < out.length; i++) if (out[i] !== '\n') out[i] = ' ';
  };
  for (let at = 0; at < text.length; at++) {
    const two = text.slice(at, at + 2);
    if (two === '//') {
      const end = endAt(text, '\n', at);
      erase(at, end);
      at = end;
    } else if (two === '/*') {
      const end = endAt(text, '*/', at + 2) + 2;
      erase(at, end);
      at = end - 1;
    } else if (text[at] === '"' || text[at] === "'") {
      const end = endOfString(text, at);
      if (blank.strings) erase(at + 1, end);
      at = end;
    } else if (text[at] === '`') {
      const end = endOfTemplate(text, at);
      if (blank.strings) eraseTemplate(text, at, end, erase);
      at = end;
    }
  }
  return out.join('');
}

const endAt = (text, mark, from) => {
  const found = text.indexOf(mark, from);
  return found < 0 ? text.length : found;
};

function endOfString(text, start) {
  const quote = text[start];
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === quote || text[at] === '\n') return at;
  }
  return text.length;
}

function endOfTemplate(text, start) {
  let depth = 0;
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text.startsWith('${', at)) depth++;
    else if (text[at] === '}' && depth > 0) depth--;
    else if (text[at] === '`' && depth === 0) return at;
  }
  return start; // a lone backtick, most likely inside a regular expression
}

/** Blanks a template's literal parts; what stands in `${…}` is code and stays. */
function eraseTemplate(text, start, end, erase) {
  let depth = 0;
  for (let at = start + 1; at < end; at++) {
    if (text.startsWith('${', at)) depth++;
    if (depth === 0) erase(at, at + 1);
    if (text[at] === '}' && depth > 0) depth--;
  }
}

/**
 * @typedef {{ from: string, names: string[], typeOnly: boolean, line: number }} Import
 * @param {string} text TypeScript source.
 * @returns {Import[]} static, side-effect and dynamic imports, re-exports, `require`.
 */
export function importsOf(text) {
  const code = blanked(text, { strings: false });
  const found = [];
  const add = (match, from, clause = '') => {
    found.push({
      from,
      names: namesIn(clause),
      typeOnly: /^\s*type\b/.test(clause) || onlyTypeNames(clause),
      line: code.slice(0, match.index).split('\n').length + leadingBreaks(match[0]),
    });
  };
  const statement =
    /(?:^|[;\n])\s*(?:import|export)\s+([^'"`;()]*?)\s*\bfrom\s*['"]([^'"\n]+)['"]/g;
  for (const match of code.matchAll(statement)) add(match, match[2], match[1]);
  for (const match of code.matchAll(/(?:^|[;\n])\s*import\s*['"]([^'"\n]+)['"]/g))
    add(match, match[1]);
  const call = /\b(?:import|require|require\.resolve|resolve)\(\s*['"]([^'"\n]+)['"]/g;
  for (const match of code.matchAll(call)) {
    const dynamic = /^(import|require)/.test(match[0]);
    // `createRequire(…).resolve('x')` needs x as much as an import does; other `resolve`s take paths
    if (dynamic || /^(@[a-z0-9-]+\/)?[a-z][a-z0-9.-]*(\/|$)/.test(match[1])) add(match, match[1]);
  }
  return found;
}

const leadingBreaks = (text) => /^[;\s]*/.exec(text)[0].split('\n').length - 1;

const namesIn = (clause) =>
  (/\{([^}]*)\}/.exec(clause)?.[1] ?? '')
    .split(',')
    .map(
      (part) =>
        part
          .trim()
          .replace(/^type\s+/, '')
          .split(/\s+as\s+/)[0],
    )
    .filter(Boolean);

const onlyTypeNames = (clause) => {
  const inner = /^\s*\{([^}]*)\}\s*$/.exec(clause)?.[1];
  const parts =
    inner
      ?.split(',')
      .map((part) => part.trim())
      .filter(Boolean) ?? [];
  return parts.length > 0 && parts.every((part) => part.startsWith('type '));
};
