-- Checks of who somebody is. Role ra alone writes what they left, and nothing is confirmed without what its template asks.

-- The policies as terms/src/identity-policies.ts has them; a test compares the two.
CREATE TABLE identity_policies (
  policy        text PRIMARY KEY,
  requirements  jsonb NOT NULL,
  fresh_seconds integer NOT NULL CHECK (fresh_seconds >= 0)
);
INSERT INTO identity_policies VALUES
  ('basic', '[]', 0),
  ('strong', '[{"need": 2, "of": ["sms-code", "passkey"]}]', 0),
  ('cn-credit',
   '[{"need": 1, "of": ["police-id"]},
     {"need": 2, "of": ["sms-code", "passkey", "carrier-name", "bank-card", "network-id", "face"]}]', 1800);

-- One row for each answer. A provider's number of it counts once, so that no answer is brought twice.
CREATE TABLE identity_answers (
  -- `kindDigest('identity-result', …)`: what trail and scene name.
  digest      text PRIMARY KEY CHECK (digest ~ '^[0-9a-f]{64}$'),
  check_name  text NOT NULL CHECK (check_name IN ('police-id', 'network-id', 'carrier-name', 'bank-card', 'face', 'institution')),
  provider    text NOT NULL,
  operator    text NOT NULL,
  simulated   boolean NOT NULL,
  outcome     text NOT NULL CHECK (outcome IN ('match', 'mismatch')),
  reference   text NOT NULL,
  -- Unsigned are the institution's word and what is simulated, and nothing else.
  suite       text NOT NULL CHECK (suite IN ('ecdsa-p256-sha256', 'ed25519', 'none')),
  CHECK (suite <> 'none' OR simulated OR check_name = 'institution'),
  -- Role ra's keyed digest of the person.
  subject_key bytea NOT NULL CHECK (length(subject_key) = 32),
  checked_at  timestamptz NOT NULL,
  received_at timestamptz NOT NULL,
  fresh_until timestamptz NOT NULL,
  UNIQUE (provider, reference)
);

-- The letters it was asked for; in a signing set several. The box holds result and receipt.
CREATE TABLE identity_results (
  authorization_id text NOT NULL REFERENCES authorizations,
  digest           text NOT NULL REFERENCES identity_answers,
  box              bytea NOT NULL,
  PRIMARY KEY (authorization_id, digest)
);

-- At commit: no result without its event.
CREATE FUNCTION check_identity_event() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM events WHERE stream = NEW.authorization_id AND type = 'identity-checked'
      AND body::jsonb #>> '{data,result}' = NEW.digest
  ) THEN
    RAISE EXCEPTION 'a result without its event' USING ERRCODE = 'MA002';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER identity_event AFTER INSERT ON identity_results
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_identity_event();

-- What the template asks for is there, fresh, about this letter, and named by the scene that was answered.
CREATE FUNCTION check_identified() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  asked text;
  policy identity_policies;
  frozen jsonb;
  requirement jsonb;
  shown bigint;
BEGIN
  SELECT coalesce(v.body::jsonb #>> '{policy,identity}', 'basic') INTO asked
    FROM authorizations a
    JOIN template_versions v ON v.template_id = a.template_id AND v.version = a.template_version
    WHERE a.id = NEW.authorization_id;
  SELECT coalesce(c.scene::jsonb->'identity', '{}') INTO frozen FROM challenges c WHERE c.id = NEW.challenge_id;
  SELECT * INTO policy FROM identity_policies p WHERE p.policy = asked;
  IF policy.policy IS NULL
     OR coalesce(frozen->>'policy', 'basic') <> asked
     OR coalesce(frozen->'requirements', '[]') <> policy.requirements
     OR coalesce(frozen->'freshSeconds', '0') <> to_jsonb(policy.fresh_seconds) THEN
    RAISE EXCEPTION 'the scene names another identity policy' USING ERRCODE = 'MA001';
  END IF;
  FOR requirement IN SELECT * FROM jsonb_array_elements(policy.requirements) LOOP
    SELECT count(*) INTO shown FROM jsonb_array_elements_text(requirement->'of') AS m(name)
    WHERE (m.name = 'sms-code' AND NEW.code_record IS NOT NULL)
       -- Registered and used with the same code it shows no more than the code.
       OR (m.name = 'passkey' AND EXISTS (
         SELECT 1 FROM passkeys k WHERE k.entry_digest = NEW.passkey::jsonb #>> '{registration,entry}'
           AND k.created_at + interval '24 hours' <= NEW.confirmed_at))
       OR EXISTS (
         SELECT 1 FROM identity_results r JOIN identity_answers a ON a.digest = r.digest
         WHERE r.authorization_id = NEW.authorization_id AND a.check_name = m.name
           AND a.outcome = 'match' AND a.fresh_until > NEW.confirmed_at
           AND a.checked_at + make_interval(secs => policy.fresh_seconds) > NEW.confirmed_at
           AND coalesce(frozen->'results', '[]') @> jsonb_build_array(
             jsonb_build_object('check', a.check_name, 'digest', a.digest)));
    IF shown < (requirement->>'need')::int THEN
      RAISE EXCEPTION 'the person is not identified' USING ERRCODE = 'MA018';
    END IF;
  END LOOP;
  RETURN NEW;
END $$;
CREATE TRIGGER confirmation_identified BEFORE INSERT ON confirmations
  FOR EACH ROW EXECUTE FUNCTION check_identified();

GRANT SELECT ON identity_policies TO mandate_ra;
GRANT SELECT, INSERT ON identity_answers, identity_results TO mandate_ra;
GRANT SELECT ON identity_answers, identity_results TO mandate_ca;

INSERT INTO event_writers VALUES ('identity-checked', 'mandate_ra');
