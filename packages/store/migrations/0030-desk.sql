-- The disputes desk: who works there, how they come in, the cases they work on, and who may open whose data for a
-- case. Role vault is the door: it alone writes sessions and approvals, so whoever holds the desk's process or its
-- database role can neither be somebody else nor agree in somebody's place.

-- People -------------------------------------------------------------------------------------------
-- Accounts are the owner's, by command, with two people; the desk reads them.
CREATE TABLE staff (
  id                  text PRIMARY KEY,
  name                text NOT NULL CHECK (name <> ''),
  -- Of an institution: sees that institution only. Null: the operator's own.
  institution_id      text REFERENCES institutions,
  -- Of a contractor: marked, and limited in what roles it may hold.
  outsourced          boolean NOT NULL,
  opened_at           timestamptz NOT NULL,
  opened_by           text NOT NULL,
  approved_by         text NOT NULL,
  -- Where the signed undertaking of confidentiality is filed.
  opening_undertaking text NOT NULL CHECK (opening_undertaking <> ''),
  -- Quarterly review: role and place of work looked at again by somebody else.
  reviewed_at         timestamptz NOT NULL,
  reviewed_by         text NOT NULL,
  seen_at             timestamptz,
  closed_at           timestamptz,
  closed_by           text,
  closing_undertaking text CHECK (closing_undertaking <> ''),
  CONSTRAINT two_people CHECK (lower(btrim(approved_by)) <> lower(btrim(opened_by))),
  CONSTRAINT closed_whole CHECK ((closed_at IS NULL) = (closed_by IS NULL)),
  CONSTRAINT reviewed_by_another CHECK (reviewed_by <> id)
);
CREATE INDEX staff_of ON staff (institution_id);

-- Which roles there are, whether outsourced staff and staff of institutions may hold them.
CREATE TABLE staff_role_kinds (
  role                text PRIMARY KEY,
  for_outsourced      boolean NOT NULL,
  for_institutions    boolean NOT NULL
);
INSERT INTO staff_role_kinds VALUES
  ('officer', true, true),
  ('approver', false, true),
  ('auditor', false, true),
  ('template-author', true, true),
  ('template-approver', false, true),
  ('custodian', false, false),
  ('operator', false, false);
-- What one person never holds at the same time.
CREATE TABLE staff_roles_apart (
  role  text NOT NULL REFERENCES staff_role_kinds,
  other text NOT NULL REFERENCES staff_role_kinds,
  PRIMARY KEY (role, other)
);
INSERT INTO staff_roles_apart
  SELECT a, b FROM (VALUES
    ('template-author', 'template-approver'), ('officer', 'approver'), ('operator', 'auditor'),
    ('operator', 'officer'), ('operator', 'approver'), ('auditor', 'officer'), ('auditor', 'approver')) p(a, b)
  UNION ALL SELECT b, a FROM (VALUES
    ('template-author', 'template-approver'), ('officer', 'approver'), ('operator', 'auditor'),
    ('operator', 'officer'), ('operator', 'approver'), ('auditor', 'officer'), ('auditor', 'approver')) p(a, b);

CREATE TABLE staff_roles (
  staff_id    text NOT NULL REFERENCES staff,
  role        text NOT NULL REFERENCES staff_role_kinds,
  given_at    timestamptz NOT NULL,
  given_by    text NOT NULL,
  approved_by text NOT NULL,
  ended_at    timestamptz,
  ended_by    text,
  PRIMARY KEY (staff_id, role, given_at),
  CONSTRAINT two_people CHECK (lower(btrim(approved_by)) <> lower(btrim(given_by))),
  CONSTRAINT ended_whole CHECK ((ended_at IS NULL) = (ended_by IS NULL))
);
CREATE UNIQUE INDEX staff_roles_held ON staff_roles (staff_id, role) WHERE ended_at IS NULL;

