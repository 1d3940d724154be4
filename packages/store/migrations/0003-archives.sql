-- Letters at level B-LTA and their renewals: one row a generation, none ever changed or removed.
CREATE TABLE archives (
  authorization_id text NOT NULL REFERENCES authorizations,
  generation       integer NOT NULL CHECK (generation > 0),
  level            text NOT NULL CHECK (level = 'B-LTA'),
  object           text NOT NULL UNIQUE,
  digest           text NOT NULL,
  made_at          timestamptz NOT NULL,
  renew_from       timestamptz NOT NULL,
  renew_by         timestamptz NOT NULL CHECK (renew_by >= renew_from),
  PRIMARY KEY (authorization_id, generation)
);
CREATE INDEX archives_renewal ON archives (renew_from);
-- What is released and not archived yet is looked for again and again.
CREATE INDEX authorizations_released ON authorizations (updated_at) WHERE state = 'released';

CREATE FUNCTION check_archive() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM authorizations WHERE id = NEW.authorization_id AND state = 'released') THEN
    RAISE EXCEPTION 'nothing is archived before it is released' USING ERRCODE = 'MA001';
  END IF;
  IF NEW.generation > 1 AND NOT EXISTS (
    SELECT 1 FROM archives WHERE authorization_id = NEW.authorization_id AND generation = NEW.generation - 1
  ) THEN
    RAISE EXCEPTION 'generations are dense' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER archive_generation BEFORE INSERT ON archives FOR EACH ROW EXECUTE FUNCTION check_archive();

GRANT SELECT, INSERT ON archives TO mandate_ca;
GRANT SELECT ON archives TO mandate_web, mandate_worker, mandate_desk;
