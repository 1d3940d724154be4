-- As before; also where the word that completes it is not the latest (it was longer on its way), and by turns: two requests over the same authorizations may break the glass at the same moment, and each takes
-- the next number. Locked in one order, so that two such requests never wait for each other.
CREATE OR REPLACE FUNCTION announce_broken_glass() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  broken text := (SELECT g.case_id FROM grants g
                  WHERE g.id = NEW.grant_id AND g.break_glass AND EXISTS (SELECT 1 FROM grant_span(g.id, (
                    SELECT max(a.at) FROM grant_approvals a WHERE a.grant_id = NEW.grant_id))));
BEGIN
  IF broken IS NULL THEN
    RETURN NULL;
  END IF;
  PERFORM 1 FROM authorizations a
    WHERE a.id IN (SELECT c.authorization_id FROM case_authorizations c WHERE c.case_id = broken)
    ORDER BY a.id FOR NO KEY UPDATE;
  INSERT INTO webhook_events (institution_id, authorization_id, version, type, at)
  SELECT c.institution_id, a.authorization_id,
         1000000 + (SELECT count(*) FROM webhook_events w
                    WHERE w.authorization_id = a.authorization_id AND w.version >= 1000000),
         'authorization.glass-broken', NEW.at
  FROM cases c JOIN case_authorizations a ON a.case_id = c.id
  WHERE c.id = broken;
  RETURN NULL;
END $$;

-- As before; also what was complete by a later word than this one: a word that comes in late would move when it began,
-- and what was opened in between would no longer be what was agreed to.
CREATE OR REPLACE FUNCTION check_grant_approval() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  asked grants;
  latest timestamptz;
BEGIN
  SELECT * INTO asked FROM grants WHERE id = NEW.grant_id FOR UPDATE;
  latest := greatest(NEW.at, (SELECT max(a.at) FROM grant_approvals a WHERE a.grant_id = NEW.grant_id));
  IF asked.id IS NULL OR asked.requester = NEW.staff_id OR asked.revoked_at IS NOT NULL OR NEW.at < asked.asked_at
     OR NEW.at > asked.asked_at + interval '7 days'
     OR staff_refusal(asked.requester, NEW.at) IS NOT NULL
     OR (NEW.role = 'custodian' AND NOT asked.break_glass)
     OR EXISTS (SELECT 1 FROM grant_span(asked.id, latest))
     OR NOT EXISTS (SELECT 1 FROM cases c WHERE c.id = asked.case_id AND c.step NOT IN ('closed', 'rejected')
                    AND may_act(NEW.session_id, NEW.staff_id, ARRAY[NEW.role], c.institution_id, NEW.at)) THEN
    RAISE EXCEPTION 'this person may not agree to this' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
