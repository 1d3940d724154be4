-- The access register of each authorization is a chain of its own, which whoever owns the database could rewrite or cut
-- short. So what stands in all of them is entered into the ledger every minute: one entry for all openings of the time.
CREATE TABLE register_anchors (
  number   integer PRIMARY KEY CHECK (number > 0),
  -- All openings with an id after that of the anchor before, up to this one.
  until_id text NOT NULL,
  openings integer NOT NULL CHECK (openings > 0),
  digest   text NOT NULL,
  made_at  timestamptz NOT NULL
);

-- At commit: numbered without gaps, in time, and with its entry in the ledger's queue.
CREATE FUNCTION check_register_anchor() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF (NEW.number > 1 AND NOT EXISTS (
        SELECT 1 FROM register_anchors WHERE number = NEW.number - 1 AND until_id < NEW.until_id))
     OR NOT EXISTS (
        SELECT 1 FROM ledger_queue WHERE dedupe = 'register:' || NEW.number
          AND entry::jsonb->>'digest' = NEW.digest AND (entry::jsonb->>'number')::integer = NEW.number
          AND (entry::jsonb->>'openings')::integer = NEW.openings) THEN
    RAISE EXCEPTION 'an anchor follows the one before and stands in the ledger' USING ERRCODE = 'MA002';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER register_anchor_entry AFTER INSERT ON register_anchors
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_register_anchor();

GRANT SELECT, INSERT ON register_anchors TO mandate_vault;
INSERT INTO ledger_writers VALUES ('register', 'mandate_vault');
