-- What a hostile review found: the rules themselves could be shadowed, a gate could be claimed,
-- messages could be multiplied.

-- A temporary table of the same name must not stand in for the tables the rules read.
DO $$
DECLARE
  rule regprocedure;
BEGIN
  FOR rule IN
    SELECT p.oid::regprocedure FROM pg_proc p
    WHERE p.pronamespace = 'public'::regnamespace AND p.prorettype = 'trigger'::regtype
  LOOP
    EXECUTE format('ALTER FUNCTION %s SET search_path = pg_catalog, public, pg_temp', rule);
  END LOOP;
  EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
END $$;

-- How a visit really passed the gate.
ALTER TABLE visits ADD COLUMN gate text CHECK (gate IN ('last-six', 'institution'));
GRANT UPDATE (gate) ON visits TO mandate_web;

-- A challenge is sent a few times at most, whoever wakes whom how often.
ALTER TABLE challenges ADD COLUMN sends integer NOT NULL DEFAULT 0;
ALTER TABLE challenges DROP COLUMN sent_at;
GRANT UPDATE (sends) ON challenges TO mandate_ra;

-- Who may wake whom.
CREATE TABLE wakers (
  topic text NOT NULL,
  role  text NOT NULL,
  PRIMARY KEY (topic, role)
);
INSERT INTO wakers VALUES
  ('send-code', 'mandate_ra'),
  ('integrate-ledger', 'mandate_ca'),
  ('finish-attempt', 'mandate_web'),
  ('archive-letter', 'mandate_ledger');
GRANT SELECT ON wakers TO mandate_web, mandate_ra, mandate_ca, mandate_ledger, mandate_worker;

CREATE FUNCTION check_wake() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM wakers WHERE topic = NEW.topic AND role = current_user) THEN
    RAISE EXCEPTION '% does not wake %', current_user, NEW.topic USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER outbox_waker BEFORE INSERT ON outbox FOR EACH ROW EXECUTE FUNCTION check_wake();
