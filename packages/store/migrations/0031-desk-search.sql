-- Finding authorizations at the disputes desk without opening anything, and the other half of the access register:
-- who searched, and what was refused to whom.

-- By what staff find a letter, and what they are shown of its subject. Keyed by a secret that role vault alone has;
-- the masks (张*, 138****1234) are sealed under another one, so the database tells neither a person nor half of one.
CREATE TABLE desk_index (
  authorization_id text PRIMARY KEY REFERENCES authorizations DEFERRABLE INITIALLY DEFERRED,
  institution_id   text NOT NULL REFERENCES institutions,
  id_key           bytea NOT NULL CHECK (length(id_key) = 32),
  phone_key        bytea NOT NULL CHECK (length(phone_key) = 32),
  lookup_key       bytea NOT NULL CHECK (length(lookup_key) = 32),
  masks            bytea NOT NULL
);
CREATE INDEX desk_index_by_id ON desk_index (id_key, authorization_id DESC);
CREATE INDEX desk_index_by_phone ON desk_index (phone_key, authorization_id DESC);
CREATE INDEX desk_index_by_lookup ON desk_index (lookup_key);
GRANT INSERT ON desk_index TO mandate_web;
GRANT SELECT ON desk_index TO mandate_vault;

-- What finds a person without the data key goes with it.
CREATE FUNCTION forget_desk_index() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  DELETE FROM desk_index WHERE authorization_id = NEW.authorization_id;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION forget_desk_index() FROM PUBLIC;
CREATE TRIGGER erasure_forgets_desk_index AFTER INSERT ON erasures
  FOR EACH ROW EXECUTE FUNCTION forget_desk_index();

-- Searches and refused openings: a chain for each person of the desk, anchored in the ledger with the openings.
CREATE TABLE desk_register (
  staff_id       text NOT NULL REFERENCES staff,
  ordinal        integer NOT NULL,
  -- Of the same kind and order as an opening's.
  id             text NOT NULL UNIQUE,
  kind           text NOT NULL CHECK (kind IN ('search', 'refusal')),
  -- Whose letters it was about, where that is one institution.
  institution_id text REFERENCES institutions,
  case_id        text REFERENCES cases,
  -- The authorizations that were found, or that stayed closed.
  found          text[] NOT NULL CHECK (cardinality(found) <= 1000),
  body           text NOT NULL CHECK (octet_length(body) <= 2000),
  digest         text NOT NULL,
  PRIMARY KEY (staff_id, ordinal)
);
CREATE INDEX desk_register_found ON desk_register USING gin (found);
CREATE INDEX desk_register_case ON desk_register (case_id, id) WHERE case_id IS NOT NULL;

CREATE FUNCTION check_desk_register() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  body jsonb := NEW.body::jsonb;
  last_digest text := repeat('0', 64);
BEGIN
  IF NEW.ordinal > 1 THEN
    SELECT digest INTO last_digest FROM desk_register WHERE staff_id = NEW.staff_id AND ordinal = NEW.ordinal - 1;
  END IF;
  IF last_digest IS NULL OR NEW.ordinal < 1 OR (body->>'previous') IS DISTINCT FROM last_digest
     OR (body->>'id') IS DISTINCT FROM NEW.id OR (body->>'staff') IS DISTINCT FROM NEW.staff_id
     OR (body->>'ordinal') IS DISTINCT FROM NEW.ordinal::text OR (body->>'kind') IS DISTINCT FROM NEW.kind
     OR (body->>'case') IS DISTINCT FROM NEW.case_id
     OR (body->>'institution') IS DISTINCT FROM NEW.institution_id
     OR (body->>'found') IS DISTINCT FROM
        encode(sha256(convert_to(array_to_string(NEW.found, chr(10)), 'UTF8')), 'hex')
     OR NEW.digest <> encode(sha256(convert_to('mandate/desk-register/v1' || chr(10) || NEW.body, 'UTF8')), 'hex') THEN
    RAISE EXCEPTION 'entry does not continue its register' USING ERRCODE = 'MA002';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER desk_register_continues BEFORE INSERT ON desk_register
  FOR EACH ROW EXECUTE FUNCTION check_desk_register();

GRANT SELECT, INSERT ON desk_register TO mandate_vault;
GRANT SELECT ON desk_register TO mandate_desk;
-- How often one person searches.
GRANT SELECT, INSERT ON limits TO mandate_vault;
GRANT UPDATE (count) ON limits TO mandate_vault;

-- The register as a list -----------------------------------------------------------------------------
CREATE INDEX access_entries_of_cases ON access_entries (id) WHERE (body::jsonb->>'purpose') = 'case';

-- How many anchors of the registers the ledger has, whatever became of the anchors themselves.
CREATE INDEX ledger_entries_of_registers ON ledger_entries (leaf_index) WHERE (entry::jsonb->>'kind') = 'register';

-- The auditor's view: reads of what stands elsewhere, no personal data among it ----------------------
GRANT SELECT ON register_anchors, ledger_entries, ledger_checkpoints, ledger_head, ledger_published,
  ledger_cosignatures, ledger_stamps TO mandate_desk;
GRANT SELECT (dedupe, leaf_index) ON ledger_queue TO mandate_desk;
GRANT SELECT (id, authorization_id, made_at) ON challenges TO mandate_desk;
GRANT SELECT (authorization_id, challenge_id, confirmed_at) ON confirmations TO mandate_desk;

-- One phone number, letters of many people: how many people and which letters, not whose and which number. Runs as
-- its owner: the keys themselves are role vault's alone to read.
CREATE FUNCTION shared_numbers(p_institution text, p_from text, p_until text, p_least integer)
  RETURNS TABLE (people bigint, letters bigint, institutions bigint, some_letters text[]) LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT count(DISTINCT id_key), count(*), count(DISTINCT institution_id),
         (array_agg(authorization_id ORDER BY authorization_id DESC))[1:20]
  FROM desk_index
  WHERE authorization_id >= p_from AND authorization_id < p_until
    AND (p_institution IS NULL OR institution_id = p_institution)
  GROUP BY phone_key
  HAVING count(DISTINCT id_key) >= GREATEST(p_least, 3)
  ORDER BY 1 DESC, 4 DESC
  LIMIT 200
$$;
REVOKE ALL ON FUNCTION shared_numbers(text, text, text, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION shared_numbers(text, text, text, integer) TO mandate_desk;
