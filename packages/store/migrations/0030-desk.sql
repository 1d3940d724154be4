-- The disputes desk: who works there, how they come in, the cases they work on, and who may open whose data for a
-- case. Role vault is the door: it alone writes sessions and approvals, so whoever holds the desk's database role can
-- neither be somebody else nor agree in somebody's place. Whoever holds the desk's process is everybody who is signed in,
-- as long as their sessions live.

-- People -------------------------------------------------------------------------------------------
-- Accounts are the owner's, by command, with two people; the desk reads them. Rows carry a code (`mac`) under a secret
-- of role vault that whoever owns the database does not have: one that was merely inserted opens nothing.

-- What was done to accounts, by whom and with whom: one chain, nothing in it ever changes.
CREATE TABLE staff_changes (
  number   integer PRIMARY KEY CHECK (number > 0),
  staff_id text NOT NULL,
  act      text NOT NULL CHECK (act IN ('opened', 'role-given', 'role-ended', 'invited', 'linked', 'enrolled', 'reset',
                                        'moved', 'reviewed', 'woken', 'closed')),
  body     text NOT NULL,
  digest   text NOT NULL UNIQUE,
  mac      bytea NOT NULL CHECK (octet_length(mac) = 32)
);
CREATE INDEX staff_changes_of ON staff_changes (staff_id, number);
CREATE FUNCTION check_staff_change() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  said jsonb;
  last staff_changes;
BEGIN
  IF TG_OP <> 'INSERT' THEN
    RAISE EXCEPTION 'what was done to an account stays as it is' USING ERRCODE = 'MA001';
  END IF;
  said := NEW.body::jsonb;
  SELECT * INTO last FROM staff_changes ORDER BY number DESC LIMIT 1;
  IF NEW.number <> coalesce(last.number, 0) + 1
     OR (said->>'previous') IS DISTINCT FROM coalesce(last.digest, repeat('0', 64))
     OR (said->>'number') IS DISTINCT FROM NEW.number::text
     OR (said->>'staff') IS DISTINCT FROM NEW.staff_id
     OR (said->>'act') IS DISTINCT FROM NEW.act
     OR NEW.digest <> encode(sha256(convert_to('mandate/staff-change/v1' || chr(10) || NEW.body, 'UTF8')), 'hex') THEN
    RAISE EXCEPTION 'change does not continue the register' USING ERRCODE = 'MA002';
  END IF;
  -- Role vault enters who set up a passkey, which is the account's own act; everything else is the owner's.
  IF NEW.act = 'enrolled' THEN
    IF said->>'by' IS DISTINCT FROM NEW.staff_id OR said->>'approver' IS NOT NULL OR NOT EXISTS (
         SELECT 1 FROM staff_passkeys k WHERE k.staff_id = NEW.staff_id AND k.ended_at IS NULL
         AND encode(sha256(k.credential_id), 'hex') = said->'detail'->>'passkey') THEN
      RAISE EXCEPTION 'no such passkey was set up' USING ERRCODE = 'MA001';
    END IF;
    RETURN NEW;
  END IF;
  IF NOT pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'MEMBER') THEN
    RAISE EXCEPTION 'accounts are the owner''s' USING ERRCODE = 'MA001';
  END IF;
  -- Taking away is one person's, so that it never waits; nobody does anything to their own account.
  IF coalesce(btrim(said->>'by'), '') = '' OR said->>'by' = NEW.staff_id OR said->>'approver' = NEW.staff_id
     OR (NEW.act NOT IN ('role-ended', 'reviewed', 'closed')
         AND coalesce(lower(btrim(said->>'approver')), '') IN ('', lower(btrim(said->>'by')))) THEN
    RAISE EXCEPTION 'two people, neither of them the one it is about' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER staff_change_continues BEFORE INSERT OR UPDATE OR DELETE ON staff_changes
  FOR EACH ROW EXECUTE FUNCTION check_staff_change();

