import { UsageError, type Command, tell } from '../command.js';
import { withInstallation } from '../installation.js';
import { parseOptions } from '../parse-options.js';

/** `mandate template list|show`: what is published, by whom, and under which rules. */
export const templateCommand: Command = {
  usage: 'template list [--institution ID] | template show ID VERSION',
  summary:
    'list template versions with author, approver and rule pack; print the body of one, as `mandate lint` reads it. They are written and published through the API, by two people',

  async run([action, ...args], io) {
    if (action === 'list') {
      const options = parseOptions(args, [], [], ['institution']);
      const rows = await withInstallation(({ administration }) =>
        administration.listTemplateVersions(options['institution'] as string | undefined),
      );
      const line = (row: (typeof rows)[number]): string =>
        [
          ...[row.id, row.institutionId, `${row.name} v${row.version}`, row.status.padEnd(9)],
          `by ${row.authors.join(', ')}`,
          ...(row.approver ? [`approved by ${row.approver}`, `rules ${row.lintPack}`] : []),
        ].join('  ');
      tell(io, { items: rows }, rows.map(line));
      return 0;
    }
    if (action !== 'show') throw new UsageError('template takes list or show');
    const [id, version, ...more] = args;
    if (!id || !version || !/^[1-9]\d{0,5}$/.test(version) || more.length > 0)
      throw new UsageError('template show takes an id and a version');
    const body = await withInstallation(({ administration }) =>
      administration.templateBody(id, Number(version)),
    );
    const value = JSON.parse(body) as object;
    tell(io, value, [JSON.stringify(value, null, 2)]);
    return 0;
  },
};