CREATE FUNCTION check_staff_role() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  person staff;
BEGIN
  -- Roles of one person are given by turns.
  SELECT * INTO person FROM staff WHERE id = NEW.staff_id FOR UPDATE;
  IF TG_OP = 'UPDATE' THEN
    IF OLD.ended_at IS NOT NULL OR NEW.ended_at IS NULL
       OR to_jsonb(NEW) - ARRAY['ended_at', 'ended_by'] IS DISTINCT FROM to_jsonb(OLD) - ARRAY['ended_at', 'ended_by'] THEN
      RAISE EXCEPTION 'a role ends, once, and nothing else' USING ERRCODE = 'MA001';
    END IF;
    RETURN NEW;
  END IF;
  IF NEW.ended_at IS NOT NULL OR person.closed_at IS NOT NULL OR NEW.given_by = NEW.staff_id
     OR NEW.approved_by = NEW.staff_id
     OR NOT EXISTS (SELECT 1 FROM staff_role_kinds k WHERE k.role = NEW.role
                    AND (k.for_outsourced OR NOT person.outsourced)
                    AND (k.for_institutions OR person.institution_id IS NULL))
     OR EXISTS (SELECT 1 FROM staff_roles r JOIN staff_roles_apart a ON a.role = NEW.role AND a.other = r.role
                WHERE r.staff_id = NEW.staff_id AND r.ended_at IS NULL) THEN
    RAISE EXCEPTION 'this person may not hold this role' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER staff_role_allowed BEFORE INSERT OR UPDATE ON staff_roles
  FOR EACH ROW EXECUTE FUNCTION check_staff_role();

-- How they come in: an identity provider's subject, or passkeys of their own after a one-time invitation.
CREATE TABLE staff_logins (
  issuer   text NOT NULL,
  subject  text NOT NULL,
  staff_id text NOT NULL REFERENCES staff,
  made_at  timestamptz NOT NULL,
  PRIMARY KEY (issuer, subject)
);
CREATE TABLE staff_invitations (
  id            text PRIMARY KEY,
  staff_id      text NOT NULL REFERENCES staff,
  secret_digest bytea NOT NULL UNIQUE,
  made_at       timestamptz NOT NULL,
  ends_at       timestamptz NOT NULL CHECK (ends_at <= made_at + interval '3 days'),
  used_at       timestamptz
);
CREATE TABLE staff_passkeys (
  credential_id bytea PRIMARY KEY,
  staff_id      text NOT NULL REFERENCES staff,
  -- Which invitation or recovery code opened the way for it.
  by_way_of     text NOT NULL,
  -- COSE_Key (RFC 9052), as the authenticator gave it.
  public_key    bytea NOT NULL,
  counter       bigint NOT NULL CHECK (counter >= 0),
  made_at       timestamptz NOT NULL,
  ended_at      timestamptz
);
CREATE INDEX staff_passkeys_of ON staff_passkeys (staff_id);
CREATE TABLE staff_recovery_codes (
  digest   bytea PRIMARY KEY,
  staff_id text NOT NULL REFERENCES staff,
  made_at  timestamptz NOT NULL,
  used_at  timestamptz
);
CREATE INDEX staff_recovery_codes_of ON staff_recovery_codes (staff_id);
-- One try to come in: what must be answered, once, within minutes.
CREATE TABLE staff_sign_ins (
  id            text PRIMARY KEY,
  means         text NOT NULL CHECK (means IN ('passkey', 'oidc', 'enrolment')),
  -- WebAuthn challenge, or nonce of the ID token.
  challenge     bytea NOT NULL UNIQUE,
  -- Of the cookie that began it: nobody finishes another's.
  secret_digest bytea NOT NULL,
  staff_id      text REFERENCES staff,
  made_at       timestamptz NOT NULL,
  ends_at       timestamptz NOT NULL CHECK (ends_at <= made_at + interval '10 minutes'),
  used_at       timestamptz
);
CREATE INDEX staff_sign_ins_old ON staff_sign_ins (ends_at);

CREATE TABLE staff_sessions (
  id            text PRIMARY KEY,
  staff_id      text NOT NULL REFERENCES staff,
  secret_digest bytea NOT NULL UNIQUE,
  means         text NOT NULL CHECK (means IN ('passkey', 'oidc', 'recovery-code')),
  opened_at     timestamptz NOT NULL,
  -- At most a working day; idle for half an hour ends it sooner.
  ends_at       timestamptz NOT NULL CHECK (ends_at <= opened_at + interval '12 hours'),
  seen_at       timestamptz NOT NULL,
  ended_at      timestamptz
);
CREATE INDEX staff_sessions_of ON staff_sessions (staff_id) WHERE ended_at IS NULL;