CREATE TABLE staff (
  id                  text PRIMARY KEY,
  name                text NOT NULL CHECK (name <> ''),
  -- Of an institution: sees that institution only. Null: the operator's own.
  institution_id      text REFERENCES institutions,
  -- Place of work as the personnel office has it; another one, or another institution, ends all roles.
  team                text NOT NULL CHECK (team <> ''),
  -- Of a contractor: marked, limited in what roles it may hold, and locked when the contract is over.
  outsourced          boolean NOT NULL,
  contract_until      timestamptz,
  opened_at           timestamptz NOT NULL,
  -- Where the signed undertaking of confidentiality is filed.
  opening_undertaking text NOT NULL CHECK (opening_undertaking <> ''),
  -- By the latest row of `staff_reviews`, or the opening.
  reviewed_at         timestamptz NOT NULL,
  seen_at             timestamptz,
  -- Looked at by two people after it had slept too long.
  woken_at            timestamptz,
  moved_at            timestamptz,
  closed_at           timestamptz,
  closed_by           text,
  closing_undertaking text CHECK (closing_undertaking <> ''),
  -- Its opening, or the latest move: what the code is over.
  change              integer NOT NULL REFERENCES staff_changes,
  mac                 bytea NOT NULL CHECK (octet_length(mac) = 32),
  CONSTRAINT closed_whole CHECK (num_nulls(closed_at, closed_by, closing_undertaking) IN (0, 3)),
  CONSTRAINT contract_of_outsourced CHECK (outsourced = (contract_until IS NOT NULL)),
  CONSTRAINT contract_within_a_year CHECK (contract_until <= greatest(opened_at, moved_at, woken_at) + interval '366 days')
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
  SELECT x.role, x.other FROM (VALUES
    ('template-author', 'template-approver'), ('officer', 'approver'), ('officer', 'custodian'),
    ('operator', 'auditor'), ('operator', 'officer'), ('operator', 'approver'), ('operator', 'custodian'),
    ('auditor', 'officer'), ('auditor', 'approver'), ('auditor', 'custodian')) p(a, b)
  CROSS JOIN LATERAL (VALUES (p.a, p.b), (p.b, p.a)) x(role, other);

CREATE TABLE staff_roles (
  staff_id    text NOT NULL REFERENCES staff,
  role        text NOT NULL REFERENCES staff_role_kinds,
  given_at    timestamptz NOT NULL,
  given_by    text NOT NULL,
  approved_by text NOT NULL,
  ended_at    timestamptz,
  ended_by    text,
  change      integer NOT NULL UNIQUE REFERENCES staff_changes,
  mac         bytea NOT NULL CHECK (octet_length(mac) = 32),
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

-- The quarterly look at somebody's roles and place of work, by somebody else: what was looked at is what there is.
CREATE TABLE staff_reviews (
  staff_id       text NOT NULL REFERENCES staff,
  at             timestamptz NOT NULL,
  by             text NOT NULL,
  institution_id text REFERENCES institutions,
  team           text NOT NULL,
  roles          text[] NOT NULL,
  change         integer NOT NULL UNIQUE REFERENCES staff_changes,
  PRIMARY KEY (staff_id, at),
  CONSTRAINT reviewed_by_another CHECK (by <> staff_id)
);
CREATE FUNCTION check_staff_review() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  person staff;
BEGIN
  SELECT * INTO person FROM staff WHERE id = NEW.staff_id FOR UPDATE;
  IF person.closed_at IS NOT NULL OR NEW.at < person.reviewed_at
     OR (NEW.institution_id, NEW.team) IS DISTINCT FROM (person.institution_id, person.team)
     OR NEW.roles IS DISTINCT FROM ARRAY(SELECT r.role FROM staff_roles r
          WHERE r.staff_id = NEW.staff_id AND r.ended_at IS NULL ORDER BY r.role COLLATE "C") THEN
    RAISE EXCEPTION 'what was looked at is not what there is' USING ERRCODE = 'MA001';
  END IF;
  UPDATE staff SET reviewed_at = NEW.at WHERE id = NEW.staff_id;
  RETURN NEW;
END $$;
CREATE TRIGGER staff_review_of_what_is BEFORE INSERT ON staff_reviews
  FOR EACH ROW EXECUTE FUNCTION check_staff_review();

-- How they come in: an identity provider's subject, or a passkey of their own after a one-time invitation. One way at
-- a time: another one takes a `reset`, which ends what there was.
CREATE TABLE staff_logins (
  issuer      text NOT NULL,
  subject     text NOT NULL,
  staff_id    text NOT NULL REFERENCES staff,
  made_at     timestamptz NOT NULL,
  made_by     text NOT NULL,
  approved_by text NOT NULL,
  ended_at    timestamptz,
  change      integer NOT NULL UNIQUE REFERENCES staff_changes,
  mac         bytea NOT NULL CHECK (octet_length(mac) = 32),
  PRIMARY KEY (issuer, subject, made_at),
  CONSTRAINT two_people CHECK (lower(btrim(approved_by)) <> lower(btrim(made_by)))
);
CREATE UNIQUE INDEX staff_logins_live ON staff_logins (issuer, subject) WHERE ended_at IS NULL;
CREATE TABLE staff_invitations (
  id            text PRIMARY KEY,
  staff_id      text NOT NULL REFERENCES staff,
  secret_digest bytea NOT NULL UNIQUE,
  made_at       timestamptz NOT NULL,
  made_by       text NOT NULL,
  approved_by   text NOT NULL,
  ends_at       timestamptz NOT NULL CHECK (ends_at <= made_at + interval '3 days'),
  used_at       timestamptz,
  change        integer NOT NULL UNIQUE REFERENCES staff_changes,
  mac           bytea NOT NULL CHECK (octet_length(mac) = 32),
  CONSTRAINT two_people CHECK (lower(btrim(approved_by)) <> lower(btrim(made_by)))
);
CREATE TABLE staff_passkeys (
  credential_id bytea PRIMARY KEY,
  staff_id      text NOT NULL REFERENCES staff,
  -- Which invitation, or which session by recovery code, opened the way for it: for one.
  by_way_of     text NOT NULL UNIQUE,
  -- COSE_Key (RFC 9052), as the authenticator gave it.
  public_key    bytea NOT NULL,
  counter       bigint NOT NULL CHECK (counter >= 0),
  made_at       timestamptz NOT NULL,
  ended_at      timestamptz,
  mac           bytea NOT NULL CHECK (octet_length(mac) = 32)
);
CREATE UNIQUE INDEX staff_passkeys_live ON staff_passkeys (staff_id) WHERE ended_at IS NULL;
CREATE TABLE staff_recovery_codes (
  digest   bytea PRIMARY KEY,
  staff_id text NOT NULL REFERENCES staff,
  made_at  timestamptz NOT NULL,
  used_at  timestamptz,
  mac      bytea NOT NULL CHECK (octet_length(mac) = 32)
);
CREATE INDEX staff_recovery_codes_of ON staff_recovery_codes (staff_id);

CREATE FUNCTION check_way_in() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  person staff;
BEGIN
  SELECT * INTO person FROM staff WHERE id = NEW.staff_id FOR UPDATE;
  IF person.closed_at IS NOT NULL OR NEW.made_by = NEW.staff_id OR NEW.approved_by = NEW.staff_id
     OR EXISTS (SELECT 1 FROM staff_passkeys k WHERE k.staff_id = NEW.staff_id AND k.ended_at IS NULL)
     OR EXISTS (SELECT 1 FROM staff_logins l WHERE l.staff_id = NEW.staff_id AND l.ended_at IS NULL)
     OR EXISTS (SELECT 1 FROM staff_invitations i
                WHERE i.staff_id = NEW.staff_id AND i.used_at IS NULL AND i.ends_at > NEW.made_at) THEN
    RAISE EXCEPTION 'this person has a way in already, or none is to be made' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER staff_login_allowed BEFORE INSERT ON staff_logins FOR EACH ROW EXECUTE FUNCTION check_way_in();
CREATE TRIGGER staff_invitation_allowed BEFORE INSERT ON staff_invitations
  FOR EACH ROW EXECUTE FUNCTION check_way_in();

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
  used_at       timestamptz,
  mac           bytea NOT NULL CHECK (octet_length(mac) = 32)
);
CREATE INDEX staff_sign_ins_old ON staff_sign_ins (ends_at);
CREATE INDEX staff_sign_ins_made ON staff_sign_ins (made_at);
-- Passkeys of an account that were shown and did not prove themselves.
CREATE TABLE staff_failures (
  staff_id text NOT NULL REFERENCES staff,
  at       timestamptz NOT NULL
);
CREATE INDEX staff_failures_of ON staff_failures (staff_id, at);

CREATE TABLE staff_sessions (
  id            text PRIMARY KEY,
  staff_id      text NOT NULL REFERENCES staff,
  secret_digest bytea NOT NULL UNIQUE,
  means         text NOT NULL CHECK (means IN ('passkey', 'oidc', 'recovery-code')),
  opened_at     timestamptz NOT NULL,
  -- At most a working day; idle for half an hour ends it sooner.
  ends_at       timestamptz NOT NULL CHECK (ends_at <= opened_at + interval '12 hours'),
  seen_at       timestamptz NOT NULL,
  ended_at      timestamptz,
  mac           bytea NOT NULL CHECK (octet_length(mac) = 32)
);
CREATE INDEX staff_sessions_of ON staff_sessions (staff_id) WHERE ended_at IS NULL;

-- What was used or has ended stays so, whoever asks: role vault's own login brings nothing back. A passkey's counter only
-- grows, and a session was never seen earlier than it was.
CREATE FUNCTION check_way_ends() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  before jsonb := to_jsonb(OLD);
  after jsonb := to_jsonb(NEW);
  ends text := TG_ARGV[0];
  backwards boolean := false;
BEGIN
  IF TG_TABLE_NAME = 'staff_passkeys' THEN
    backwards := NEW.counter < OLD.counter;
  ELSIF TG_TABLE_NAME = 'staff_sessions' THEN
    backwards := NEW.seen_at < OLD.seen_at;
  END IF;
  IF backwards OR (before->>ends IS NOT NULL AND after IS DISTINCT FROM before)
     OR after - ends - 'counter' - 'seen_at' IS DISTINCT FROM before - ends - 'counter' - 'seen_at' THEN
    RAISE EXCEPTION 'a way in ends, once, and nothing else' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER staff_login_ends BEFORE UPDATE ON staff_logins
  FOR EACH ROW EXECUTE FUNCTION check_way_ends('ended_at');
CREATE TRIGGER staff_invitation_ends BEFORE UPDATE ON staff_invitations
  FOR EACH ROW EXECUTE FUNCTION check_way_ends('used_at');
CREATE TRIGGER staff_passkey_ends BEFORE UPDATE ON staff_passkeys
  FOR EACH ROW EXECUTE FUNCTION check_way_ends('ended_at');
CREATE TRIGGER staff_recovery_code_ends BEFORE UPDATE ON staff_recovery_codes
  FOR EACH ROW EXECUTE FUNCTION check_way_ends('used_at');
CREATE TRIGGER staff_sign_in_ends BEFORE UPDATE ON staff_sign_ins
  FOR EACH ROW EXECUTE FUNCTION check_way_ends('used_at');
CREATE TRIGGER staff_session_ends BEFORE UPDATE ON staff_sessions
  FOR EACH ROW EXECUTE FUNCTION check_way_ends('ended_at');

-- Why somebody may not work now; null when they may. THE predicate: sessions, approvals and openings ask here.
CREATE FUNCTION staff_refusal(p_staff text, p_at timestamptz) RETURNS text LANGUAGE sql STABLE
  SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT CASE
    WHEN s.id IS NULL OR s.closed_at IS NOT NULL THEN 'account-closed'
    WHEN s.contract_until <= p_at THEN 'contract-over'
    -- 90 days away; a review alone wakes nobody.
    -- Nobody was seen tomorrow; clocks of two machines may differ a little.
    WHEN greatest(CASE WHEN s.seen_at <= p_at + interval '5 minutes' THEN s.seen_at END, s.opened_at,
                  CASE WHEN s.woken_at <= p_at + interval '5 minutes' THEN s.woken_at END)
         < p_at - interval '2160 hours' THEN 'account-dormant'
    -- A review that is two weeks late after its quarter.
    WHEN s.reviewed_at < p_at - interval '2544 hours' THEN 'review-overdue'
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

-- Ends every way in that an account has now.
CREATE FUNCTION end_ways_in(p_staff text, p_at timestamptz) RETURNS void LANGUAGE sql
  SET search_path = pg_catalog, public, pg_temp AS $$
  UPDATE staff_sessions SET ended_at = p_at WHERE staff_id = p_staff AND ended_at IS NULL;
  UPDATE staff_passkeys SET ended_at = p_at WHERE staff_id = p_staff AND ended_at IS NULL;
  UPDATE staff_logins SET ended_at = p_at WHERE staff_id = p_staff AND ended_at IS NULL;
  UPDATE staff_invitations SET used_at = p_at WHERE staff_id = p_staff AND used_at IS NULL;
  UPDATE staff_recovery_codes SET used_at = p_at WHERE staff_id = p_staff AND used_at IS NULL;
$$;
REVOKE ALL ON FUNCTION end_ways_in(text, timestamptz) FROM PUBLIC;

-- Whoever leaves is out at that moment; whoever moves begins anew.
CREATE FUNCTION end_staff() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF OLD.closed_at IS NOT NULL THEN
    RAISE EXCEPTION 'a closed account stays as it is' USING ERRCODE = 'MA001';
  END IF;
  IF NEW.closed_at IS NOT NULL THEN
    PERFORM end_ways_in(NEW.id, NEW.closed_at);
    UPDATE staff_roles SET ended_at = NEW.closed_at, ended_by = NEW.closed_by
      WHERE staff_id = NEW.id AND ended_at IS NULL;
  ELSIF (NEW.institution_id, NEW.team, NEW.outsourced) IS DISTINCT FROM (OLD.institution_id, OLD.team, OLD.outsourced) THEN
    IF NEW.moved_at IS NULL OR NEW.moved_at IS NOT DISTINCT FROM OLD.moved_at OR NEW.change = OLD.change THEN
      RAISE EXCEPTION 'a move is entered' USING ERRCODE = 'MA001';
    END IF;
    UPDATE staff_sessions SET ended_at = NEW.moved_at WHERE staff_id = NEW.id AND ended_at IS NULL;
    UPDATE staff_roles SET ended_at = NEW.moved_at, ended_by = 'moved'
      WHERE staff_id = NEW.id AND ended_at IS NULL;
  END IF;
  RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION end_staff() FROM PUBLIC;
CREATE TRIGGER staff_leaves BEFORE UPDATE ON staff FOR EACH ROW EXECUTE FUNCTION end_staff();

GRANT SELECT ON staff, staff_roles, staff_role_kinds, staff_roles_apart, staff_reviews, staff_changes
  TO mandate_desk, mandate_vault;
GRANT UPDATE (seen_at) ON staff TO mandate_vault;
GRANT INSERT ON staff_changes TO mandate_vault;
GRANT SELECT ON staff_logins, staff_invitations, staff_passkeys, staff_recovery_codes TO mandate_vault;
GRANT UPDATE (used_at) ON staff_invitations, staff_recovery_codes TO mandate_vault;
GRANT INSERT, UPDATE (counter, ended_at) ON staff_passkeys TO mandate_vault;
GRANT INSERT ON staff_recovery_codes TO mandate_vault;
GRANT SELECT, INSERT, UPDATE (used_at), DELETE ON staff_sign_ins TO mandate_vault;
GRANT SELECT, INSERT, DELETE ON staff_failures TO mandate_vault;
GRANT SELECT, INSERT, UPDATE (seen_at, ended_at) ON staff_sessions TO mandate_vault;

-- Cases ---------------------------------------------------------------------------------------------
-- THE table of how long an answer may take, and by which rule. `received`: somebody else decides; such a case is taken
-- in by staff, answered to and watched, and never refused.
CREATE TABLE case_kinds (
  kind           text PRIMARY KEY,
  days           integer NOT NULL CHECK (days > 0),
  -- By how much a decision with reasons may lengthen it, once.
  extension_days integer NOT NULL CHECK (extension_days >= 0),
  received       boolean NOT NULL,
  basis          text NOT NULL CHECK (basis <> '')
);
INSERT INTO case_kinds VALUES
  ('subject-dispute', 20, 0, false, '征信业管理条例 25'),
  ('credit-data-objection', 20, 0, false, '征信业管理条例 25'),
  ('consumer-complaint', 15, 15, false, '银行业保险业消费投诉处理管理办法 17'),
  ('consumer-complaint-complex', 30, 30, false, '银行业保险业消费投诉处理管理办法 17'),
  ('regulator-complaint', 30, 0, true, '征信业管理条例 26'),
  ('court-request', 15, 0, true, '民事诉讼法 70'),
  ('internal-review', 30, 30, false, 'GB/T 39321');

-- Role vault writes cases too: who did what in them is known there by the session, not by the desk's word.
CREATE TABLE cases (
  id               text PRIMARY KEY,
  -- For people: C-2026-000123.
  number           text NOT NULL UNIQUE,
  kind             text NOT NULL REFERENCES case_kinds,
  institution_id   text NOT NULL REFERENCES institutions,
  -- The dispute it is about, where the subject opened one.
  hold_id          text UNIQUE REFERENCES holds,
  opened_by        text NOT NULL CHECK (opened_by ~ '^(staff:stf_|institution:ins_)' OR opened_by = 'subject'),
  opened_at        timestamptz NOT NULL,
  due_at           timestamptz NOT NULL CHECK (due_at > opened_at),
  extended_at      timestamptz,
  step             text NOT NULL,
  version          integer NOT NULL,
  head             text NOT NULL,
  -- Of an institution's own system, which asks again after a failure and gets the same case.
  request_key      text,
  CONSTRAINT cases_once_asked UNIQUE (institution_id, request_key),
  CONSTRAINT subject_by_dispute CHECK ((opened_by = 'subject') <= (hold_id IS NOT NULL))
);
CREATE INDEX cases_open ON cases (due_at) WHERE step NOT IN ('closed', 'rejected');
CREATE INDEX cases_of_institution ON cases (institution_id);
CREATE SEQUENCE case_numbers;

-- What a case is about: 1 to 1,000 authorizations of its institution, fixed when it is opened.
CREATE TABLE case_authorizations (
  case_id          text NOT NULL REFERENCES cases,
  authorization_id text NOT NULL REFERENCES authorizations,
  PRIMARY KEY (case_id, authorization_id)
);
CREATE INDEX case_authorizations_of ON case_authorizations (authorization_id);
CREATE FUNCTION check_case_authorization() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM case_events e WHERE e.case_id = NEW.case_id)
     OR NOT EXISTS (SELECT 1 FROM cases c JOIN authorizations a ON a.institution_id = c.institution_id
                    WHERE c.id = NEW.case_id AND a.id = NEW.authorization_id) THEN
    RAISE EXCEPTION 'not what this case is about' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER case_authorization_fixed BEFORE INSERT ON case_authorizations
  FOR EACH ROW EXECUTE FUNCTION check_case_authorization();

