-- Agreeing is an act of its own: whoever is the second person for a grant, a dispute's outcome, a court's seal or a
-- template answers, with their own authenticator or once more at the organisation's sign-in, over the digest of exactly
-- what they agree to. Role vault asks, checks and keeps the answer; a click in a session agrees to nothing.

-- When the identity provider saw the person, epoch seconds, as its token said; kept from here on.
-- A word from the future would be later than all that follow.
ALTER TABLE staff_sessions ADD COLUMN auth_time bigint CHECK (auth_time IS NULL OR means = 'oidc'),
  ADD CONSTRAINT auth_time_past CHECK (auth_time <= extract(epoch FROM opened_at) + 300);

-- One question, answered once within minutes; what was answered stays for ever, so that it can be checked again.
CREATE TABLE staff_agreements (
  id          text PRIMARY KEY,
  act         text NOT NULL CHECK (act IN ('grant', 'outcome', 'seal', 'template')),
  -- Id of what is agreed to.
  subject     text NOT NULL CHECK (subject <> ''),
  -- Of all that it says, as the person agrees to it.
  digest      text NOT NULL CHECK (digest ~ '^[0-9a-f]{64}$'),
  staff_id    text NOT NULL REFERENCES staff,
  session_id  text NOT NULL REFERENCES staff_sessions,
  nonce       bytea NOT NULL UNIQUE CHECK (octet_length(nonce) = 32),
  means       text NOT NULL CHECK (means IN ('passkey', 'oidc')),
  made_at     timestamptz NOT NULL,
  ends_at     timestamptz NOT NULL CHECK (ends_at > made_at AND ends_at <= made_at + interval '5 minutes'),
  answered_at timestamptz CHECK (answered_at >= made_at AND answered_at < ends_at),
  -- Canonical JSON: the assertion, or what the checked ID token said and its digest.
  proof       text CHECK (jsonb_typeof(proof::jsonb) = 'object'),
  -- Over all of this, keyed by a secret of role vault's; anew with the answer.
  mac         bytea NOT NULL CHECK (octet_length(mac) = 32),
  -- Of the identity provider's word, epoch seconds: each time it sees the person serves once.
  auth_time   bigint,
  CONSTRAINT auth_time_once UNIQUE (staff_id, auth_time),
  CONSTRAINT auth_time_past CHECK (auth_time <= extract(epoch FROM answered_at) + 300),
  CONSTRAINT answered_whole CHECK ((answered_at IS NULL) = (proof IS NULL)
    AND (auth_time IS NOT NULL) = (answered_at IS NOT NULL AND means = 'oidc'))
);
CREATE INDEX staff_agreements_old ON staff_agreements (staff_id, ends_at) WHERE answered_at IS NULL;
-- The provider's latest word by which that person came in or agreed.
CREATE FUNCTION last_auth_time(p_staff text) RETURNS bigint LANGUAGE sql STABLE
  SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT greatest((SELECT max(auth_time) FROM staff_sessions WHERE staff_id = p_staff),
                  (SELECT max(auth_time) FROM staff_agreements WHERE staff_id = p_staff))
$$;
CREATE FUNCTION check_agreement() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.answered_at IS NOT NULL OR NOT EXISTS (
         SELECT 1 FROM staff_sessions x WHERE x.id = NEW.session_id AND x.staff_id = NEW.staff_id
           AND x.means = NEW.means AND x.ended_at IS NULL AND NEW.made_at < x.ends_at
           AND staff_refusal(x.staff_id, NEW.made_at) IS NULL) THEN
      RAISE EXCEPTION 'nobody is asked outside of their session' USING ERRCODE = 'MA001';
    END IF;
    RETURN NEW;
  END IF;
  IF OLD.answered_at IS NOT NULL OR (TG_OP = 'UPDATE' AND (NEW.answered_at IS NULL
       OR NEW.auth_time <= last_auth_time(NEW.staff_id)
       OR to_jsonb(NEW) - ARRAY['answered_at', 'proof', 'auth_time', 'mac'] IS DISTINCT FROM
          to_jsonb(OLD) - ARRAY['answered_at', 'proof', 'auth_time', 'mac'])) THEN
    RAISE EXCEPTION 'a question is answered, once, and an answer stays' USING ERRCODE = 'MA001';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER agreement_once BEFORE INSERT OR UPDATE OR DELETE ON staff_agreements
  FOR EACH ROW EXECUTE FUNCTION check_agreement();