-- Why somebody may not work now; null when they may. THE predicate: sessions, approvals and openings ask here.
CREATE FUNCTION staff_refusal(p_staff text, p_at timestamptz) RETURNS text LANGUAGE sql STABLE
  SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT CASE
    WHEN s.id IS NULL OR s.closed_at <= p_at THEN 'account-closed'
    -- 90 days away, or a review that is two weeks late after its quarter.
    WHEN greatest(s.seen_at, s.opened_at, s.reviewed_at) < p_at - interval '90 days' THEN 'account-dormant'
    WHEN s.reviewed_at < p_at - interval '106 days' THEN 'review-overdue'
  END
  FROM (SELECT p_staff AS asked) a LEFT JOIN staff s ON s.id = a.asked
$$;

-- A session that is good at that moment.
CREATE FUNCTION live_session(p_digest bytea, p_at timestamptz)
  RETURNS TABLE (session_id text, staff_id text, institution_id text, means text) LANGUAGE sql STABLE
  SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT x.id, x.staff_id, s.institution_id, x.means
  FROM staff_sessions x JOIN staff s ON s.id = x.staff_id
  WHERE x.secret_digest = p_digest AND x.ended_at IS NULL AND p_at < x.ends_at
    AND x.seen_at > p_at - interval '30 minutes' AND staff_refusal(x.staff_id, p_at) IS NULL
$$;

-- Whoever leaves is out at that moment.
CREATE FUNCTION end_staff() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF OLD.closed_at IS NOT NULL AND NEW.closed_at IS DISTINCT FROM OLD.closed_at THEN
    RAISE EXCEPTION 'an account is closed once' USING ERRCODE = 'MA001';
  END IF;
  IF NEW.closed_at IS NOT NULL AND OLD.closed_at IS NULL THEN
    UPDATE staff_sessions SET ended_at = NEW.closed_at WHERE staff_id = NEW.id AND ended_at IS NULL;
    UPDATE staff_passkeys SET ended_at = NEW.closed_at WHERE staff_id = NEW.id AND ended_at IS NULL;
    UPDATE staff_invitations SET used_at = NEW.closed_at WHERE staff_id = NEW.id AND used_at IS NULL;
    UPDATE staff_recovery_codes SET used_at = NEW.closed_at WHERE staff_id = NEW.id AND used_at IS NULL;
    UPDATE staff_roles SET ended_at = NEW.closed_at, ended_by = NEW.closed_by
      WHERE staff_id = NEW.id AND ended_at IS NULL;
  END IF;
  RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION end_staff() FROM PUBLIC;
CREATE TRIGGER staff_leaves BEFORE UPDATE ON staff FOR EACH ROW EXECUTE FUNCTION end_staff();

GRANT SELECT ON staff, staff_roles, staff_role_kinds, staff_roles_apart TO mandate_desk, mandate_vault;
GRANT UPDATE (seen_at) ON staff TO mandate_vault;
GRANT SELECT ON staff_logins, staff_invitations, staff_passkeys, staff_recovery_codes TO mandate_vault;
GRANT UPDATE (used_at) ON staff_invitations, staff_recovery_codes TO mandate_vault;
GRANT INSERT, UPDATE (counter, ended_at) ON staff_passkeys TO mandate_vault;
GRANT INSERT ON staff_recovery_codes TO mandate_vault;
GRANT SELECT, INSERT, UPDATE (used_at), DELETE ON staff_sign_ins TO mandate_vault;
GRANT SELECT, INSERT, UPDATE (seen_at, ended_at) ON staff_sessions TO mandate_vault;