-- SHA-256 over the sorted ids, a line each.
CREATE FUNCTION case_authorizations_digest(p_case text) RETURNS text LANGUAGE sql STABLE
  SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT encode(sha256(convert_to('mandate/case-authorizations/v1' || chr(10)
    || string_agg(authorization_id, chr(10) ORDER BY authorization_id COLLATE "C"), 'UTF8')), 'hex')
  FROM case_authorizations WHERE case_id = p_case
$$;

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

-- What was done in a case and by whom, in a chain; free text of people lies under the case's own key.
CREATE TABLE case_events (
  case_id  text NOT NULL REFERENCES cases DEFERRABLE INITIALLY DEFERRED,
  version  integer NOT NULL,
  type     text NOT NULL,
  body     text NOT NULL,
  digest   text NOT NULL,
  previous text NOT NULL,
  -- Keyed by a secret of role vault's: who owns the database cannot write one.
  mac      bytea NOT NULL CHECK (length(mac) = 32),
  PRIMARY KEY (case_id, version)
);
-- Applicant, standing, documents, scope, notes, decision: personal data.
CREATE TABLE case_boxes (
  case_id text NOT NULL,
  version integer NOT NULL,
  box     bytea NOT NULL,
  PRIMARY KEY (case_id, version),
  FOREIGN KEY (case_id, version) REFERENCES case_events
);
-- The key of a case's texts, wrapped; destroyed when nothing keeps them any more.
CREATE TABLE case_keys (
  case_id      text PRIMARY KEY REFERENCES cases DEFERRABLE INITIALLY DEFERRED,
  wrapped      bytea,
  destroyed_at timestamptz,
  CONSTRAINT destroyed_whole CHECK ((wrapped IS NULL) = (destroyed_at IS NOT NULL))
);

