import { inspectDatabase, type DatabaseInspection } from '@mandate/store';
import { fault, ok, reasonOf, skipped, warning, type Check, type Finding } from './finding.js';

const list = (names: readonly string[]): string =>
  names.length > 5 ? `${names.slice(0, 5).join('; ')}; ${names.length - 5} more` : names.join('; ');

/** Reachable, at this build's schema, with the roles and grants that keep duties apart. */
export const checkDatabase: Check = async ({ ownerUrl }) => {
  if (!ownerUrl)
    return [
      skipped('database', 'the embedded database does not run; start the service and look again'),
    ];
  let seen: DatabaseInspection;
  try {
    seen = await inspectDatabase(ownerUrl);
  } catch (error) {
    return [
      fault(
        'database',
        `does not answer: ${reasonOf(error)}`,
        'check DATABASE_URL, the network, and that PostgreSQL runs and takes connections',
      ),
    ];
  }
  return [
    ok('database', `PostgreSQL ${seen.server}`),
    ...migrationFindings(seen),
    ...grantFindings(seen),
  ];
};

function migrationFindings({ migrations }: DatabaseInspection): Finding[] {
  const { applied, pending, changed, unknown } = migrations;
  const findings: Finding[] = [];
  if (pending.length > 0)
    findings.push(
      fault(
        'migrations',
        `not applied: ${list(pending)}`,
        'run mandate set-up with the owner’s DATABASE_URL',
      ),
    );
  if (changed.length > 0)
    findings.push(
      fault(
        'migrations',
        `applied with another content: ${list(changed)}`,
        'applied files are never edited: restore them as released, or the database from before',
      ),
    );
  if (unknown.length > 0)
    findings.push(
      fault(
        'migrations',
        `of a newer build: ${list(unknown)}`,
        'run the build the database was brought to; going back needs a restored database',
      ),
    );
  return findings.length > 0 ? findings : [ok('migrations', `${applied} applied, none changed`)];
}

function grantFindings(seen: DatabaseInspection): Finding[] {
  const findings: Finding[] = [];
  if (seen.missingRoles.length > 0)
    findings.push(fault('roles', `missing: ${list(seen.missingRoles)}`, 'run mandate set-up'));
  if (seen.strongRoles.length > 0)
    findings.push(
      fault(
        'roles',
        `can do more than a role may: ${list(seen.strongRoles)}`,
        'ALTER ROLE … NOLOGIN NOSUPERUSER NOCREATEROLE NOBYPASSRLS; logins are members, not the roles themselves',
      ),
    );
  if (seen.mixedLogins.length > 0)
    findings.push(
      fault(
        'roles',
        `logins act as roles that must be apart: ${list(seen.mixedLogins)}`,
        'REVOKE the extra roles; make one login per process with mandate set-up login',
      ),
    );
  if (seen.grants.length > 0)
    findings.push(
      fault(
        'grants',
        `not as released: ${list(seen.grants)}`,
        'REVOKE what is too much, GRANT what is missing; find out who changed it and look at the ledger',
      ),
    );
  if (seen.disabledTriggers.length > 0)
    findings.push(
      fault(
        'rules',
        `switched off: ${list(seen.disabledTriggers)}`,
        'ALTER TABLE … ENABLE TRIGGER …; find out what was written meanwhile',
      ),
    );
  return findings.length > 0
    ? findings
    : seen.migrations.pending.length > 0
      ? [warning('grants', 'not compared before the schema is complete', 'run mandate set-up')]
      : [ok('grants', 'as released, all rules on')];
}
