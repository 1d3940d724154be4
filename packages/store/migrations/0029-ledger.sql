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