-- Whether that session lets that person act in one of these roles, for that institution, at that moment. THE predicate:
-- events, grants, approvals, orders, openings and seals ask here. Roles as they are: what was given later or has ended
-- does not count.
CREATE FUNCTION may_act(p_session text, p_staff text, p_roles text[], p_institution text, p_at timestamptz)
  RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT EXISTS (
    SELECT 1 FROM staff_sessions x JOIN staff s ON s.id = x.staff_id JOIN staff_roles r ON r.staff_id = s.id
    WHERE x.id = p_session AND s.id = p_staff AND x.ended_at IS NULL AND x.opened_at <= p_at AND p_at < x.ends_at
      AND staff_refusal(s.id, p_at) IS NULL AND (s.institution_id IS NULL OR s.institution_id = p_institution)
      AND r.role = ANY (p_roles) AND r.ended_at IS NULL AND r.given_at <= p_at)
$$;

CREATE FUNCTION check_case_event() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  body jsonb := NEW.body::jsonb;
  held cases;
  last_digest text := repeat('0', 64);
  actor text := body->>'by';
BEGIN
  SELECT * INTO held FROM cases WHERE id = NEW.case_id;
  IF NEW.version > 1 THEN
    SELECT digest INTO last_digest FROM case_events WHERE case_id = NEW.case_id AND version = NEW.version - 1;
  END IF;
  IF last_digest IS NULL OR NEW.previous <> last_digest
     OR (body->>'previous') IS DISTINCT FROM NEW.previous
     OR (body->>'case') IS DISTINCT FROM NEW.case_id
     OR (body->>'version') IS DISTINCT FROM NEW.version::text
     OR (body->>'type') IS DISTINCT FROM NEW.type
     OR (NEW.type = 'opened') IS DISTINCT FROM (NEW.version = 1)
     OR NEW.digest <> encode(sha256(convert_to('mandate/case-event/v1' || chr(10) || NEW.body, 'UTF8')), 'hex') THEN
    RAISE EXCEPTION 'event does not continue its case' USING ERRCODE = 'MA002';
  END IF;
  IF actor IS NULL
     OR (NEW.version = 1 AND (actor <> held.opened_by
         OR (body->>'authorizations') IS DISTINCT FROM case_authorizations_digest(NEW.case_id)
         OR (SELECT count(*) FROM case_authorizations a WHERE a.case_id = NEW.case_id) NOT BETWEEN 1 AND 1000
         OR (held.hold_id IS NOT NULL AND NOT EXISTS (
               SELECT 1 FROM holds h JOIN case_authorizations a ON a.authorization_id = h.authorization_id
               WHERE h.id = held.hold_id AND a.case_id = NEW.case_id))))
     OR (NEW.version > 1 AND actor NOT LIKE 'staff:%')
     OR (actor LIKE 'staff:%' AND NOT may_act(body->>'session', substr(actor, 7),
           CASE WHEN body->>'step' IN ('accepted', 'rejected')
                THEN ARRAY['officer', 'approver'] ELSE ARRAY['officer'] END,
           held.institution_id, (body->>'at')::timestamptz))
     -- Whoever opened it does not also take it up or turn it away.
     OR (NEW.type = 'stepped' AND body->>'step' IN ('accepted', 'rejected') AND actor = held.opened_by) THEN
    RAISE EXCEPTION 'this person may not do this in this case' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER case_event_continues BEFORE INSERT ON case_events
  FOR EACH ROW EXECUTE FUNCTION check_case_event();