GRANT SELECT, INSERT, UPDATE (answered_at, proof, auth_time, mac), DELETE ON staff_agreements TO mandate_vault;

-- Whether that person said so, of that, in that session, at that moment. THE predicate for rows that say somebody agreed.
CREATE FUNCTION has_agreed(p_agreement text, p_act text, p_subject text, p_staff text, p_session text, p_at timestamptz)
  RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM staff_agreements a
    WHERE a.id = p_agreement AND a.act = p_act AND a.subject = p_subject AND a.staff_id = p_staff
      AND a.session_id = p_session AND a.answered_at = p_at)
$$;

-- One answer, one agreement. Null: agreed to before there were answers.
ALTER TABLE grant_approvals ADD COLUMN agreement_id text UNIQUE REFERENCES staff_agreements;
ALTER TABLE hold_votes ADD COLUMN agreement_id text UNIQUE REFERENCES staff_agreements;
ALTER TABLE access_seals ADD COLUMN agreement_id text UNIQUE REFERENCES staff_agreements;
GRANT UPDATE (agreement_id) ON access_seals TO mandate_vault;

CREATE FUNCTION check_agreed() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  agreed boolean;
BEGIN
  CASE TG_TABLE_NAME
    WHEN 'grant_approvals' THEN
      agreed := has_agreed(NEW.agreement_id, 'grant', NEW.grant_id, NEW.staff_id, NEW.session_id, NEW.at);
    WHEN 'hold_votes' THEN
      agreed := CASE NEW.act WHEN 'propose' THEN NEW.agreement_id IS NULL
        ELSE has_agreed(NEW.agreement_id, 'outcome', NEW.hold_id, NEW.staff_id, NEW.session_id, NEW.at) END;
    WHEN 'access_seals' THEN
      agreed := CASE WHEN NEW.approved_by IS NULL THEN NEW.agreement_id IS NULL
        WHEN TG_OP = 'UPDATE' AND OLD.approved_by IS NOT NULL THEN NEW.agreement_id IS NOT DISTINCT FROM OLD.agreement_id
        ELSE has_agreed(NEW.agreement_id, 'seal', NEW.id, NEW.approved_by, NEW.approved_session, NEW.approved_at) END;
  END CASE;
  IF agreed IS NOT TRUE THEN
    RAISE EXCEPTION 'nobody''s authenticator has said so' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER approval_agreed BEFORE INSERT ON grant_approvals FOR EACH ROW EXECUTE FUNCTION check_agreed();
CREATE TRIGGER vote_agreed BEFORE INSERT ON hold_votes FOR EACH ROW EXECUTE FUNCTION check_agreed();

-- What was agreed to by a click counts no more; nothing of it is in production. Grants live three days: they are asked
-- for anew, and end with the last that was done under them. Seals wait again for somebody to agree, and hide nothing
-- until then. Disputes that have ended stay ended.
UPDATE grants g SET revoked_by = 'migration 0034', revoked_at = greatest(
    (SELECT max(a.at) FROM grant_approvals a WHERE a.grant_id = g.id),
    (SELECT max((x.body::jsonb->>'at')::timestamptz) FROM access_entries x
     WHERE x.body LIKE '%"purpose":"case"%' AND x.body::jsonb->>'grant' = g.id))
  WHERE revoked_at IS NULL AND EXISTS (SELECT 1 FROM grant_approvals a WHERE a.grant_id = g.id);
ALTER TABLE access_seals DISABLE TRIGGER access_seal_allowed;
UPDATE access_seals SET approved_by = NULL, approved_session = NULL, approved_at = NULL, mac = NULL
  WHERE approved_by IS NOT NULL;
