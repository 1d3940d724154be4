-- Signing sets: up to five letters in one sitting, each accepted or refused by itself, one code for those accepted.

CREATE TABLE signing_sets (
  id             text PRIMARY KEY,
  institution_id text NOT NULL REFERENCES institutions,
  -- Fixed with the set: nothing joins or leaves it later.
  size           integer NOT NULL CHECK (size BETWEEN 2 AND 5),
  created_at     timestamptz NOT NULL
);

CREATE TABLE set_members (
  set_id           text NOT NULL REFERENCES signing_sets,
  position         integer NOT NULL CHECK (position BETWEEN 1 AND 5),
  authorization_id text NOT NULL UNIQUE REFERENCES authorizations,
  optional         boolean NOT NULL,
  -- Refused, and not yet for good: until the code is asked for the subject may think again.
  refused_at       timestamptz,
  PRIMARY KEY (set_id, position)
);

-- At commit: a set has all its members, in a row, of its own institution and with one language.
CREATE FUNCTION check_set() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  owner signing_sets;
  members bigint;
  last integer;
  foreigners bigint;
  languages bigint;
BEGIN
  SELECT * INTO owner FROM signing_sets
    WHERE id = CASE TG_TABLE_NAME WHEN 'signing_sets' THEN to_jsonb(NEW)->>'id' ELSE to_jsonb(NEW)->>'set_id' END;
  SELECT count(*), max(m.position), count(*) FILTER (WHERE a.institution_id <> owner.institution_id),
         count(DISTINCT a.language)
    INTO members, last, foreigners, languages
    FROM set_members m JOIN authorizations a ON a.id = m.authorization_id WHERE m.set_id = owner.id;
  IF members <> owner.size OR last <> owner.size OR foreigners > 0 OR languages <> 1 THEN
    RAISE EXCEPTION 'a set is made at once, of one institution, in one language' USING ERRCODE = 'MA002';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER set_whole AFTER INSERT ON signing_sets
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_set();
CREATE CONSTRAINT TRIGGER set_member_whole AFTER INSERT ON set_members
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_set();

-- One code for several challenges: each names all of them in their order, the first one carries the code.
ALTER TABLE challenges
  ADD COLUMN set_challenges text[],
  ADD CONSTRAINT set_names_itself CHECK (digest = ANY (set_challenges) AND cardinality(set_challenges) BETWEEN 1 AND 5),
  ADD CONSTRAINT set_code_with_the_first CHECK (code_mac IS NULL OR set_challenges IS NULL OR set_challenges[1] = digest);
GRANT SELECT (set_challenges) ON challenges TO mandate_web;

-- A member of a set is never asked for alone, and what is no member never with others.
CREATE FUNCTION check_set_challenge() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM set_members WHERE authorization_id = NEW.authorization_id)
     <> (NEW.set_challenges IS NOT NULL) THEN
    RAISE EXCEPTION 'the members of a set are asked for together' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER challenge_of_set BEFORE INSERT ON challenges FOR EACH ROW EXECUTE FUNCTION check_set_challenge();

-- At commit: the challenges of one code stand, live and die together, and none is of a letter refused meanwhile.
CREATE FUNCTION check_set_fate() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  present bigint;
  alive bigint;
BEGIN
  SELECT count(*), count(*) FILTER (WHERE dead_at IS NULL) INTO present, alive
    FROM challenges WHERE digest = ANY (NEW.set_challenges) AND set_challenges = NEW.set_challenges;
  IF present <> cardinality(NEW.set_challenges) OR alive NOT IN (0, present) THEN
    RAISE EXCEPTION 'the challenges of a set live and die together' USING ERRCODE = 'MA001';
  END IF;
  IF alive > 0 AND EXISTS (
    SELECT 1 FROM set_members WHERE authorization_id = NEW.authorization_id AND refused_at IS NOT NULL
  ) THEN
    RAISE EXCEPTION 'this letter was refused' USING ERRCODE = 'MA001';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER set_fate AFTER INSERT OR UPDATE OF dead_at ON challenges
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.set_challenges IS NOT NULL)
  EXECUTE FUNCTION check_set_fate();

-- At commit: all of them are confirmed, or none.
CREATE FUNCTION check_set_confirmed() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM challenges mine
    JOIN challenges other ON other.digest = ANY (mine.set_challenges)
    WHERE mine.id = NEW.challenge_id
      AND NOT EXISTS (SELECT 1 FROM confirmations WHERE challenge_id = other.id)
  ) THEN
    RAISE EXCEPTION 'the letters of a set are confirmed together' USING ERRCODE = 'MA001';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER set_confirmed AFTER INSERT ON confirmations
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_set_confirmed();

GRANT SELECT, INSERT ON signing_sets, set_members TO mandate_web;
GRANT UPDATE (refused_at) ON set_members TO mandate_web;
GRANT SELECT ON signing_sets, set_members TO mandate_ra;
