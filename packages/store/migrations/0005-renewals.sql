-- Every generation of an archived letter stands in the ledger, and a code whose wake-up was lost is found.

-- At commit: no generation without its entry, and the entry is about this letter.
CREATE FUNCTION check_renewal() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  written jsonb;
BEGIN
  SELECT entry::jsonb INTO written FROM ledger_queue
  WHERE dedupe = 'renewal:' || NEW.authorization_id || ':' || NEW.generation;
  IF written IS NULL OR (written->>'kind') IS DISTINCT FROM 'renewal'
     OR (written->>'letter') IS DISTINCT FROM NEW.digest
     OR (written->>'generation') IS DISTINCT FROM NEW.generation::text
     OR (NEW.generation > 1 AND (written->>'previous') IS DISTINCT FROM (
       SELECT digest FROM archives
       WHERE authorization_id = NEW.authorization_id AND generation = NEW.generation - 1
     )) THEN
    RAISE EXCEPTION 'a generation without its ledger entry' USING ERRCODE = 'MA002';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER archive_entry AFTER INSERT ON archives
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_renewal();

-- The worker sees that a code waits for delivery, nothing of the code.
GRANT SELECT (id, made_at, expires_at, dead_at, sends) ON challenges TO mandate_worker;
CREATE INDEX challenges_unsent ON challenges (expires_at) WHERE dead_at IS NULL AND sends = 0;
