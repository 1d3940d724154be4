-- What is added to evidence bundles after signing: one row a generation, none ever changed or removed.
CREATE TABLE bundle_generations (
  authorization_id   text NOT NULL REFERENCES authorizations,
  generation         integer NOT NULL CHECK (generation BETWEEN 1 AND 99),
  object             text NOT NULL UNIQUE,
  -- SHA-256 of what the generation adds, hex.
  digest             text NOT NULL,
  -- Every entry about the letter with a smaller index is in this generation or one before.
  ledger_size        bigint NOT NULL CHECK (ledger_size >= 0),
  -- The last opening of the access register it tells, and the archived letter it holds or one before held; 0: none.
  accesses           integer NOT NULL CHECK (accesses >= 0),
  archive_generation integer NOT NULL CHECK (archive_generation >= 0),
  made_at            timestamptz NOT NULL,
  -- When its seal's timestamp is to be covered by a younger one, and by when it must be.
  renew_from         timestamptz NOT NULL,
  renew_by           timestamptz NOT NULL CHECK (renew_by >= renew_from),
  PRIMARY KEY (authorization_id, generation)
);
CREATE INDEX bundle_generations_renewal ON bundle_generations (renew_from);

CREATE FUNCTION check_generation() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM authorizations WHERE id = NEW.authorization_id AND state = 'released') THEN
    RAISE EXCEPTION 'nothing is added to a bundle before its letter is released' USING ERRCODE = 'MA001';
  END IF;
  IF NEW.generation > 1 AND NOT EXISTS (
    SELECT 1 FROM bundle_generations g
    WHERE g.authorization_id = NEW.authorization_id AND g.generation = NEW.generation - 1
      AND g.ledger_size <= NEW.ledger_size AND g.accesses <= NEW.accesses
      AND g.archive_generation <= NEW.archive_generation
  ) THEN
    RAISE EXCEPTION 'generations are dense and tell no less than before' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER bundle_generation BEFORE INSERT ON bundle_generations
  FOR EACH ROW EXECUTE FUNCTION check_generation();

GRANT SELECT, INSERT ON bundle_generations TO mandate_ca;
GRANT SELECT ON bundle_generations TO mandate_web, mandate_worker, mandate_desk;

-- How often something happened that a bundle has to tell, and how much of it is told: the worker sees what is due.
CREATE TABLE bundle_changes (
  authorization_id text PRIMARY KEY REFERENCES authorizations,
  changes          bigint NOT NULL CHECK (changes > 0),
  told             bigint NOT NULL DEFAULT 0 CHECK (told BETWEEN 0 AND changes),
  changed_at       timestamptz NOT NULL
);
CREATE INDEX bundle_changes_open ON bundle_changes (changed_at) WHERE changes > told;
GRANT SELECT ON bundle_changes TO mandate_ca, mandate_worker;
GRANT UPDATE (told) ON bundle_changes TO mandate_ca;

CREATE FUNCTION note_bundle_change(id text, at timestamptz) RETURNS void LANGUAGE sql SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp AS $$
  INSERT INTO bundle_changes AS c (authorization_id, changes, changed_at) VALUES (id, 1, at)
  ON CONFLICT (authorization_id) DO UPDATE
    SET changes = c.changes + 1, changed_at = greatest(c.changed_at, EXCLUDED.changed_at)
$$;
REVOKE EXECUTE ON FUNCTION note_bundle_change(text, timestamptz) FROM PUBLIC;

CREATE FUNCTION note_bundle_event() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM authorizations WHERE id = NEW.stream AND state = 'released') THEN
    PERFORM note_bundle_change(NEW.stream, (NEW.body::jsonb->>'at')::timestamptz);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER event_changes_bundle AFTER INSERT ON events FOR EACH ROW
  WHEN (NEW.type IN ('redeemed', 'redemption-confirmed', 'redemption-released', 'withdrawn', 'held', 'hold-resolved',
    'ended', 'data-released', 'restricted', 'id-image-destroyed'))
  EXECUTE FUNCTION note_bundle_event();

