-- What one statement alone cannot break any more: trail and projection move together, kinds of
-- events have their writers, and what was used, killed or counted stays so.

-- A repeated code is a step of its own, so the table that core has holds it as well.
INSERT INTO transitions VALUES ('challenged', 'challenged', 'mandate_ra');

-- Events that name no state, and who may write them.
CREATE TABLE event_writers (
  type text NOT NULL,
  role text NOT NULL,
  PRIMARY KEY (type, role)
);
INSERT INTO event_writers VALUES
  ('confirmation-refused', 'mandate_ra'),
  ('attempt-issued', 'mandate_ca'),
  ('attempt-voided', 'mandate_ca'),
  ('report-made', 'mandate_web'),
  ('report-made', 'mandate_desk');
GRANT SELECT ON event_writers TO
  mandate_web, mandate_ra, mandate_ca, mandate_ledger, mandate_worker, mandate_desk;

CREATE OR REPLACE FUNCTION check_event() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  last_digest text;
  body jsonb := NEW.body::jsonb;
BEGIN
  SELECT digest INTO last_digest FROM events WHERE stream = NEW.stream AND version = NEW.version - 1;
  IF NEW.version = 1 THEN
    last_digest := repeat('0', 64);
  END IF;
  IF last_digest IS NULL OR NEW.previous <> last_digest
     OR (body->>'previous') IS DISTINCT FROM NEW.previous
     OR (body->>'stream') IS DISTINCT FROM NEW.stream
     OR (body->>'version') IS DISTINCT FROM NEW.version::text
     OR (body->>'type') IS DISTINCT FROM NEW.type
     OR NEW.digest <> encode(sha256(convert_to('mandate/event/v1' || chr(10) || NEW.body, 'UTF8')), 'hex') THEN
    RAISE EXCEPTION 'event does not continue its trail' USING ERRCODE = 'MA002';
  END IF;
  IF ('mandate_' || (body->>'by')) IS DISTINCT FROM current_user::text THEN
    RAISE EXCEPTION 'event names another writer' USING ERRCODE = 'MA001';
  END IF;
  IF NEW.type = 'requested' THEN
    IF NEW.version <> 1 OR current_user <> 'mandate_web' THEN
      RAISE EXCEPTION 'a trail begins as requested, written by web' USING ERRCODE = 'MA001';
    END IF;
  ELSIF NOT EXISTS (SELECT 1 FROM transitions WHERE to_state = NEW.type AND role = current_user)
    AND NOT EXISTS (SELECT 1 FROM event_writers WHERE type = NEW.type AND role = current_user) THEN
    RAISE EXCEPTION '% may not record %', current_user, NEW.type USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;

-- At commit: the projection's head is the event of its version, and its state is what that event says.
CREATE FUNCTION check_head() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  written events;
  old_state text := CASE WHEN TG_OP = 'UPDATE' THEN OLD.state END;
BEGIN
  SELECT * INTO written FROM events WHERE stream = NEW.id AND version = NEW.version;
  IF NOT FOUND OR written.digest <> NEW.head THEN
    RAISE EXCEPTION 'the projection has no such event' USING ERRCODE = 'MA002';
  END IF;
  IF EXISTS (SELECT 1 FROM event_writers WHERE type = written.type) THEN
    IF NEW.state IS DISTINCT FROM old_state THEN
      RAISE EXCEPTION '% changes no state', written.type USING ERRCODE = 'MA001';
    END IF;
  ELSIF NEW.state <> written.type OR (old_state IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM transitions
    WHERE from_state = old_state AND to_state = written.type
      AND role = 'mandate_' || (written.body::jsonb->>'by')
  )) THEN
    RAISE EXCEPTION 'no step from % by %', old_state, written.type USING ERRCODE = 'MA001';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER authorization_head AFTER INSERT OR UPDATE ON authorizations
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_head();