CREATE FUNCTION check_case_box() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM case_events e WHERE e.case_id = NEW.case_id AND e.version = NEW.version
                 AND e.body::jsonb->>'box' = encode(sha256(NEW.box), 'hex')) THEN
    RAISE EXCEPTION 'not the text of this event' USING ERRCODE = 'MA002';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER case_box_of_event BEFORE INSERT ON case_boxes FOR EACH ROW EXECUTE FUNCTION check_case_box();

CREATE FUNCTION check_case() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  clock case_kinds;
BEGIN
  SELECT * INTO clock FROM case_kinds WHERE kind = NEW.kind;
  IF TG_OP = 'INSERT' THEN
    -- Hours, not days: no summer time changes when an answer is due.
    IF NEW.step <> 'applied' OR NEW.version <> 1 OR NEW.extended_at IS NOT NULL
       OR NEW.due_at <> NEW.opened_at + make_interval(hours => clock.days * 24)
       OR (clock.received AND NEW.opened_by NOT LIKE 'staff:%') THEN
      RAISE EXCEPTION 'a case begins as applied, under its own clock' USING ERRCODE = 'MA001';
    END IF;
    RETURN NEW;
  END IF;
  IF to_jsonb(NEW) - ARRAY['due_at', 'extended_at', 'step', 'version', 'head']
       IS DISTINCT FROM to_jsonb(OLD) - ARRAY['due_at', 'extended_at', 'step', 'version', 'head']
     OR NEW.version <> OLD.version + 1
     OR (NEW.step <> OLD.step
         AND (NOT EXISTS (SELECT 1 FROM case_steps s WHERE s.from_step = OLD.step AND s.to_step = NEW.step)
              OR (clock.received AND NEW.step = 'rejected')))
     OR ((NEW.due_at, NEW.extended_at) IS DISTINCT FROM (OLD.due_at, OLD.extended_at)
         AND (OLD.extended_at IS NOT NULL OR NEW.extended_at IS NULL OR clock.extension_days = 0
              OR OLD.step IN ('closed', 'rejected')
              OR NEW.due_at <> OLD.due_at + make_interval(hours => clock.extension_days * 24))) THEN
    RAISE EXCEPTION 'not a step of this case' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER case_steps_only BEFORE INSERT OR UPDATE ON cases FOR EACH ROW EXECUTE FUNCTION check_case();

CREATE FUNCTION check_case_head() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM cases c JOIN case_events e ON e.case_id = c.id AND e.version = c.version
                 WHERE c.id = NEW.id AND c.head = e.digest AND c.step = e.body::jsonb->>'step')
     OR NOT EXISTS (SELECT 1 FROM case_keys k WHERE k.case_id = NEW.id) THEN
    RAISE EXCEPTION 'case and its events say different things' USING ERRCODE = 'MA002';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER case_head AFTER INSERT OR UPDATE ON cases
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_case_head();

-- How long the texts of a case are kept once it is over, months.
CREATE FUNCTION case_retention_months() RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT 60 $$;
-- When nothing keeps a case's texts any more; null while it is open.
CREATE FUNCTION case_kept_until(p_case text) RETURNS timestamptz LANGUAGE sql STABLE
  SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT (e.body::jsonb->>'at')::timestamptz + make_interval(months => case_retention_months())
  FROM cases c JOIN case_events e ON e.case_id = c.id AND e.version = c.version
  WHERE c.id = p_case AND c.step IN ('closed', 'rejected')
$$;
CREATE FUNCTION check_case_key() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NEW.case_id <> OLD.case_id OR OLD.wrapped IS NULL OR NEW.wrapped IS NOT NULL
     OR (case_kept_until(OLD.case_id) <= NEW.destroyed_at) IS NOT TRUE THEN
    RAISE EXCEPTION 'a case keeps its key while it is kept' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER case_key_kept BEFORE UPDATE ON case_keys FOR EACH ROW EXECUTE FUNCTION check_case_key();

GRANT SELECT ON case_kinds, case_steps TO mandate_desk, mandate_web, mandate_vault;
GRANT SELECT ON cases, case_authorizations, case_events TO mandate_desk, mandate_vault;
GRANT SELECT ON cases, case_authorizations TO mandate_web;
GRANT SELECT ON case_boxes, case_keys TO mandate_vault;
GRANT INSERT ON cases, case_authorizations, case_events, case_boxes, case_keys TO mandate_vault;
GRANT UPDATE (step, version, head, due_at, extended_at) ON cases TO mandate_vault;
GRANT UPDATE (wrapped, destroyed_at) ON case_keys TO mandate_vault;
GRANT USAGE ON SEQUENCE case_numbers TO mandate_vault;
GRANT SELECT ON holds TO mandate_vault;

-- An open case keeps its evidence, as a dispute does; afterwards the rules of retention run on. A case that only lies
-- there does not: 30 days after it was due at the latest, or after somebody of the operator's own last worked on it.
CREATE FUNCTION case_keeps(p_case text, p_at timestamptz) RETURNS boolean LANGUAGE sql STABLE
  SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT c.step NOT IN ('closed', 'rejected') AND (
    p_at < c.due_at + interval '720 hours'
      + CASE WHEN c.extended_at IS NULL THEN make_interval(hours => k.extension_days * 24) ELSE interval '0' END
    OR EXISTS (SELECT 1 FROM case_events e JOIN staff s ON 'staff:' || s.id = e.body::jsonb->>'by'
               WHERE e.case_id = c.id AND s.institution_id IS NULL
                 AND (e.body::jsonb->>'at')::timestamptz > p_at - interval '720 hours'))
  FROM cases c JOIN case_kinds k ON k.kind = c.kind WHERE c.id = p_case
