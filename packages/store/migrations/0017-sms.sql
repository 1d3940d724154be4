-- Messages through several gateways: a code belongs to the gateway it went through, what became of every send and
-- what carriers said later is kept, and codes that nobody answers stop being sent.

ALTER TABLE challenges
  ADD COLUMN code_ordinal integer NOT NULL DEFAULT 1 CHECK (code_ordinal BETWEEN 1 AND 10),
  ADD COLUMN code_gateway text CHECK (code_gateway ~ '^[a-z0-9-]{1,40}$');
ALTER TABLE own_challenges
  ADD COLUMN code_ordinal integer NOT NULL DEFAULT 1 CHECK (code_ordinal BETWEEN 1 AND 10),
  ADD COLUMN code_gateway text CHECK (code_gateway ~ '^[a-z0-9-]{1,40}$');
GRANT UPDATE (code_mac, code_ordinal, code_gateway) ON challenges, own_challenges TO mandate_ra;

-- The block of numbers it goes to, as role ra's keyed digest: codes answered are counted against codes sent.
ALTER TABLE challenges ADD COLUMN prefix_key bytea CHECK (length(prefix_key) = 32);

-- A dead code stays dead and its tries and deliveries stay counted. A living one may be replaced, never repeated:
-- by the next in order, for another gateway, with everything the old one was made of gone.
CREATE OR REPLACE FUNCTION check_challenge() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  replaced boolean := NEW.code_mac IS DISTINCT FROM OLD.code_mac;
BEGIN
  IF NEW.tries < OLD.tries OR NEW.sends < OLD.sends
     OR (OLD.dead_at IS NOT NULL AND NEW.dead_at IS DISTINCT FROM OLD.dead_at)
     OR (NEW.sealed_code IS NOT NULL AND NOT replaced AND NEW.sealed_code IS DISTINCT FROM OLD.sealed_code)
     OR (replaced AND (OLD.dead_at IS NOT NULL OR OLD.code_mac IS NULL OR NEW.code_mac IS NULL
       OR OLD.code_gateway IS NULL OR NEW.code_gateway IS NOT DISTINCT FROM OLD.code_gateway
       OR NEW.sealed_code IS NOT DISTINCT FROM OLD.sealed_code))
     OR NEW.code_ordinal <> OLD.code_ordinal + (CASE WHEN replaced THEN 1 ELSE 0 END)
     OR (NOT replaced AND OLD.code_gateway IS NOT NULL AND NEW.code_gateway IS DISTINCT FROM OLD.code_gateway) THEN
    RAISE EXCEPTION 'a challenge does not come back to life' USING ERRCODE = 'MA001';
  END IF;
  -- The sealed code dies with its challenge, also where role web kills it and cannot see the code.
  IF NEW.dead_at IS NOT NULL THEN
    NEW.sealed_code := NULL;
  END IF;
  RETURN NEW;
END $$;
-- The same columns, the same rule.
DROP TRIGGER own_challenge_life ON own_challenges;
CREATE TRIGGER own_challenge_life BEFORE UPDATE ON own_challenges
  FOR EACH ROW EXECUTE FUNCTION check_challenge();
DROP FUNCTION check_own_challenge();

-- What a gateway said when it was given a message. No number, no text: whose message it was, the reference says.
CREATE TABLE sms_sends (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- The id of what the message is about.
  about        text NOT NULL CHECK (about ~ '^[a-z]{3}_[0-9a-f-]{36}$'),
  -- Of its codes, the how-manieth; 1 where there is none.
  ordinal      integer NOT NULL CHECK (ordinal BETWEEN 1 AND 10),
  gateway      text NOT NULL CHECK (gateway ~ '^[a-z0-9-]{1,40}$'),
  outcome      text NOT NULL CHECK (outcome IN ('accepted', 'refused', 'try-again', 'unknown')),
  fault        text CHECK (fault ~ '^[a-z-]{1,40}$'),
  code         text CHECK (code ~ '^[A-Za-z0-9._-]{1,64}$'),
  message_ids  text[] NOT NULL CHECK (cardinality(message_ids) <= 10),
  at           timestamptz NOT NULL,
  CHECK ((outcome = 'accepted') = (fault IS NULL) AND (outcome = 'accepted') = (cardinality(message_ids) > 0))
);
CREATE INDEX sms_sends_about ON sms_sends (about);

-- What carriers said later, as it came: by callback through role web, over a session through the worker. A message
-- id that nobody sent proves nothing and is found by nobody.
CREATE TABLE sms_receipts (
  gateway     text NOT NULL CHECK (gateway ~ '^[a-z0-9-]{1,40}$'),
  message_id  text NOT NULL CHECK (message_id ~ '^[!-~]{1,128}$'),
  status      text NOT NULL CHECK (status IN ('delivered', 'failed')),
  code        text NOT NULL CHECK (code ~ '^[A-Za-z0-9._-]{0,64}$'),
  received_at timestamptz NOT NULL,
  heard_by    text NOT NULL DEFAULT current_user,
  PRIMARY KEY (gateway, message_id, status, code)
);

GRANT INSERT (about, ordinal, gateway, outcome, fault, code, message_ids, at) ON sms_sends TO mandate_worker;
GRANT INSERT (gateway, message_id, status, code, received_at) ON sms_receipts TO mandate_worker, mandate_web;
GRANT SELECT ON sms_sends, sms_receipts TO mandate_ra, mandate_desk;

-- What had been heard of the message by the time its code was confirmed: one of the parts.
ALTER TABLE confirmations ADD COLUMN delivery text;

-- The worker tells the operator where codes have stopped.
GRANT SELECT (scope, key, window_start, count) ON limits TO mandate_worker;
