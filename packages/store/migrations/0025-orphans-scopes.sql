-- A data key is made before what it is for is committed: a crash in between leaves a key that opens bytes nobody
-- asks for. A day later it goes. What comes to be committed after all must still have its key: the references say so,
-- and they settle the race between a late commit and the sweep.
ALTER TABLE authorizations ADD CONSTRAINT authorization_has_key FOREIGN KEY (id) REFERENCES data_keys NOT VALID;
ALTER TABLE bulks ADD CONSTRAINT bulk_has_key FOREIGN KEY (id) REFERENCES data_keys NOT VALID;
CREATE INDEX data_keys_made ON data_keys (made_at);

-- Every key made before this moment was looked at: each is looked at once, however many there are.
CREATE TABLE data_keys_swept (
  one   boolean PRIMARY KEY DEFAULT true CHECK (one),
  up_to timestamptz NOT NULL
);
INSERT INTO data_keys_swept (up_to) VALUES ('-infinity');

-- Role vault says what time it is; how long a key waits stands here. Returns how many were deleted.
CREATE FUNCTION sweep_orphan_keys(p_at timestamptz) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  since timestamptz;
  until timestamptz := p_at - interval '1 day';
  gone integer;
BEGIN
  SELECT up_to INTO since FROM data_keys_swept FOR UPDATE;
  IF until <= since THEN
    RETURN 0;
  END IF;
  DELETE FROM data_keys k
    WHERE k.made_at >= since AND k.made_at < until
      AND CASE WHEN k.authorization_id LIKE 'aut\_%' THEN
                 NOT EXISTS (SELECT 1 FROM authorizations a WHERE a.id = k.authorization_id)
               WHEN k.authorization_id LIKE 'blk\_%' THEN
                 NOT EXISTS (SELECT 1 FROM bulks b WHERE b.id = k.authorization_id)
               WHEN k.authorization_id LIKE 'img\_%' THEN
                 NOT EXISTS (SELECT 1 FROM id_images i WHERE i.id = k.authorization_id)
               ELSE false END;
  GET DIAGNOSTICS gone = ROW_COUNT;
  UPDATE data_keys_swept SET up_to = until;
  RETURN gone;
END $$;
REVOKE ALL ON FUNCTION sweep_orphan_keys(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sweep_orphan_keys(timestamptz) TO mandate_vault;

-- An authorization ends by the event that its letter agreed on, and by no other.
CREATE FUNCTION check_end_event() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM scopes s
                 WHERE s.authorization_id = NEW.authorization_id AND s.end_event = NEW.event) THEN
    RAISE EXCEPTION 'not the event that was agreed' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER end_agreed BEFORE INSERT ON ends FOR EACH ROW EXECUTE FUNCTION check_end_event();

-- Facts whose receipt is not there or not stamped, each noted with the fact and struck off with the stamp: the sweep
-- reads what is due, not every fact there ever was.
CREATE TABLE receipts_due (
  fact_id text PRIMARY KEY,
  at      timestamptz NOT NULL
);
CREATE INDEX receipts_due_by_age ON receipts_due (at);
INSERT INTO receipts_due SELECT id, at FROM unstamped_facts ON CONFLICT DO NOTHING;

-- Arguments: the columns that hold the fact's id and its time; while one is null there is no fact.
CREATE FUNCTION note_receipt_due() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  INSERT INTO receipts_due
    SELECT f.id, f.at FROM (SELECT to_jsonb(NEW) ->> TG_ARGV[0] AS id, (to_jsonb(NEW) ->> TG_ARGV[1])::timestamptz AS at) f
    WHERE f.id IS NOT NULL AND f.at IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM receipts r WHERE r.fact_id = f.id AND r.token IS NOT NULL)
    ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION note_receipt_due() FROM PUBLIC;
CREATE TRIGGER redemption_due AFTER INSERT ON redemptions FOR EACH ROW EXECUTE FUNCTION note_receipt_due('id', 'at');
CREATE TRIGGER withdrawal_due AFTER INSERT ON withdrawals FOR EACH ROW EXECUTE FUNCTION note_receipt_due('id', 'at');
CREATE TRIGGER end_due AFTER INSERT ON ends FOR EACH ROW EXECUTE FUNCTION note_receipt_due('id', 'at');
CREATE TRIGGER release_due AFTER INSERT ON subject_releases FOR EACH ROW EXECUTE FUNCTION note_receipt_due('id', 'at');
CREATE TRIGGER restriction_due AFTER INSERT ON restrictions FOR EACH ROW EXECUTE FUNCTION note_receipt_due('id', 'at');
CREATE TRIGGER erasure_due AFTER INSERT ON erasures FOR EACH ROW EXECUTE FUNCTION note_receipt_due('id', 'at');
CREATE TRIGGER hold_due AFTER INSERT ON holds FOR EACH ROW EXECUTE FUNCTION note_receipt_due('id', 'opened_at');
CREATE TRIGGER resolution_due AFTER UPDATE OF resolved_at ON holds
  FOR EACH ROW EXECUTE FUNCTION note_receipt_due('resolution_id', 'resolved_at');
CREATE TRIGGER id_image_due AFTER UPDATE OF destroyed_at ON id_images
  FOR EACH ROW EXECUTE FUNCTION note_receipt_due('id', 'destroyed_at');

CREATE FUNCTION strike_receipt_due() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  DELETE FROM receipts_due WHERE fact_id = NEW.fact_id;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION strike_receipt_due() FROM PUBLIC;
CREATE TRIGGER receipt_stamped AFTER INSERT OR UPDATE ON receipts
  FOR EACH ROW WHEN (NEW.token IS NOT NULL) EXECUTE FUNCTION strike_receipt_due();

CREATE OR REPLACE VIEW unstamped_facts AS SELECT fact_id AS id, at FROM receipts_due;
-- What is over, by its age: looked at for erasure.
CREATE INDEX restrictions_own ON restrictions (authorization_id) WHERE own;