$$;
CREATE OR REPLACE FUNCTION erasure_refusal(p_authorization text, p_at timestamptz) RETURNS text LANGUAGE sql STABLE
  SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT CASE
    WHEN r.kept_until IS NULL THEN 'illegal-transition'
    WHEN EXISTS (SELECT 1 FROM holds h WHERE h.authorization_id = a.id AND h.resolved_at IS NULL) THEN 'on-hold'
    WHEN EXISTS (SELECT 1 FROM case_authorizations x
                 WHERE x.authorization_id = a.id AND case_keeps(x.case_id, p_at)) THEN 'case-open'
    WHEN r.kept_until > p_at AND (r.certificate
         OR NOT EXISTS (SELECT 1 FROM restrictions x WHERE x.authorization_id = a.id AND x.own))
      THEN 'retention-runs'
    -- Somebody said that they were being told to sign; first the pause of that person is noted, which needs the data.
    WHEN EXISTS (SELECT 1 FROM events e WHERE e.stream = a.id AND e.type = 'declined'
                 AND e.body::jsonb->'data'->>'reason' = 'someone-is-telling-me'
                 AND (e.body::jsonb->>'at')::timestamptz > p_at - longest_pause())
         AND NOT EXISTS (SELECT 1 FROM pauses p WHERE p.authorization_id = a.id)
      THEN 'illegal-transition'
    END
  FROM authorizations a LEFT JOIN LATERAL retention(a.id) r ON true
  WHERE a.id = p_authorization
$$;

-- How a dispute is to end is said in a session too: an officer proposes, an approver agrees; the desk's own process
-- writes neither without a word of theirs that role vault has entered.
CREATE TABLE hold_votes (
  hold_id    text NOT NULL REFERENCES holds,
  act        text NOT NULL CHECK (act IN ('propose', 'approve')),
  outcome    text NOT NULL CHECK (outcome IN ('upheld', 'rejected', 'retracted')),
  -- `hold_proposal`: which proposal it is about, its reasons included.
  proposal   text NOT NULL CHECK (proposal ~ '^[0-9a-f]{64}$'),
  staff_id   text NOT NULL REFERENCES staff,
  session_id text NOT NULL REFERENCES staff_sessions,
  at         timestamptz NOT NULL,
  mac        bytea NOT NULL CHECK (length(mac) = 32)
);
-- SHA-256 over a proposal, a line each: hold, outcome, who, when, where the reasons are kept.
CREATE FUNCTION hold_proposal(p holds) RETURNS text LANGUAGE sql STABLE
  SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT encode(sha256(convert_to(concat_ws(chr(10), 'mandate/hold-proposal/v1', p.id, p.outcome, p.proposed_by,
    to_char(p.proposed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), p.grounds), 'UTF8')), 'hex')
$$;
CREATE INDEX hold_votes_of ON hold_votes (hold_id);
CREATE FUNCTION check_hold_vote() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM holds h JOIN authorizations a ON a.id = h.authorization_id
                 WHERE h.id = NEW.hold_id AND h.resolved_at IS NULL
                   AND (NEW.act = 'propose' OR (NEW.at >= h.proposed_at AND NEW.outcome = h.outcome
                        AND NEW.proposal = hold_proposal(h) AND h.proposed_by <> 'desk:' || NEW.staff_id))
                   AND may_act(NEW.session_id, NEW.staff_id,
                         ARRAY[CASE NEW.act WHEN 'propose' THEN 'officer' ELSE 'approver' END], a.institution_id, NEW.at)) THEN
    RAISE EXCEPTION 'this person has no say in this dispute' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER hold_vote_allowed BEFORE INSERT ON hold_votes FOR EACH ROW EXECUTE FUNCTION check_hold_vote();
CREATE FUNCTION check_hold_voted() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF (NEW.proposed_by, NEW.proposed_at, NEW.outcome, NEW.grounds)
       IS DISTINCT FROM (OLD.proposed_by, OLD.proposed_at, OLD.outcome, OLD.grounds)
     AND NOT EXISTS (SELECT 1 FROM hold_votes v WHERE v.hold_id = NEW.id AND v.act = 'propose'
                     AND v.at = NEW.proposed_at AND v.outcome = NEW.outcome AND v.proposal = hold_proposal(NEW)
                     AND 'desk:' || v.staff_id = NEW.proposed_by)
     OR NEW.resolved_by IS DISTINCT FROM OLD.resolved_by
     AND NOT EXISTS (SELECT 1 FROM hold_votes v WHERE v.hold_id = NEW.id AND v.act = 'approve'
                     AND v.at >= NEW.proposed_at AND v.outcome = NEW.outcome AND v.proposal = hold_proposal(NEW)
                     AND 'desk:' || v.staff_id = NEW.resolved_by) THEN
    RAISE EXCEPTION 'nobody of the desk has said so' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER hold_voted BEFORE UPDATE ON holds FOR EACH ROW WHEN (current_user = 'mandate_desk')
  EXECUTE FUNCTION check_hold_voted();
GRANT SELECT, INSERT ON hold_votes TO mandate_vault;
GRANT SELECT ON hold_votes TO mandate_desk;

-- Grants --------------------------------------------------------------------------------------------
CREATE TABLE grants (
  id               text PRIMARY KEY,
  case_id          text NOT NULL REFERENCES cases,
  requester        text NOT NULL REFERENCES staff,
  session_id       text NOT NULL REFERENCES staff_sessions,
  -- Legal basis and reason as given; no personal data.
  legal_basis      text NOT NULL CHECK (legal_basis <> ''),
  reason           text NOT NULL CHECK (reason <> ''),
  rights           text[] NOT NULL CHECK (cardinality(rights) > 0 AND array_position(rights, NULL) IS NULL
                                          AND rights <@ ARRAY['view', 'download', 'print']),
  -- Three people instead of two, no accepted case needed, and everybody is told.
  break_glass      boolean NOT NULL,
  asked_at         timestamptz NOT NULL,
  -- How long it is good once it is agreed to.
  hours            integer NOT NULL CHECK (hours BETWEEN 1 AND 72),
  revoked_at       timestamptz,
  revoked_by       text,
  CONSTRAINT revoked_whole CHECK ((revoked_at IS NULL) = (revoked_by IS NULL))
);
CREATE INDEX grants_of ON grants (case_id);
CREATE INDEX grants_by ON grants (requester);
CREATE INDEX grants_broken_glass ON grants (asked_at) WHERE break_glass;
CREATE TABLE grant_approvals (
  grant_id   text NOT NULL REFERENCES grants,
  staff_id   text NOT NULL REFERENCES staff,
  session_id text NOT NULL REFERENCES staff_sessions,
  -- As what they agreed; they held it at that moment.
  role       text NOT NULL CHECK (role IN ('approver', 'custodian')),
  at         timestamptz NOT NULL,
  -- Over this row and all that the grant says, keyed by a secret of role vault's.
  mac        bytea NOT NULL CHECK (length(mac) = 32),
  PRIMARY KEY (grant_id, staff_id)
);

