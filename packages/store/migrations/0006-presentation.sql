-- What was shown and chosen, how a code travels, a pause where somebody was pressed, ways in by letter number.

-- A letter may be shown again with other choices until it is confirmed; live codes die with the old scene.
INSERT INTO transitions VALUES
  ('presented', 'presented', 'mandate_web'),
  ('challenged', 'presented', 'mandate_web');

-- At commit: no `presented` without its record, and no code for a scene that is no longer shown.
CREATE FUNCTION check_presentation() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM personal_data
    WHERE authorization_id = NEW.stream AND field = 'presentation/' || NEW.version
  ) THEN
    RAISE EXCEPTION 'a presentation without its record' USING ERRCODE = 'MA002';
  END IF;
  IF EXISTS (SELECT 1 FROM authorizations WHERE id = NEW.stream AND version = NEW.version)
     AND EXISTS (SELECT 1 FROM challenges WHERE authorization_id = NEW.stream AND dead_at IS NULL) THEN
    RAISE EXCEPTION 'codes of an older presentation are alive' USING ERRCODE = 'MA001';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER presentation_record AFTER INSERT ON events
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.type = 'presented')
  EXECUTE FUNCTION check_presentation();
-- The trigger runs as whoever wrote the event, so role web must see what it checks (dead_at it sees already).

ALTER TABLE challenges ADD COLUMN channel text NOT NULL DEFAULT 'sms' CHECK (channel IN ('sms', 'voice'));
GRANT SELECT (channel) ON challenges TO mandate_web, mandate_worker;

-- Somebody said that they were being told to sign: their later letters wait, whichever institution asks.
CREATE TABLE pauses (
  subject_key bytea NOT NULL CHECK (length(subject_key) = 32),
  authorization_id text NOT NULL REFERENCES authorizations,
  at          timestamptz NOT NULL,
  PRIMARY KEY (subject_key, authorization_id)
);
GRANT SELECT, INSERT ON pauses TO mandate_ra;
INSERT INTO wakers VALUES ('note-pause', 'mandate_web');

-- Keys the digest that stands for a visitor's address in counters; drawn here, never shown.
INSERT INTO settings VALUES
  ('address-salt', replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''));

-- Role ledger records which builds are served; `deploy` entries alone are its own.
GRANT INSERT ON ledger_queue TO mandate_ledger;