-- Cases ---------------------------------------------------------------------------------------------
-- THE table of how long an answer may take, and by which rule; `received` cases are only passed on and watched.
CREATE TABLE case_kinds (
  kind           text PRIMARY KEY,
  days           integer NOT NULL CHECK (days > 0),
  -- By how much a decision with reasons may lengthen it, once.
  extension_days integer NOT NULL CHECK (extension_days >= 0),
  basis          text NOT NULL CHECK (basis <> '')
);
INSERT INTO case_kinds VALUES
  ('subject-dispute', 20, 0, '征信业管理条例 25'),
  ('credit-data-objection', 20, 0, '征信业管理条例 25'),
  ('consumer-complaint', 15, 30, '银行业保险业消费投诉处理管理办法 17'),
  ('consumer-complaint-complex', 30, 30, '银行业保险业消费投诉处理管理办法 17'),
  ('regulator-complaint', 30, 0, '征信业管理条例 26'),
  ('court-request', 15, 0, '民事诉讼法 70'),
  ('internal-review', 30, 30, 'GB/T 39321');

CREATE TABLE cases (
  id               text PRIMARY KEY,
  -- For people: C-2026-000123.
  number           text NOT NULL UNIQUE,
  kind             text NOT NULL REFERENCES case_kinds,
  authorization_id text NOT NULL REFERENCES authorizations,
  institution_id   text NOT NULL REFERENCES institutions,
  -- The dispute it is about, where the subject opened one.
  hold_id          text UNIQUE REFERENCES holds,
  opened_by        text NOT NULL CHECK (opened_by ~ '^(staff:stf_|own:own_|institution:ins_)'),
  opened_at        timestamptz NOT NULL,
  due_at           timestamptz NOT NULL CHECK (due_at > opened_at),
  extended_at      timestamptz,
  step             text NOT NULL,
  version          integer NOT NULL,
  head             text NOT NULL
);
CREATE INDEX cases_of ON cases (authorization_id);
CREATE INDEX cases_open ON cases (due_at) WHERE step NOT IN ('closed', 'rejected');
CREATE SEQUENCE case_numbers;

-- GB/T 39321: apply, accept, extract, verify, certify.
CREATE TABLE case_steps (
  from_step text NOT NULL,
  to_step   text NOT NULL,
  PRIMARY KEY (from_step, to_step)
);
INSERT INTO case_steps VALUES
  ('applied', 'accepted'), ('applied', 'rejected'), ('accepted', 'extracted'), ('extracted', 'verified'),
  ('verified', 'certified'), ('verified', 'extracted'), ('certified', 'closed'), ('accepted', 'closed'),
  ('accepted', 'rejected');

-- What was done in a case and by whom, in a chain; free text of people lies under the case's box.
CREATE TABLE case_events (
  case_id  text NOT NULL REFERENCES cases DEFERRABLE INITIALLY DEFERRED,
  version  integer NOT NULL,
  type     text NOT NULL,
  body     text NOT NULL,
  digest   text NOT NULL,
  previous text NOT NULL,
  PRIMARY KEY (case_id, version)
);
-- Applicant, standing, notes, decision: personal data, under the data key of the authorization.
CREATE TABLE case_boxes (
  case_id text NOT NULL,
  version integer NOT NULL,
  box     bytea NOT NULL,
  PRIMARY KEY (case_id, version),
  FOREIGN KEY (case_id, version) REFERENCES case_events DEFERRABLE INITIALLY DEFERRED
);

CREATE FUNCTION check_case_event() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  body jsonb := NEW.body::jsonb;
  last_digest text := repeat('0', 64);
BEGIN
  IF NEW.version > 1 THEN
    SELECT digest INTO last_digest FROM case_events WHERE case_id = NEW.case_id AND version = NEW.version - 1;
  END IF;
  IF last_digest IS NULL OR NEW.previous <> last_digest
     OR (body->>'previous') IS DISTINCT FROM NEW.previous
     OR (body->>'case') IS DISTINCT FROM NEW.case_id
     OR (body->>'version') IS DISTINCT FROM NEW.version::text
     OR (body->>'type') IS DISTINCT FROM NEW.type
     OR NEW.digest <> encode(sha256(convert_to('mandate/case-event/v1' || chr(10) || NEW.body, 'UTF8')), 'hex') THEN
    RAISE EXCEPTION 'event does not continue its case' USING ERRCODE = 'MA002';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER case_event_continues BEFORE INSERT ON case_events
  FOR EACH ROW EXECUTE FUNCTION check_case_event();