-- When a grant begins and ends to be good: with the approval that completes what it takes. Approvals of who has left or
-- no longer holds that role count no more. No row: not agreed to (yet, or any more).
CREATE FUNCTION grant_span(p_grant text, p_at timestamptz) RETURNS TABLE (good_from timestamptz, good_until timestamptz)
  LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT d.at, d.at + make_interval(hours => g.hours)
  FROM grants g
  JOIN LATERAL (
    SELECT CASE WHEN g.break_glass THEN greatest(max(x.at) FILTER (WHERE x.nth = 3),
                                                 min(x.at) FILTER (WHERE x.role = 'custodian'))
                ELSE max(x.at) FILTER (WHERE x.nth = 2) END AS at,
           count(*) AS people, count(*) FILTER (WHERE x.role = 'custodian') AS custodians
    FROM (
      SELECT a.at, a.role, row_number() OVER (ORDER BY a.at, a.staff_id) AS nth
      FROM grant_approvals a
      WHERE a.grant_id = g.id AND a.at <= p_at AND a.staff_id <> g.requester
        AND staff_refusal(a.staff_id, p_at) IS NULL
        AND EXISTS (SELECT 1 FROM staff_roles r WHERE r.staff_id = a.staff_id AND r.role = a.role
                    AND r.given_at <= a.at AND r.ended_at IS NULL)
    ) x
  ) d ON d.people >= CASE WHEN g.break_glass THEN 3 ELSE 2 END AND (NOT g.break_glass OR d.custodians > 0)
  WHERE g.id = p_grant AND g.revoked_at IS NULL
$$;

-- Who may ask: an officer in a session of theirs, for a case that goes on.
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
  IF NEW.revoked_at IS NOT NULL OR held.step IN ('closed', 'rejected')
     OR (held.step = 'applied' AND NOT NEW.break_glass)
     OR NOT may_act(NEW.session_id, NEW.requester, ARRAY['officer'], held.institution_id, NEW.asked_at) THEN
    RAISE EXCEPTION 'this person may not ask for this' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER grant_askable BEFORE INSERT OR UPDATE ON grants FOR EACH ROW EXECUTE FUNCTION check_grant();

-- Who may agree: another person than the requester, with a role for it, of the same institution or the operator's own;
-- breaking the glass also takes somebody who keeps keys. What is complete is not agreed to again: it would last longer.
CREATE FUNCTION check_grant_approval() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  asked grants;
BEGIN
  SELECT * INTO asked FROM grants WHERE id = NEW.grant_id FOR UPDATE;
  IF asked.id IS NULL OR asked.requester = NEW.staff_id OR asked.revoked_at IS NOT NULL OR NEW.at < asked.asked_at
     OR NEW.at > asked.asked_at + interval '7 days'
     OR staff_refusal(asked.requester, NEW.at) IS NOT NULL
     OR (NEW.role = 'custodian' AND NOT asked.break_glass)
     OR EXISTS (SELECT 1 FROM grant_span(asked.id, NEW.at))
     OR NOT EXISTS (SELECT 1 FROM cases c WHERE c.id = asked.case_id AND c.step NOT IN ('closed', 'rejected')
                    AND may_act(NEW.session_id, NEW.staff_id, ARRAY[NEW.role], c.institution_id, NEW.at)) THEN
    RAISE EXCEPTION 'this person may not agree to this' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER grant_approval_allowed BEFORE INSERT ON grant_approvals
  FOR EACH ROW EXECUTE FUNCTION check_grant_approval();

-- Where the glass is broken the institution is told at once, about each of its authorizations. Above all versions of
-- trails: this is in none.
CREATE FUNCTION announce_broken_glass() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  INSERT INTO webhook_events (institution_id, authorization_id, version, type, at)
  SELECT c.institution_id, a.authorization_id,
         1000000 + (SELECT count(*) FROM webhook_events w
                    WHERE w.authorization_id = a.authorization_id AND w.version >= 1000000),
         'authorization.glass-broken', NEW.at
  FROM grants g JOIN cases c ON c.id = g.case_id JOIN case_authorizations a ON a.case_id = c.id
  WHERE g.id = NEW.grant_id AND g.break_glass AND EXISTS (SELECT 1 FROM grant_span(g.id, NEW.at));
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION announce_broken_glass() FROM PUBLIC;
CREATE TRIGGER broken_glass_told AFTER INSERT ON grant_approvals
  FOR EACH ROW EXECUTE FUNCTION announce_broken_glass();

-- Why a grant does not open the data for this person now; null when it does. Role vault asks before a key leaves.
CREATE FUNCTION grant_refusal(p_grant text, p_staff text, p_authorization text, p_right text, p_at timestamptz)
  RETURNS text LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT CASE
    WHEN g.id IS NULL OR p_at IS NULL OR g.requester IS DISTINCT FROM p_staff
         OR NOT EXISTS (SELECT 1 FROM case_authorizations a
                        WHERE a.case_id = g.case_id AND a.authorization_id = p_authorization) THEN 'grant-unknown'
    WHEN staff_refusal(p_staff, p_at) IS NOT NULL
         OR NOT EXISTS (SELECT 1 FROM staff_roles r WHERE r.staff_id = p_staff AND r.role = 'officer'
                        AND r.ended_at IS NULL) THEN 'account-closed'
    WHEN g.revoked_at IS NOT NULL THEN 'grant-revoked'
    WHEN c.step IN ('closed', 'rejected') THEN 'case-closed'
    WHEN s.good_until IS NULL THEN 'grant-unapproved'
    WHEN p_at >= s.good_until THEN 'grant-expired'
    WHEN p_right IS NULL OR (p_right = ANY (g.rights)) IS NOT TRUE THEN 'right-missing'
  END
  FROM (SELECT p_grant AS asked) q
  LEFT JOIN grants g ON g.id = q.asked
  LEFT JOIN cases c ON c.id = g.case_id
  LEFT JOIN LATERAL grant_span(g.id, p_at) s ON true
$$;

-- Reports are made by jobs, without a session: their requester says before, in one, for which authorizations; each
-- opening asks the grant again.
CREATE TABLE desk_orders (
  id         text PRIMARY KEY,
  grant_id   text NOT NULL REFERENCES grants,
  requester  text NOT NULL REFERENCES staff,
  session_id text NOT NULL REFERENCES staff_sessions,
  opened_for text NOT NULL CHECK (opened_for IN ('view', 'download')),
  made_at    timestamptz NOT NULL,
  -- Over this row and its authorizations, keyed by a secret of role vault's.
  mac        bytea NOT NULL CHECK (length(mac) = 32)
);
CREATE INDEX desk_orders_of ON desk_orders (grant_id);
CREATE TABLE desk_order_authorizations (
  order_id         text NOT NULL REFERENCES desk_orders,
  authorization_id text NOT NULL REFERENCES authorizations,
  PRIMARY KEY (order_id, authorization_id)
);
CREATE FUNCTION check_desk_order() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM grants g JOIN cases c ON c.id = g.case_id
                 WHERE g.id = NEW.grant_id AND g.requester = NEW.requester
                   AND may_act(NEW.session_id, NEW.requester, ARRAY['officer'], c.institution_id, NEW.made_at)) THEN
    RAISE EXCEPTION 'this person may not order this' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER desk_order_allowed BEFORE INSERT ON desk_orders FOR EACH ROW EXECUTE FUNCTION check_desk_order();
