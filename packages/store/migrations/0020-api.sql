-- What a key may do, how long it lives, how often it may ask; and by what institutions find their letters.

-- Keys ---------------------------------------------------------------------------------------------
ALTER TABLE api_keys
  ADD COLUMN scopes       text[],
  -- null: no end of its own
  ADD COLUMN expires_at   timestamptz,
  -- A day, not a moment: enough to find keys nobody uses, too little to follow anybody.
  ADD COLUMN last_used_on date,
  -- The key that made it; null: the operator, by command.
  ADD COLUMN made_by      text REFERENCES api_keys,
  -- The key it takes the place of.
  ADD COLUMN replaces     text REFERENCES api_keys;

-- Keys of drafts of this software could do everything.
UPDATE api_keys SET scopes = ARRAY['authorizations:write', 'authorizations:read', 'evidence:read', 'reports',
  'redemptions:write', 'redemptions:read', 'withdrawals:write', 'own-links:write', 'templates:read',
  'templates:author', 'templates:approve', 'registry:read', 'webhooks', 'events:read', 'keys'];
ALTER TABLE api_keys
  ALTER COLUMN scopes SET NOT NULL,
  ADD CONSTRAINT api_keys_may_something CHECK (cardinality(scopes) > 0);
CREATE INDEX api_keys_by_institution ON api_keys (institution_id, id DESC);
CREATE INDEX api_keys_by_maker ON api_keys (made_by) WHERE made_by IS NOT NULL;

-- A key made by a key can do no more than that one, is the same person's (who could make keys of others could
-- approve their own work), and ends, with its maker at the latest: an end that a key could put off for itself is none.
CREATE FUNCTION check_new_key() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  maker api_keys;
BEGIN
  IF NEW.made_by IS NULL THEN
    IF current_user = 'mandate_web' THEN
      RAISE EXCEPTION 'a key is made by a key, or by the operator' USING ERRCODE = 'MA001';
    END IF;
    RETURN NEW;
  END IF;
  SELECT * INTO maker FROM api_keys WHERE id = NEW.made_by FOR SHARE;
  IF NOT FOUND OR maker.institution_id <> NEW.institution_id OR maker.person <> NEW.person
     OR maker.revoked_at IS NOT NULL OR coalesce(maker.expires_at <= NEW.created_at, false)
     OR NOT maker.scopes @> ARRAY['keys'] OR NOT maker.scopes @> NEW.scopes
     OR NEW.expires_at IS NULL OR coalesce(NEW.expires_at > maker.expires_at, false)
     OR NEW.revoked_at IS NOT NULL THEN
    RAISE EXCEPTION 'a key gives no more than it has' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER key_made BEFORE INSERT ON api_keys FOR EACH ROW EXECUTE FUNCTION check_new_key();

-- Whatever is stopped stays stopped, and an end only comes nearer.
CREATE FUNCTION check_key() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NEW.digest <> OLD.digest OR NEW.institution_id <> OLD.institution_id OR NEW.person <> OLD.person
     OR NEW.scopes <> OLD.scopes
     OR (OLD.revoked_at IS NOT NULL AND NEW.revoked_at IS DISTINCT FROM OLD.revoked_at)
     OR (OLD.expires_at IS NOT NULL AND (NEW.expires_at IS NULL OR NEW.expires_at > OLD.expires_at)) THEN
    RAISE EXCEPTION 'a key does not come back, nor become another' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER key_life BEFORE UPDATE ON api_keys FOR EACH ROW EXECUTE FUNCTION check_key();

GRANT INSERT (id, institution_id, digest, name, person, scopes, created_at, expires_at, made_by, replaces)
  ON api_keys TO mandate_web;
GRANT UPDATE (expires_at, revoked_at, last_used_on) ON api_keys TO mandate_web;

-- How often -----------------------------------------------------------------------------------------
-- Requests a minute of all keys of an institution together; null: the installation's default.
ALTER TABLE institutions ADD COLUMN requests_per_minute integer CHECK (requests_per_minute > 0);

-- What was handed out of the current window of each quota. These protect capacity, not secrets (those are counted one
-- by one in `limits`): processes take shares, and a crash may forget them.
CREATE UNLOGGED TABLE quotas (
  scope        text NOT NULL,
  key          text NOT NULL,
  window_start timestamptz NOT NULL,
  count        integer NOT NULL CHECK (count > 0),
  PRIMARY KEY (scope, key)
);
CREATE INDEX quotas_over ON quotas (window_start);
GRANT SELECT, INSERT, DELETE ON quotas TO mandate_web;
GRANT UPDATE (window_start, count) ON quotas TO mandate_web;

-- Filters -------------------------------------------------------------------------------------------
CREATE INDEX authorizations_by_reference ON authorizations (institution_id, business_reference, id DESC);
CREATE INDEX authorizations_by_state ON authorizations (institution_id, state, id DESC);
CREATE INDEX authorizations_by_template ON authorizations (institution_id, template_id, id DESC);
CREATE INDEX authorizations_by_creation ON authorizations (institution_id, created_at);
CREATE INDEX webhook_events_by_type ON webhook_events (institution_id, type, id);
CREATE INDEX webhook_events_by_time ON webhook_events (institution_id, at);

-- Whose letters, for their institution alone: a digest keyed for each institution, by a secret the database does
-- not hold. Two institutions' rows of one person have nothing in common.
CREATE TABLE subject_search (
  authorization_id text PRIMARY KEY REFERENCES authorizations DEFERRABLE INITIALLY DEFERRED,
  institution_id   text NOT NULL REFERENCES institutions,
  key              bytea NOT NULL CHECK (length(key) = 32)
);
CREATE INDEX subject_search_by_key ON subject_search (institution_id, key, authorization_id DESC);
GRANT SELECT, INSERT ON subject_search TO mandate_web;

-- What finds a person without the data key goes with it. Runs as its owner: role vault alone writes erasures.
CREATE FUNCTION forget_search() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  DELETE FROM subject_search WHERE authorization_id = NEW.authorization_id;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION forget_search() FROM PUBLIC;
CREATE TRIGGER erasure_forgets AFTER INSERT ON erasures FOR EACH ROW EXECUTE FUNCTION forget_search();

-- Sandbox -------------------------------------------------------------------------------------------
-- A test number's message may come late; until then it is not shown.
ALTER TABLE sandbox_messages ADD COLUMN shown_at timestamptz;