CREATE FUNCTION check_case() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  clock case_kinds;
BEGIN
  SELECT * INTO clock FROM case_kinds WHERE kind = NEW.kind;
  IF TG_OP = 'INSERT' THEN
    IF NEW.step <> 'applied' OR NEW.version <> 1 OR NEW.extended_at IS NOT NULL
       OR NEW.due_at <> NEW.opened_at + make_interval(days => clock.days)
       OR NOT EXISTS (SELECT 1 FROM authorizations a
                      WHERE a.id = NEW.authorization_id AND a.institution_id = NEW.institution_id) THEN
      RAISE EXCEPTION 'a case begins as applied, under its own clock' USING ERRCODE = 'MA001';
    END IF;
    RETURN NEW;
  END IF;
  IF (NEW.id, NEW.number, NEW.kind, NEW.authorization_id, NEW.institution_id, NEW.hold_id, NEW.opened_by, NEW.opened_at)
       IS DISTINCT FROM
     (OLD.id, OLD.number, OLD.kind, OLD.authorization_id, OLD.institution_id, OLD.hold_id, OLD.opened_by, OLD.opened_at)
     OR NEW.version <> OLD.version + 1
     OR (NEW.step <> OLD.step
         AND NOT EXISTS (SELECT 1 FROM case_steps s WHERE s.from_step = OLD.step AND s.to_step = NEW.step))
     OR ((NEW.due_at, NEW.extended_at) IS DISTINCT FROM (OLD.due_at, OLD.extended_at)
         AND (OLD.extended_at IS NOT NULL OR NEW.extended_at IS NULL OR clock.extension_days = 0
              OR NEW.due_at <> OLD.due_at + make_interval(days => clock.extension_days))) THEN
    RAISE EXCEPTION 'not a step of this case' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER case_steps_only BEFORE INSERT OR UPDATE ON cases FOR EACH ROW EXECUTE FUNCTION check_case();

CREATE FUNCTION check_case_head() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM cases c JOIN case_events e ON e.case_id = c.id AND e.version = c.version
                 WHERE c.id = NEW.id AND c.head = e.digest AND c.step = e.body::jsonb->>'step') THEN
    RAISE EXCEPTION 'case and its events say different things' USING ERRCODE = 'MA002';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER case_head AFTER INSERT OR UPDATE ON cases
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_case_head();

GRANT SELECT ON case_kinds, case_steps TO mandate_desk, mandate_web, mandate_vault;
GRANT SELECT, INSERT, UPDATE (step, version, head, due_at, extended_at) ON cases TO mandate_desk;
GRANT SELECT, INSERT ON case_events, case_boxes TO mandate_desk;
GRANT SELECT ON cases TO mandate_vault;
GRANT USAGE ON SEQUENCE case_numbers TO mandate_desk;

-- Grants --------------------------------------------------------------------------------------------
CREATE TABLE grants (
  id               text PRIMARY KEY,
  case_id          text NOT NULL REFERENCES cases,
  authorization_id text NOT NULL REFERENCES authorizations,
  requester        text NOT NULL REFERENCES staff,
  -- Legal basis and reason as given; no personal data.
  legal_basis      text NOT NULL CHECK (legal_basis <> ''),
  reason           text NOT NULL CHECK (reason <> ''),
  rights           text[] NOT NULL CHECK (cardinality(rights) > 0 AND rights <@ ARRAY['view', 'download', 'print']),
  -- Three people instead of two, no accepted case needed, and everybody is told.
  break_glass      boolean NOT NULL,
  asked_at         timestamptz NOT NULL,
  -- How long it is good once it is agreed to.
  hours            integer NOT NULL CHECK (hours BETWEEN 1 AND 72),
  revoked_at       timestamptz,
  revoked_by       text
);
CREATE INDEX grants_of ON grants (case_id);
CREATE INDEX grants_by ON grants (requester);
CREATE TABLE grant_approvals (
  grant_id   text NOT NULL REFERENCES grants,
  staff_id   text NOT NULL REFERENCES staff,
  session_id text NOT NULL REFERENCES staff_sessions,
  at         timestamptz NOT NULL,
  PRIMARY KEY (grant_id, staff_id)
);

