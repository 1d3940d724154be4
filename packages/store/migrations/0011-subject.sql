-- "My authorizations": whose an authorization is, how a subject comes in, what they may see. All of it in role
-- ra's hands: role web holds the cookie and asks; what a visit may see is decided here, not by the caller.

-- Keyed digests by a secret that only role ra has: nobody else can find a person here, or try names.
CREATE TABLE subject_index (
  authorization_id text PRIMARY KEY REFERENCES authorizations,
  -- Kind and number of the identity document and the name, all three.
  person_key       bytea NOT NULL CHECK (length(person_key) = 32),
  phone_key        bytea NOT NULL CHECK (length(phone_key) = 32)
);
CREATE INDEX subject_index_person ON subject_index (person_key, phone_key);

-- One try to come in, bound to one browser. Written whether anybody is known or not; a row without an
-- authorization sends nothing and cannot be answered.
CREATE TABLE own_challenges (
  id               text PRIMARY KEY,
  kind             text NOT NULL CHECK (kind IN ('code', 'passkey')),
  secret_digest    bytea NOT NULL UNIQUE CHECK (length(secret_digest) = 32),
  -- Whose terms hold the number a code is sent to.
  authorization_id text REFERENCES authorizations,
  code_mac         bytea,
  sealed_code      bytea,
  -- What a passkey is asked to sign.
  challenge        bytea,
  made_at          timestamptz NOT NULL,
  expires_at       timestamptz NOT NULL,
  tries            integer NOT NULL DEFAULT 0,
  sends            integer NOT NULL DEFAULT 0,
  dead_at          timestamptz,
  CONSTRAINT answerable CHECK (CASE kind WHEN 'code' THEN code_mac IS NOT NULL AND challenge IS NULL
    ELSE length(challenge) = 32 AND code_mac IS NULL AND sealed_code IS NULL AND authorization_id IS NULL END)
);

CREATE FUNCTION check_own_challenge() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NEW.tries < OLD.tries OR NEW.sends < OLD.sends
     OR (OLD.dead_at IS NOT NULL AND NEW.dead_at IS DISTINCT FROM OLD.dead_at)
     OR (NEW.sealed_code IS NOT NULL AND NEW.sealed_code IS DISTINCT FROM OLD.sealed_code) THEN
    RAISE EXCEPTION 'a challenge does not come back to life' USING ERRCODE = 'MA001';
  END IF;
  IF NEW.dead_at IS NOT NULL THEN
    NEW.sealed_code := NULL;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER own_challenge_life BEFORE UPDATE ON own_challenges
  FOR EACH ROW EXECUTE FUNCTION check_own_challenge();

-- An institution's word for somebody who lost the number.
CREATE TABLE own_links (
  id               text PRIMARY KEY,
  authorization_id text NOT NULL REFERENCES authorizations,
  institution_id   text NOT NULL REFERENCES institutions,
  vouched_by       text NOT NULL,
  how              text NOT NULL,
  secret_digest    bytea NOT NULL UNIQUE,
  created_at       timestamptz NOT NULL,
  expires_at       timestamptz NOT NULL,
  used_at          timestamptz
);
CREATE TRIGGER own_link_use BEFORE UPDATE ON own_links FOR EACH ROW EXECUTE FUNCTION check_ticket();

CREATE TABLE own_visits (
  id             text PRIMARY KEY,
  secret_digest  bytea NOT NULL UNIQUE CHECK (length(secret_digest) = 32),
  means          text NOT NULL CHECK (means IN ('code', 'passkey', 'own-link')),
  person_key     bytea NOT NULL,
  -- What narrows it further: the number, the passkey, or the institution that vouched.
  phone_key      bytea,
  credential_id  bytea,
  institution_id text REFERENCES institutions,
  own_link_id    text UNIQUE REFERENCES own_links,
  created_at     timestamptz NOT NULL,
  expires_at     timestamptz NOT NULL,
  ends_at        timestamptz NOT NULL,
  CHECK (expires_at <= ends_at),
  CONSTRAINT narrowed CHECK (CASE means
    WHEN 'code' THEN phone_key IS NOT NULL AND credential_id IS NULL AND institution_id IS NULL
    WHEN 'passkey' THEN phone_key IS NOT NULL AND credential_id IS NOT NULL AND institution_id IS NULL
    ELSE phone_key IS NULL AND credential_id IS NULL AND institution_id IS NOT NULL AND own_link_id IS NOT NULL END)
);

-- THE rule of what a visit sees, newest first. One person throughout; and either the number that was proven just
-- now, or the one the passkey was registered under (whoever registers a passkey for a made-up request in another's
-- name, with a number of their own, sees that request alone), or what the institution that vouches has itself.
CREATE FUNCTION own_authorizations(p_visit text) RETURNS SETOF text LANGUAGE sql STABLE
  SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT s.authorization_id
  FROM own_visits v
  JOIN subject_index s ON s.person_key = v.person_key
  JOIN authorizations a ON a.id = s.authorization_id
  WHERE v.id = p_visit AND CASE v.means
    WHEN 'own-link' THEN a.institution_id = v.institution_id
    ELSE s.phone_key = v.phone_key END
  ORDER BY a.created_at DESC, a.id DESC
$$;

GRANT SELECT, INSERT ON subject_index, own_challenges, own_links, own_visits TO mandate_ra;
GRANT UPDATE (tries, sends, dead_at, sealed_code) ON own_challenges TO mandate_ra;
GRANT UPDATE (used_at) ON own_links TO mandate_ra;
GRANT UPDATE (expires_at) ON own_visits TO mandate_ra;
INSERT INTO wakers VALUES ('send-own-code', 'mandate_ra');