ALTER TABLE access_seals ENABLE TRIGGER access_seal_allowed;
CREATE TRIGGER seal_agreed BEFORE INSERT OR UPDATE ON access_seals FOR EACH ROW EXECUTE FUNCTION check_agreed();

-- As before; the word by which it was agreed to comes with the approval.
CREATE OR REPLACE FUNCTION check_access_seal() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  institution text := (SELECT institution_id FROM cases WHERE id = NEW.case_id);
BEGIN
  IF TG_OP = 'INSERT' AND (NEW.approved_by IS NOT NULL OR NEW.lifted_at IS NOT NULL
       OR NOT may_act(NEW.asked_session, NEW.asked_by, ARRAY['officer'], institution, NEW.asked_at))
     OR TG_OP = 'UPDATE' AND (
       to_jsonb(NEW) - ARRAY['approved_by', 'approved_session', 'approved_at', 'agreement_id', 'mac', 'lifted_at',
         'lifted_by']
         IS DISTINCT FROM
       to_jsonb(OLD) - ARRAY['approved_by', 'approved_session', 'approved_at', 'agreement_id', 'mac', 'lifted_at',
         'lifted_by']
       OR OLD.lifted_at IS NOT NULL
       OR (OLD.approved_by IS NOT NULL AND (NEW.approved_by, NEW.approved_session, NEW.approved_at, NEW.mac)
            IS DISTINCT FROM (OLD.approved_by, OLD.approved_session, OLD.approved_at, OLD.mac))
       OR (OLD.approved_by IS NULL AND NEW.approved_by IS NOT NULL AND (NEW.approved_at < NEW.asked_at
            OR NOT may_act(NEW.approved_session, NEW.approved_by, ARRAY['approver'], institution, NEW.approved_at)))) THEN
    RAISE EXCEPTION 'this person may not seal this' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;

-- As before, of approvals that somebody's authenticator gave.
CREATE OR REPLACE FUNCTION grant_span(p_grant text, p_at timestamptz)
  RETURNS TABLE (good_from timestamptz, good_until timestamptz)
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
      WHERE a.grant_id = g.id AND a.at <= p_at AND a.staff_id <> g.requester AND a.agreement_id IS NOT NULL
        AND staff_refusal(a.staff_id, p_at) IS NULL
        AND EXISTS (SELECT 1 FROM staff_roles r WHERE r.staff_id = a.staff_id AND r.role = a.role
                    AND r.given_at <= a.at AND r.ended_at IS NULL)
    ) x
  ) d ON d.people >= CASE WHEN g.break_glass THEN 3 ELSE 2 END AND (NOT g.break_glass OR d.custodians > 0)
  WHERE g.id = p_grant AND g.revoked_at IS NULL
$$;

-- As before; the second person's word is one of an authenticator.
CREATE OR REPLACE FUNCTION check_hold_voted() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF (NEW.proposed_by, NEW.proposed_at, NEW.outcome, NEW.grounds)
       IS DISTINCT FROM (OLD.proposed_by, OLD.proposed_at, OLD.outcome, OLD.grounds)
     AND NOT EXISTS (SELECT 1 FROM hold_votes v WHERE v.hold_id = NEW.id AND v.act = 'propose'
                     AND v.at = NEW.proposed_at AND v.outcome = NEW.outcome AND v.proposal = hold_proposal(NEW)
                     AND 'desk:' || v.staff_id = NEW.proposed_by)
     OR NEW.resolved_by IS DISTINCT FROM OLD.resolved_by
     AND NOT EXISTS (SELECT 1 FROM hold_votes v WHERE v.hold_id = NEW.id AND v.act = 'approve'
                     AND v.agreement_id IS NOT NULL
                     AND v.at >= NEW.proposed_at AND v.outcome = NEW.outcome AND v.proposal = hold_proposal(NEW)
                     AND 'desk:' || v.staff_id = NEW.resolved_by) THEN
    RAISE EXCEPTION 'nobody of the desk has said so' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