-- Who may agree to what: another person than the requester, with a role for it, of the same institution or the
-- operator's own; breaking the glass also takes somebody who keeps keys.
CREATE FUNCTION check_grant() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  held cases;
BEGIN
  SELECT * INTO held FROM cases WHERE id = NEW.case_id;
  IF TG_OP = 'UPDATE' THEN
    IF OLD.revoked_at IS NOT NULL OR NEW.revoked_at IS NULL
       OR to_jsonb(NEW) - ARRAY['revoked_at', 'revoked_by'] IS DISTINCT FROM to_jsonb(OLD) - ARRAY['revoked_at', 'revoked_by'] THEN
      RAISE EXCEPTION 'a grant is revoked, once, and nothing else' USING ERRCODE = 'MA001';
    END IF;
    RETURN NEW;
  END IF;
  IF NEW.revoked_at IS NOT NULL OR held.authorization_id IS DISTINCT FROM NEW.authorization_id
     OR held.step IN ('closed', 'rejected') OR (held.step = 'applied' AND NOT NEW.break_glass)
     OR staff_refusal(NEW.requester, NEW.asked_at) IS NOT NULL
     OR NOT EXISTS (SELECT 1 FROM staff s JOIN staff_roles r ON r.staff_id = s.id
                    WHERE s.id = NEW.requester AND r.role = 'officer' AND r.ended_at IS NULL
                      AND (s.institution_id IS NULL OR s.institution_id = held.institution_id)) THEN
    RAISE EXCEPTION 'this person may not ask for this' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER grant_askable BEFORE INSERT OR UPDATE ON grants FOR EACH ROW EXECUTE FUNCTION check_grant();

CREATE FUNCTION check_grant_approval() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  asked grants;
BEGIN
  SELECT * INTO asked FROM grants WHERE id = NEW.grant_id FOR UPDATE;
  IF asked.id IS NULL OR asked.requester = NEW.staff_id OR asked.revoked_at IS NOT NULL OR NEW.at < asked.asked_at
     OR NEW.at > asked.asked_at + interval '7 days'
     OR staff_refusal(NEW.staff_id, NEW.at) IS NOT NULL OR staff_refusal(asked.requester, NEW.at) IS NOT NULL
     OR NOT EXISTS (SELECT 1 FROM staff_sessions x WHERE x.id = NEW.session_id AND x.staff_id = NEW.staff_id
                    AND x.ended_at IS NULL AND NEW.at < x.ends_at)
     OR NOT EXISTS (SELECT 1 FROM staff s JOIN staff_roles r ON r.staff_id = s.id JOIN cases c ON c.id = asked.case_id
                    WHERE s.id = NEW.staff_id AND r.ended_at IS NULL
                      AND (r.role = 'approver' OR (asked.break_glass AND r.role = 'custodian'))
                      AND (s.institution_id IS NULL OR s.institution_id = c.institution_id)) THEN
    RAISE EXCEPTION 'this person may not agree to this' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER grant_approval_allowed BEFORE INSERT ON grant_approvals
  FOR EACH ROW EXECUTE FUNCTION check_grant_approval();

-- When a grant begins and ends to be good: with the last of the approvals it takes. Approvals of who has left count no
-- more. No row: not agreed to (yet, or any more).
CREATE FUNCTION grant_span(p_grant text, p_at timestamptz) RETURNS TABLE (good_from timestamptz, good_until timestamptz)
  LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT a.at, a.at + make_interval(hours => g.hours)
  FROM grants g
  JOIN LATERAL (
    SELECT x.at, row_number() OVER (ORDER BY x.at) AS nth,
           bool_or(EXISTS (SELECT 1 FROM staff_roles r WHERE r.staff_id = x.staff_id AND r.role = 'custodian'
                           AND r.ended_at IS NULL)) OVER () AS with_custodian
    FROM grant_approvals x
    WHERE x.grant_id = g.id AND x.at <= p_at AND staff_refusal(x.staff_id, p_at) IS NULL
  ) a ON a.nth = CASE WHEN g.break_glass THEN 3 ELSE 2 END AND (a.with_custodian OR NOT g.break_glass)
  WHERE g.id = p_grant AND (g.revoked_at IS NULL OR g.revoked_at > p_at)
$$;