CREATE FUNCTION note_bundle_archive() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM note_bundle_change(NEW.authorization_id, NEW.made_at);
  RETURN NULL;
END $$;
CREATE TRIGGER archive_changes_bundle AFTER INSERT ON archives FOR EACH ROW EXECUTE FUNCTION note_bundle_archive();

-- The end of a passkey is told by every letter that was signed with it.
CREATE INDEX confirmations_passkey ON confirmations ((passkey::jsonb->'registration'->>'entry'))
  WHERE passkey IS NOT NULL;
CREATE FUNCTION note_bundle_passkey() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM note_bundle_change(t.authorization_id, NEW.revoked_at)
  FROM confirmations c JOIN attempts t ON t.challenge_id = c.challenge_id AND t.state = 'committed'
    JOIN authorizations a ON a.id = t.authorization_id AND a.state = 'released'
  WHERE c.passkey IS NOT NULL AND c.passkey::jsonb->'registration'->>'entry' = NEW.entry_digest;
  RETURN NULL;
END $$;
CREATE TRIGGER passkey_changes_bundle AFTER UPDATE OF revoked_at ON passkeys FOR EACH ROW
  WHEN (OLD.revoked_at IS NULL AND NEW.revoked_at IS NOT NULL) EXECUTE FUNCTION note_bundle_passkey();

-- Everything the ledger's queue holds about one letter after its signature, in the order of the ledger; what waits for
-- its place has none. Role ca learns which facts there are, and reads none of them.
CREATE FUNCTION later_entries(wanted text)
  RETURNS TABLE (leaf_index bigint, entry text, fact_id text) LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT q.leaf_index, q.entry, k.fact FROM (
    SELECT 'redemption:' || id || ':made' AS dedupe, id AS fact FROM redemptions WHERE authorization_id = wanted
    UNION ALL SELECT 'redemption:' || id || ':' || step, NULL
      FROM redemptions, unnest(ARRAY['confirmed', 'released']) step WHERE authorization_id = wanted
    UNION ALL SELECT 'withdrawal:' || id, id FROM withdrawals WHERE authorization_id = wanted
    UNION ALL SELECT 'hold:' || id || ':opened', id FROM holds WHERE authorization_id = wanted
    UNION ALL SELECT 'hold:' || id || ':resolved', resolution_id FROM holds
      WHERE authorization_id = wanted AND resolution_id IS NOT NULL
    UNION ALL SELECT 'end:' || id, id FROM ends WHERE authorization_id = wanted
    UNION ALL SELECT 'access:' || id, id FROM subject_releases WHERE authorization_id = wanted
    UNION ALL SELECT 'shred:' || id, id FROM restrictions WHERE authorization_id = wanted
    UNION ALL SELECT 'shred:' || id, id FROM id_images
      WHERE authorization_id = wanted AND destroyed_at IS NOT NULL
    UNION ALL SELECT 'renewal:' || authorization_id || ':' || generation, NULL FROM archives
      WHERE authorization_id = wanted
    UNION ALL SELECT e.kind || ':' || p.id, NULL
      FROM attempts t JOIN confirmations c ON c.challenge_id = t.challenge_id
        JOIN passkeys p ON p.entry_digest = c.passkey::jsonb->'registration'->>'entry',
        unnest(ARRAY['credential', 'credential-end']) AS e(kind)
      WHERE t.authorization_id = wanted AND t.state = 'committed' AND c.authorization_id = wanted
  ) k JOIN ledger_queue q ON q.dedupe = k.dedupe
  ORDER BY q.leaf_index NULLS LAST
$$;
REVOKE EXECUTE ON FUNCTION later_entries(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION later_entries(text) TO mandate_ca;
GRANT SELECT ON inclusion_proofs TO mandate_ca;
