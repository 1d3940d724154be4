-- Passkeys: a second measure beside the code, in role ra's hands alone.

-- A challenge that a passkey alone answers has no code and sends nothing.
ALTER TABLE challenges ALTER COLUMN code_mac DROP NOT NULL;
ALTER TABLE challenges ADD COLUMN with_code boolean GENERATED ALWAYS AS (code_mac IS NOT NULL) STORED;
GRANT SELECT (with_code) ON challenges TO mandate_web, mandate_worker;

-- What each measure left; which of them must be there, the scene says.
ALTER TABLE confirmations ALTER COLUMN code_record DROP NOT NULL;
ALTER TABLE confirmations ADD COLUMN passkey text;
ALTER TABLE confirmations ADD CHECK (code_record IS NOT NULL OR passkey IS NOT NULL);

CREATE TABLE passkeys (
  id               text PRIMARY KEY,
  -- Role ra's keyed digest of kind and number of the identity document: one person, whatever the institution.
  subject_key      bytea NOT NULL CHECK (length(subject_key) = 32),
  credential_id    bytea NOT NULL UNIQUE CHECK (length(credential_id) BETWEEN 1 AND 1023),
  public_key       bytea NOT NULL,
  counter          bigint NOT NULL CHECK (counter >= 0),
  transports       text[] NOT NULL,
  -- Opens the commitment in the ledger; the digest of that entry's bytes.
  salt             bytea NOT NULL CHECK (length(salt) = 32),
  entry_digest     text NOT NULL UNIQUE,
  -- Where, and by which challenge, the person had been proven before.
  authorization_id text NOT NULL REFERENCES authorizations,
  challenge_digest text NOT NULL REFERENCES challenges (digest),
  proven_by        text NOT NULL CHECK (proven_by IN ('sms-code', 'passkey')),
  created_at       timestamptz NOT NULL,
  revoked_at       timestamptz
);
CREATE INDEX passkeys_of_subject ON passkeys (subject_key) WHERE revoked_at IS NULL;

-- A counter never goes back, and what was revoked stays revoked.
CREATE FUNCTION check_passkey() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NEW.counter < OLD.counter
     OR (OLD.revoked_at IS NOT NULL AND NEW IS DISTINCT FROM OLD) THEN
    RAISE EXCEPTION 'a passkey does not go back' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER passkey_life BEFORE UPDATE ON passkeys FOR EACH ROW EXECUTE FUNCTION check_passkey();

-- At commit: no passkey without its entry in the ledger's queue.
CREATE FUNCTION check_credential() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  written text;
BEGIN
  SELECT entry INTO written FROM ledger_queue WHERE dedupe = 'credential:' || NEW.id;
  IF written IS NULL OR (written::jsonb->>'kind') IS DISTINCT FROM 'credential'
     OR encode(sha256(convert_to(written, 'UTF8')), 'hex') <> NEW.entry_digest THEN
    RAISE EXCEPTION 'a passkey without its ledger entry' USING ERRCODE = 'MA002';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER passkey_entry AFTER INSERT ON passkeys
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_credential();

GRANT SELECT, INSERT ON passkeys TO mandate_ra;
GRANT UPDATE (counter, revoked_at) ON passkeys TO mandate_ra;
GRANT SELECT, INSERT ON ledger_queue TO mandate_ra;

INSERT INTO event_writers VALUES ('passkey-registered', 'mandate_ra');
INSERT INTO wakers VALUES ('integrate-ledger', 'mandate_ra');