CREATE FUNCTION check_ordered() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM desk_orders o WHERE o.id = NEW.order_id
                 AND grant_refusal(o.grant_id, o.requester, NEW.authorization_id, o.opened_for, o.made_at) IS NULL) THEN
    RAISE EXCEPTION 'no grant opens this' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER ordered_under_grant BEFORE INSERT ON desk_order_authorizations
  FOR EACH ROW EXECUTE FUNCTION check_ordered();

-- A court may have it that the subject does not see, for a stated time, that their data were opened for a case: two
-- people, in sessions of their own. It hides from the subject's own pages and copies; register and ledger stay whole.
CREATE TABLE access_seals (
  id               text PRIMARY KEY,
  case_id          text NOT NULL REFERENCES cases,
  -- The court's order; no personal data.
  legal_basis      text NOT NULL CHECK (legal_basis <> ''),
  until            timestamptz NOT NULL,
  asked_by         text NOT NULL REFERENCES staff,
  asked_session    text NOT NULL REFERENCES staff_sessions,
  asked_at         timestamptz NOT NULL,
  approved_by      text REFERENCES staff,
  approved_session text REFERENCES staff_sessions,
  approved_at      timestamptz,
  -- Over what was asked and who agreed, by role vault; from the approval on.
  mac              bytea CHECK (length(mac) = 32),
  lifted_at        timestamptz,
  lifted_by        text REFERENCES staff,
  CONSTRAINT stated_time CHECK (until > asked_at AND until <= asked_at + interval '366 days'),
  CONSTRAINT two_people CHECK (approved_by <> asked_by),
  CONSTRAINT approved_whole CHECK (num_nulls(approved_by, approved_session, approved_at, mac) IN (0, 4)),
  CONSTRAINT lifted_whole CHECK ((lifted_at IS NULL) = (lifted_by IS NULL))
);
CREATE INDEX access_seals_of ON access_seals (case_id);
CREATE FUNCTION check_access_seal() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  institution text := (SELECT institution_id FROM cases WHERE id = NEW.case_id);
BEGIN
  IF TG_OP = 'INSERT' AND (NEW.approved_by IS NOT NULL OR NEW.lifted_at IS NOT NULL
       OR NOT may_act(NEW.asked_session, NEW.asked_by, ARRAY['officer'], institution, NEW.asked_at))
     OR TG_OP = 'UPDATE' AND (
       to_jsonb(NEW) - ARRAY['approved_by', 'approved_session', 'approved_at', 'mac', 'lifted_at', 'lifted_by']
         IS DISTINCT FROM
       to_jsonb(OLD) - ARRAY['approved_by', 'approved_session', 'approved_at', 'mac', 'lifted_at', 'lifted_by']
       OR OLD.lifted_at IS NOT NULL
       OR (OLD.approved_by IS NOT NULL AND (NEW.approved_by, NEW.approved_session, NEW.approved_at, NEW.mac)
            IS DISTINCT FROM (OLD.approved_by, OLD.approved_session, OLD.approved_at, OLD.mac))
       OR (OLD.approved_by IS NULL AND NEW.approved_by IS NOT NULL AND (NEW.approved_at < NEW.asked_at
            OR NOT may_act(NEW.approved_session, NEW.approved_by, ARRAY['approver'], institution, NEW.approved_at)))) THEN
    RAISE EXCEPTION 'this person may not seal this' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER access_seal_allowed BEFORE INSERT OR UPDATE ON access_seals
  FOR EACH ROW EXECUTE FUNCTION check_access_seal();

GRANT SELECT ON grants, grant_approvals, desk_orders, desk_order_authorizations, access_seals TO mandate_desk, mandate_vault;
GRANT INSERT ON grants, grant_approvals, desk_orders, desk_order_authorizations, access_seals TO mandate_vault;
GRANT UPDATE (revoked_at, revoked_by) ON grants TO mandate_vault;
GRANT UPDATE (approved_by, approved_session, approved_at, mac, lifted_at, lifted_by) ON access_seals TO mandate_vault;

-- Openings ------------------------------------------------------------------------------------------
-- An entry of the register for a case names grant, right, who agreed (a digest) and the session or order it is done in,
-- and nobody writes one without: number of keys released for cases = number of these entries.
CREATE FUNCTION check_case_access() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  body jsonb := NEW.body::jsonb;
  person text := substr(body->>'actor', 7);
  moment timestamptz := (body->>'at')::timestamptz;
BEGIN
  IF grant_refusal(body->>'grant', person, NEW.authorization_id, body->>'right', moment) IS NOT NULL
     OR (body->>'actor') NOT LIKE 'staff:stf\_%'
     OR (body->>'agreed' ~ '^[0-9a-f]{64}$') IS NOT TRUE
     OR NOT EXISTS (SELECT 1 FROM grants g JOIN cases c ON c.id = g.case_id
                    WHERE g.id = body->>'grant' AND g.case_id = body->>'case'
                      AND ((body ? 'session' AND NOT body ? 'order'
                            AND may_act(body->>'session', person, ARRAY['officer'], c.institution_id, moment))
                        OR (body ? 'order' AND NOT body ? 'session' AND EXISTS (
                              SELECT 1 FROM desk_orders o JOIN desk_order_authorizations x ON x.order_id = o.id
                              WHERE o.id = body->>'order' AND o.grant_id = g.id AND o.requester = person
                                AND o.opened_for = body->>'right' AND o.made_at <= moment
                                AND x.authorization_id = NEW.authorization_id)))) THEN
    RAISE EXCEPTION 'no grant opens this' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER case_access BEFORE INSERT ON access_entries FOR EACH ROW
  WHEN (NEW.body::jsonb->>'purpose' = 'case') EXECUTE FUNCTION check_case_access();

-- At commit: no such entry of the register without its entry in the ledger's queue, and the other way round.
INSERT INTO ledger_writers VALUES ('opening', 'mandate_vault');
CREATE FUNCTION check_case_access_entered() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM ledger_queue q JOIN authorizations a ON a.id = NEW.authorization_id
                 WHERE q.dedupe = 'opening:' || NEW.id AND q.entry::jsonb->>'fact' = NEW.digest
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
                 WHERE 'opening:' || x.id = NEW.dedupe AND x.digest = NEW.entry::jsonb->>'fact'
                   AND a.letter_digest = NEW.entry::jsonb->>'letter' AND x.body::jsonb->>'purpose' = 'case')
     OR NEW.entry::jsonb->>'kind' IS DISTINCT FROM 'opening'
     OR (NEW.entry::jsonb - ARRAY['format', 'kind', 'at', 'letter', 'fact']) <> '{}'::jsonb
     OR octet_length(NEW.entry) > 400 THEN
    RAISE EXCEPTION 'an entry that says something else than its opening' USING ERRCODE = 'MA002';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER queue_case_access AFTER INSERT ON ledger_queue
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.dedupe ~ '^opening:')
  EXECUTE FUNCTION check_access_entry();
-- Whether an entry is in the tree already: the key waits for that.
GRANT SELECT (dedupe, leaf_index) ON ledger_queue TO mandate_vault;
