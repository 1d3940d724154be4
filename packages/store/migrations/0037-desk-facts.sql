-- What is taken back at the desk, and each change of an account, has its entry in the ledger, in the same transaction:
-- whoever owns the database can put a row back as it was, and then record and ledger say different things. Samples are
-- drawn by a seed that the ledger's next head settles.

INSERT INTO ledger_writers VALUES ('desk', 'mandate_vault');
-- Accounts are the owner's, by command; the command enters what it does to them.
CREATE OR REPLACE FUNCTION check_entry() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  entry_kind text := NEW.entry::jsonb->>'kind';
BEGIN
  IF NOT EXISTS (SELECT 1 FROM ledger_writers w WHERE w.kind = entry_kind AND w.role = current_user)
     AND (NEW.dedupe LIKE 'desk:change:%'
          AND pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'MEMBER')) IS NOT TRUE THEN
    RAISE EXCEPTION '% does not write % into the ledger', current_user, entry_kind USING ERRCODE = 'MA001';
  END IF;
  IF NEW.dedupe NOT LIKE entry_kind || ':%' OR NEW.leaf_index IS NOT NULL
     OR (NEW.authorization_id IS NOT NULL AND entry_kind <> 'letter') THEN
    RAISE EXCEPTION 'not an entry as its kind has them' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;

-- At commit: none of these without its entry in the ledger's queue, and the other way round.
CREATE FUNCTION check_desk_fact_entered() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM ledger_queue q
                 WHERE q.dedupe = concat_ws(':', 'desk', TG_ARGV[0], to_jsonb(NEW)->>TG_ARGV[1])) THEN
    RAISE EXCEPTION 'done at the desk without its ledger entry' USING ERRCODE = 'MA002';
  END IF;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION check_desk_fact_entered() FROM PUBLIC;
CREATE CONSTRAINT TRIGGER staff_change_entered AFTER INSERT ON staff_changes
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_desk_fact_entered('change', 'number');
CREATE CONSTRAINT TRIGGER grant_revocation_entered AFTER UPDATE ON grants
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.revoked_at IS NOT NULL AND OLD.revoked_at IS NULL)
  EXECUTE FUNCTION check_desk_fact_entered('revoked', 'id');
CREATE CONSTRAINT TRIGGER case_end_entered AFTER UPDATE ON cases
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.step IN ('closed', 'rejected') AND OLD.step <> NEW.step)
  EXECUTE FUNCTION check_desk_fact_entered('ended', 'id');
CREATE CONSTRAINT TRIGGER seal_lift_entered AFTER UPDATE ON access_seals
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.lifted_at IS NOT NULL AND OLD.lifted_at IS NULL)
  EXECUTE FUNCTION check_desk_fact_entered('lifted', 'id');

CREATE FUNCTION check_desk_entry() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  about text := split_part(NEW.dedupe, ':', 3);
BEGIN
  -- The canonical text, as it is hashed and read for ever.
  IF NEW.entry !~ ('^\{"at":"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z","fact":"[0-9a-f]{64}",'
                   || '"format":"mandate-entry/v1","kind":"desk"\}$')
     OR NOT (CASE split_part(NEW.dedupe, ':', 2)
       WHEN 'change' THEN EXISTS (SELECT 1 FROM staff_changes c WHERE c.number::text = about)
       WHEN 'revoked' THEN EXISTS (SELECT 1 FROM grants g WHERE g.id = about AND g.revoked_at IS NOT NULL)
       WHEN 'ended' THEN EXISTS (SELECT 1 FROM cases c WHERE c.id = about AND c.step IN ('closed', 'rejected'))
       WHEN 'lifted' THEN EXISTS (SELECT 1 FROM access_seals s WHERE s.id = about AND s.lifted_at IS NOT NULL)
       WHEN 'sample' THEN EXISTS (SELECT 1 FROM samples s WHERE s.id = about AND s.nonce IS NOT NULL)
       ELSE false END) THEN
    RAISE EXCEPTION 'an entry of nothing that was done at the desk' USING ERRCODE = 'MA002';
  END IF;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION check_desk_entry() FROM PUBLIC;
