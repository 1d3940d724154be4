-- Role ca signs no certificate on a record that is behind what was published: it looks for itself.
GRANT SELECT ON ledger_checkpoints, ledger_published, ledger_entries TO mandate_ca;

-- Heads as timestamp authorities stamped them: numbered without gaps, never an older head after a newer one.
CREATE TABLE ledger_stamps (
  number     integer PRIMARY KEY CHECK (number >= 0),
  size       bigint NOT NULL UNIQUE REFERENCES ledger_checkpoints,
  token      bytea NOT NULL,
  stamped_at timestamptz NOT NULL,
  published  boolean NOT NULL DEFAULT false
);
GRANT SELECT, INSERT, UPDATE (published) ON ledger_stamps TO mandate_ledger;

CREATE FUNCTION check_stamp() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.number <> (SELECT count(*) FROM ledger_stamps)
     OR EXISTS (SELECT 1 FROM ledger_stamps WHERE size >= NEW.size) THEN
    RAISE EXCEPTION 'stamps follow each other' USING ERRCODE = 'MA002';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER stamps_follow BEFORE INSERT ON ledger_stamps FOR EACH ROW EXECUTE FUNCTION check_stamp();

-- Keys of roles and authorities, entered by whoever uses them; reports, by whoever makes them.
INSERT INTO ledger_writers VALUES
  ('key-event', 'mandate_ca'),
  ('key-event', 'mandate_seal'),
  ('key-event', 'mandate_ledger'),
  ('report', 'mandate_web'),
  ('report', 'mandate_desk');
GRANT SELECT ON ledger_writers TO mandate_seal;
GRANT INSERT (dedupe, entry), SELECT (dedupe) ON ledger_queue TO mandate_seal;

-- A role speaks of its own keys alone; role ledger, which looks at what is published, of all.
CREATE FUNCTION check_key_event() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  said jsonb := NEW.entry::jsonb;
  purpose text := said->>'purpose';
BEGIN
  IF NEW.dedupe <> concat_ws(':', 'key-event', said->>'event', purpose, said->>'key')
     OR octet_length(NEW.entry) > 400
     OR current_user = 'mandate_ca' AND (purpose NOT IN ('scene-ca', 'ocsp') OR said->>'event' <> 'in-use')
     OR current_user = 'mandate_seal'
        AND (purpose NOT IN ('seal', 'report-seal', 'receipt') OR said->>'event' <> 'in-use') THEN
    RAISE EXCEPTION 'not a key of this role' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER queue_key_event BEFORE INSERT ON ledger_queue FOR EACH ROW
  WHEN (NEW.dedupe LIKE 'key-event:%') EXECUTE FUNCTION check_key_event();

-- What the entry of a report says: of which letter, and the digest of a report that has a row.
CREATE FUNCTION check_report_entry() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  said jsonb := NEW.entry::jsonb;
BEGIN
  IF (said - ARRAY['format', 'kind', 'at', 'letter', 'report']) <> '{}'::jsonb
     OR octet_length(NEW.entry) > 400
     OR NOT EXISTS (
       SELECT 1 FROM reports r JOIN authorizations a ON a.id = r.authorization_id
       WHERE 'report:' || r.id = NEW.dedupe AND a.letter_digest = said->>'letter') THEN
    RAISE EXCEPTION 'an entry of no report' USING ERRCODE = 'MA002';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER queue_report BEFORE INSERT ON ledger_queue FOR EACH ROW
  WHEN (NEW.dedupe LIKE 'report:%') EXECUTE FUNCTION check_report_entry();

-- Letters that wait for their release, looked for in every round.
CREATE INDEX authorizations_signed ON authorizations (id) WHERE state = 'signed';