-- Why a grant does not open the data for this person now; null when it does. Role vault asks before a key leaves.
CREATE FUNCTION grant_refusal(p_grant text, p_staff text, p_authorization text, p_right text, p_at timestamptz)
  RETURNS text LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT CASE
    WHEN g.id IS NULL OR g.requester <> p_staff OR g.authorization_id <> p_authorization THEN 'grant-unknown'
    WHEN staff_refusal(p_staff, p_at) IS NOT NULL THEN 'account-closed'
    WHEN g.revoked_at <= p_at THEN 'grant-revoked'
    WHEN c.step IN ('closed', 'rejected') THEN 'case-closed'
    WHEN s.good_until IS NULL THEN 'grant-unapproved'
    WHEN p_at >= s.good_until THEN 'grant-expired'
    WHEN p_right <> ALL (g.rights) THEN 'right-missing'
  END
  FROM (SELECT p_grant AS asked) q
  LEFT JOIN grants g ON g.id = q.asked
  LEFT JOIN cases c ON c.id = g.case_id
  LEFT JOIN LATERAL grant_span(g.id, p_at) s ON true
$$;

GRANT SELECT ON grants, grant_approvals TO mandate_desk, mandate_vault;
GRANT INSERT ON grants, grant_approvals TO mandate_vault;
GRANT UPDATE (revoked_at, revoked_by) ON grants TO mandate_vault;

-- Openings ------------------------------------------------------------------------------------------
-- An entry of the register for a case names grant and right, and nobody writes one without: number of keys released
-- for cases = number of these entries.
CREATE FUNCTION check_case_access() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  body jsonb := NEW.body::jsonb;
BEGIN
  IF grant_refusal(body->>'grant', substr(body->>'actor', 7), NEW.authorization_id, body->>'right',
                   (body->>'at')::timestamptz) IS NOT NULL
     OR (body->>'actor') NOT LIKE 'staff:stf\_%' THEN
    RAISE EXCEPTION 'no grant opens this' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER case_access BEFORE INSERT ON access_entries FOR EACH ROW
  WHEN (NEW.body::jsonb->>'purpose' = 'case') EXECUTE FUNCTION check_case_access();

-- At commit: no such entry of the register without its entry in the ledger's queue, and the other way round.
INSERT INTO ledger_writers VALUES ('access', 'mandate_vault');
CREATE FUNCTION check_case_access_entered() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM ledger_queue q JOIN authorizations a ON a.id = NEW.authorization_id
                 WHERE q.dedupe = 'access:' || NEW.id AND q.entry::jsonb->>'fact' = NEW.digest
                   AND q.entry::jsonb->>'letter' = a.letter_digest) THEN
    RAISE EXCEPTION 'an opening without its ledger entry' USING ERRCODE = 'MA002';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER case_access_entered AFTER INSERT ON access_entries
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.body::jsonb->>'purpose' = 'case')
  EXECUTE FUNCTION check_case_access_entered();
CREATE FUNCTION check_access_entry() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM access_entries x JOIN authorizations a ON a.id = x.authorization_id
                 WHERE 'access:' || x.id = NEW.dedupe AND x.digest = NEW.entry::jsonb->>'fact'
                   AND a.letter_digest = NEW.entry::jsonb->>'letter' AND x.body::jsonb->>'purpose' = 'case')
     OR (NEW.entry::jsonb - ARRAY['format', 'kind', 'at', 'letter', 'fact']) <> '{}'::jsonb
     OR octet_length(NEW.entry) > 400 THEN
    RAISE EXCEPTION 'an entry that says something else than its opening' USING ERRCODE = 'MA002';
  END IF;
  RETURN NULL;
END $$;
DROP TRIGGER queue_privacy_fact ON ledger_queue;
CREATE CONSTRAINT TRIGGER queue_privacy_fact AFTER INSERT ON ledger_queue
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (NEW.dedupe ~ '^(access|shred):' AND NEW.dedupe !~ '^access:acc_')
  EXECUTE FUNCTION check_privacy_entry();
CREATE CONSTRAINT TRIGGER queue_case_access AFTER INSERT ON ledger_queue
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.dedupe ~ '^access:acc_')
  EXECUTE FUNCTION check_access_entry();
-- Whether an entry is in the tree already: the key waits for that.
GRANT SELECT (dedupe, leaf_index) ON ledger_queue TO mandate_vault;