-- At commit: no event stands beyond the projection, or the trail could never go on.
CREATE FUNCTION check_projected() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM authorizations WHERE id = NEW.stream AND version >= NEW.version) THEN
    RAISE EXCEPTION 'event without its projection' USING ERRCODE = 'MA002';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER event_projected AFTER INSERT ON events
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_projected();

-- A dead code stays dead and its tries stay counted, whoever asks.
CREATE FUNCTION check_challenge() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.tries < OLD.tries
     OR (OLD.dead_at IS NOT NULL AND NEW.dead_at IS DISTINCT FROM OLD.dead_at)
     OR (NEW.sealed_code IS NOT NULL AND NEW.sealed_code IS DISTINCT FROM OLD.sealed_code) THEN
    RAISE EXCEPTION 'a challenge does not come back to life' USING ERRCODE = 'MA001';
  END IF;
  -- The sealed code dies with its challenge, also where role web kills it and cannot see the code.
  IF NEW.dead_at IS NOT NULL THEN
    NEW.sealed_code := NULL;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER challenge_life BEFORE UPDATE ON challenges FOR EACH ROW EXECUTE FUNCTION check_challenge();

CREATE FUNCTION check_ticket() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.used_at IS NOT NULL THEN
    RAISE EXCEPTION 'a ticket is used once' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER ticket_use BEFORE UPDATE ON signing_links FOR EACH ROW EXECUTE FUNCTION check_ticket();

-- Counters grow one by one, and only in the hands of the role whose counters they are.
CREATE FUNCTION check_limit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.scope LIKE 'challenges%') <> (current_user = 'mandate_ra') THEN
    RAISE EXCEPTION '% does not count %', current_user, NEW.scope USING ERRCODE = 'MA001';
  END IF;
  IF NEW.count <> (CASE WHEN TG_OP = 'UPDATE' THEN OLD.count + 1 ELSE 1 END) THEN
    RAISE EXCEPTION 'counters grow one by one' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER limit_growth BEFORE INSERT OR UPDATE ON limits FOR EACH ROW EXECUTE FUNCTION check_limit();
REVOKE UPDATE ON limits FROM mandate_web, mandate_ra;
GRANT UPDATE (count) ON limits TO mandate_web, mandate_ra;

-- An attempt begins as intended; serial, key and times are never rewritten.
CREATE FUNCTION check_new_attempt() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state <> 'intended' THEN
    RAISE EXCEPTION 'an attempt begins as intended' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER attempt_begin BEFORE INSERT ON attempts FOR EACH ROW EXECUTE FUNCTION check_new_attempt();
REVOKE UPDATE ON attempts FROM mandate_ca;
GRANT UPDATE (state, issued_at, voided_at, void_reason) ON attempts TO mandate_ca;

-- A data key may be destroyed, never exchanged.
CREATE FUNCTION check_data_key() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.wrapped IS NOT NULL AND NEW.wrapped IS DISTINCT FROM OLD.wrapped THEN
    RAISE EXCEPTION 'a data key is not exchanged' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER data_key_life BEFORE UPDATE ON data_keys FOR EACH ROW EXECUTE FUNCTION check_data_key();
REVOKE UPDATE ON data_keys FROM mandate_vault;
GRANT UPDATE (wrapped, shredded_at) ON data_keys TO mandate_vault;

-- An entry of the ledger keeps its place; the tree only grows.
CREATE FUNCTION check_place() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.leaf_index IS NOT NULL THEN
    RAISE EXCEPTION 'an entry keeps its place' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER queue_place BEFORE UPDATE ON ledger_queue FOR EACH ROW EXECUTE FUNCTION check_place();

CREATE FUNCTION check_growth() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.size <= OLD.size THEN
    RAISE EXCEPTION 'the ledger only grows' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER head_growth BEFORE UPDATE ON ledger_head FOR EACH ROW EXECUTE FUNCTION check_growth();

-- The idempotency key's own columns are not rewritten.
REVOKE UPDATE ON idempotency FROM mandate_web;
GRANT UPDATE (response_status, response_body, started_at) ON idempotency TO mandate_web;
