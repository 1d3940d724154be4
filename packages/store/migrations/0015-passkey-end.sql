-- The end of a passkey, and of what entering "my authorizations" leaves behind.

ALTER TABLE passkeys
  -- What keeps it, as far as its registration said.
  ADD COLUMN kind text NOT NULL DEFAULT 'unknown' CHECK (kind IN ('security-key', 'synced', 'device', 'unknown')),
  ADD COLUMN last_used_at timestamptz,
  ADD COLUMN revoked_why text CHECK (revoked_why IN ('subject', 'dispute')),
  -- How often the message about its registration was fetched for delivery.
  ADD COLUMN tells integer NOT NULL DEFAULT 0,
  ADD CONSTRAINT revocation_whole CHECK ((revoked_at IS NULL) = (revoked_why IS NULL));
CREATE INDEX passkeys_registered_under ON passkeys (authorization_id);
CREATE INDEX passkeys_by_challenge ON passkeys (challenge_digest);
CREATE INDEX passkeys_all_of_subject ON passkeys (subject_key);

-- A ceremony may have shown by both who was there.
ALTER TABLE passkeys DROP CONSTRAINT passkeys_proven_by_check;
ALTER TABLE passkeys ALTER COLUMN proven_by TYPE text[] USING ARRAY[proven_by];
ALTER TABLE passkeys ADD CONSTRAINT proven
  CHECK (cardinality(proven_by) > 0 AND proven_by <@ ARRAY['sms-code', 'passkey']);

-- A counter never goes back, what was revoked stays revoked, what was told was told.
CREATE OR REPLACE FUNCTION check_passkey() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  told passkeys := OLD;
BEGIN
  told.tells := NEW.tells;
  IF NEW.counter < OLD.counter OR NEW.tells < OLD.tells OR NEW.last_used_at < OLD.last_used_at
     OR (OLD.revoked_at IS NOT NULL AND NEW IS DISTINCT FROM told) THEN
    RAISE EXCEPTION 'a passkey does not go back' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;

-- At commit: no end without its event and its ledger entry, and a dispute ends it only when it was upheld.
CREATE FUNCTION check_passkey_end() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  said jsonb;
BEGIN
  SELECT e.body::jsonb->'data' INTO said FROM events e
  WHERE e.stream = NEW.authorization_id AND e.type = 'passkey-revoked' AND e.body::jsonb->'data'->>'passkey' = NEW.id;
  IF said IS NULL OR said->>'why' IS DISTINCT FROM NEW.revoked_why
     OR NOT EXISTS (SELECT 1 FROM ledger_queue WHERE dedupe = 'credential-end:' || NEW.id)
     OR (NEW.revoked_why = 'dispute' AND NOT EXISTS (
       SELECT 1 FROM holds WHERE id = said->>'ref' AND outcome = 'upheld' AND resolved_at IS NOT NULL)) THEN
    RAISE EXCEPTION 'the end of a passkey without its event, ledger entry or reason' USING ERRCODE = 'MA002';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER passkey_end AFTER UPDATE OF revoked_at ON passkeys
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (OLD.revoked_at IS NULL AND NEW.revoked_at IS NOT NULL) EXECUTE FUNCTION check_passkey_end();

-- And the other way round: no such entry, and no such event, about a passkey that lives on. An entry names the same
-- commitment as the one of the registration.
CREATE FUNCTION check_passkey_end_entry() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  said jsonb := NEW.entry::jsonb;
  passkey text := split_part(NEW.dedupe, ':', 2);
BEGIN
  IF (said - ARRAY['format', 'kind', 'at', 'credential']) <> '{}'::jsonb
     OR NOT EXISTS (SELECT 1 FROM passkeys WHERE id = passkey AND revoked_at IS NOT NULL)
     OR (SELECT entry::jsonb->>'credential' FROM ledger_queue WHERE dedupe = 'credential:' || passkey)
        IS DISTINCT FROM said->>'credential' THEN
    RAISE EXCEPTION 'an entry about the end of a passkey that has not ended' USING ERRCODE = 'MA002';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER queue_passkey_end AFTER INSERT ON ledger_queue
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (NEW.dedupe LIKE 'credential-end:%') EXECUTE FUNCTION check_passkey_end_entry();