CREATE CONSTRAINT TRIGGER queue_desk_fact AFTER INSERT ON ledger_queue
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.dedupe LIKE 'desk:%') EXECUTE FUNCTION check_desk_entry();

-- Samples -------------------------------------------------------------------------------------------
-- What is fixed has a nonce and its digest in the ledger; the seed follows from that and from the first head that
-- covers it, so nobody knows it before, and whoever has both computes it again. Samples of before have the seed that
-- the desk drew.
ALTER TABLE samples
  ALTER COLUMN seed DROP NOT NULL,
  ADD COLUMN nonce bytea UNIQUE CHECK (length(nonce) = 32),
  -- Size of the ledger that the head signs.
  ADD COLUMN seed_size bigint REFERENCES ledger_checkpoints,
  ADD CONSTRAINT seed_of_ledger CHECK (CASE WHEN nonce IS NULL THEN seed IS NOT NULL AND seed_size IS NULL
    ELSE (seed IS NULL) = (drawn_at IS NULL) AND (seed IS NULL) = (seed_size IS NULL) END);

-- Entry and head that settle a sample's seed, and the seed; no row: no published head covers the entry yet.
CREATE FUNCTION sample_seed(p_sample text) RETURNS TABLE (fact text, leaf_index bigint, size bigint, note text, seed bytea)
  LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT e.fact, e.leaf_index, c.size, c.note, sha256(decode(e.fact, 'hex') || convert_to(c.note, 'UTF8'))
  FROM ledger_queue q
  JOIN LATERAL (SELECT l.leaf_index, l.entry::jsonb->>'fact' AS fact FROM ledger_entries l
                WHERE l.leaf_index = q.leaf_index) e ON true
  JOIN LATERAL (SELECT h.size, h.note FROM ledger_checkpoints h WHERE h.size > q.leaf_index ORDER BY h.size LIMIT 1) c ON true
  WHERE q.dedupe = 'desk:sample:' || p_sample AND c.size <= (SELECT p.size FROM ledger_published p)
$$;

CREATE FUNCTION check_sample_seed() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.nonce IS NULL OR NEW.seed IS NOT NULL THEN
      RAISE EXCEPTION 'a sample is fixed before its seed is known' USING ERRCODE = 'MA001';
    END IF;
  ELSIF NEW.nonce IS NOT NULL AND OLD.drawn_at IS NULL AND NEW.drawn_at IS NOT NULL THEN
    IF NOT EXISTS (SELECT 1 FROM sample_seed(NEW.id) s WHERE s.seed = NEW.seed AND s.size = NEW.seed_size) THEN
      RAISE EXCEPTION 'not the seed that the ledger settled' USING ERRCODE = 'MA001';
    END IF;
  ELSIF (NEW.seed, NEW.seed_size) IS DISTINCT FROM (OLD.seed, OLD.seed_size) THEN
    RAISE EXCEPTION 'a seed stays' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER sample_seeded BEFORE INSERT OR UPDATE ON samples FOR EACH ROW EXECUTE FUNCTION check_sample_seed();

-- At commit: items come with the drawing, in its transaction, so that none lie ready before and none are in its way.
CREATE FUNCTION check_sample_items_drawn() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM samples s WHERE s.id = NEW.sample_id AND s.drawn_at IS NOT NULL
                   AND s.xmin = pg_current_xact_id()::xid) THEN
    RAISE EXCEPTION 'items of a sample that is not drawn' USING ERRCODE = 'MA001';
  END IF;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION check_sample_items_drawn() FROM PUBLIC;
CREATE CONSTRAINT TRIGGER sample_items_drawn AFTER INSERT ON sample_items
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_sample_items_drawn();

GRANT UPDATE (seed, seed_size) ON samples TO mandate_desk;
-- What was fixed is read where its digest is entered.
GRANT SELECT ON samples TO mandate_vault;

-- Role vault looks whether the record still holds all that was published, as roles ledger and ca do.
GRANT SELECT ON ledger_checkpoints, ledger_published, ledger_entries TO mandate_vault;