CREATE FUNCTION check_passkey_end_event() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM passkeys WHERE id = NEW.body::jsonb->'data'->>'passkey'
                 AND authorization_id = NEW.stream AND revoked_at IS NOT NULL) THEN
    RAISE EXCEPTION 'an event about the end of a passkey that has not ended' USING ERRCODE = 'MA002';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER event_passkey_end AFTER INSERT ON events
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (NEW.type = 'passkey-revoked') EXECUTE FUNCTION check_passkey_end_event();

INSERT INTO event_writers VALUES ('passkey-revoked', 'mandate_ra');
INSERT INTO ledger_writers VALUES ('credential-end', 'mandate_ra');
INSERT INTO wakers VALUES ('tell-passkey', 'mandate_ra'), ('end-passkeys', 'mandate_desk');

GRANT UPDATE (last_used_at, revoked_why, tells) ON passkeys TO mandate_ra;
GRANT SELECT (id, authorization_id, outcome, resolved_at) ON holds TO mandate_ra;

-- Whose passkey it would be: person and number without the name. Rows from before have none.
ALTER TABLE subject_index ADD COLUMN owner_key bytea CHECK (length(owner_key) = 32);

-- Which passkeys a visit sees and may end: those registered under what it sees; and, where the number was proven,
-- all of that person and number, so that none hides behind a letter that misspelt the name. On an institution's
-- word alone nobody learns of other institutions.
CREATE FUNCTION own_passkeys(p_visit text) RETURNS SETOF passkeys LANGUAGE sql STABLE
  SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT p.* FROM passkeys p WHERE p.id IN (
    SELECT r.id FROM own_authorizations(p_visit) AS a (id) JOIN passkeys r ON r.authorization_id = a.id
    UNION
    SELECT r.id FROM own_authorizations(p_visit) AS a (id)
    JOIN subject_index s ON s.authorization_id = a.id
    JOIN own_visits v ON v.id = p_visit AND v.means <> 'own-link'
    JOIN passkeys r ON r.subject_key = s.owner_key)
  ORDER BY p.created_at DESC, p.id DESC
$$;

-- What entering leaves behind, and old counters. No role may delete from these tables at its discretion: role ra
-- says what time it is, how long each is kept stands here. A visit outlives its link, whose id it holds.
CREATE FUNCTION purge_entries(p_at timestamptz) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  gone integer;
  purged integer := 0;
BEGIN
  DELETE FROM own_challenges WHERE expires_at < p_at - interval '1 day';
  GET DIAGNOSTICS gone = ROW_COUNT;
  purged := purged + gone;
  DELETE FROM own_visits WHERE ends_at < p_at - interval '30 days';
  GET DIAGNOSTICS gone = ROW_COUNT;
  purged := purged + gone;
  DELETE FROM own_links l WHERE l.expires_at < p_at - interval '30 days'
    AND NOT EXISTS (SELECT 1 FROM own_visits v WHERE v.own_link_id = l.id);
  GET DIAGNOSTICS gone = ROW_COUNT;
  purged := purged + gone;
  -- The longest window is a week.
  DELETE FROM limits WHERE window_start < p_at - interval '15 days';
  GET DIAGNOSTICS gone = ROW_COUNT;
  RETURN purged + gone;
END $$;
REVOKE ALL ON FUNCTION purge_entries(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION purge_entries(timestamptz) TO mandate_ra;
CREATE INDEX own_challenges_over ON own_challenges (expires_at);
CREATE INDEX own_visits_over ON own_visits (ends_at);
CREATE INDEX limits_over ON limits (window_start);
