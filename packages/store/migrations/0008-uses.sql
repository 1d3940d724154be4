-- Use, withdrawal, hold and end: facts beside the state. What may be redeemed is decided by one
-- function, time given to it; used once means once whatever a process believes.

-- What was agreed, as software compares it. Written by role ca from the signed terms and the subject's
-- choices, in the transaction that commits the signature: no process that serves requests can widen it.
CREATE TABLE scopes (
  authorization_id text PRIMARY KEY REFERENCES authorizations,
  digest           text NOT NULL,
  purpose          text NOT NULL,
  items            text[] NOT NULL CHECK (cardinality(items) > 0),
  -- Unified social credit codes.
  sources          text[] NOT NULL CHECK (cardinality(sources) > 0),
  -- The institution itself and the third parties the subject accepted.
  recipients       text[] NOT NULL CHECK (cardinality(recipients) > 0),
  from_at          timestamptz NOT NULL,
  end_at           timestamptz NOT NULL CHECK (end_at > from_at),
  end_event        text,
  max_uses         integer NOT NULL CHECK (max_uses BETWEEN 1 AND 100),
  -- Recurring use: so many in each calendar period (Beijing); null: so many in all.
  per              text CHECK (per IN ('month', 'quarter', 'year'))
);

CREATE TABLE withdrawals (
  id               text PRIMARY KEY,
  authorization_id text NOT NULL UNIQUE REFERENCES authorizations,
  by               text NOT NULL CHECK (by IN ('subject', 'institution')),
  channel          text NOT NULL,
  -- How it is known that the subject wants it, and where that is kept.
  proof_kind       text NOT NULL,
  proof_ref        text NOT NULL,
  salt             text NOT NULL,
  at               timestamptz NOT NULL
);

CREATE TABLE holds (
  id               text PRIMARY KEY,
  authorization_id text NOT NULL REFERENCES authorizations,
  by               text NOT NULL CHECK (by IN ('subject', 'institution')),
  reason           text NOT NULL,
  proof_kind       text NOT NULL,
  proof_ref        text NOT NULL,
  salt             text NOT NULL,
  opened_at        timestamptz NOT NULL,
  outcome          text CHECK (outcome IN ('upheld', 'rejected', 'retracted')),
  proposed_by      text,
  proposed_at      timestamptz,
  resolved_by      text,
  resolved_at      timestamptz,
  CONSTRAINT proposal_whole CHECK ((outcome IS NULL) = (proposed_by IS NULL) AND (outcome IS NULL) = (proposed_at IS NULL)),
  CONSTRAINT resolution_whole CHECK ((resolved_by IS NULL) = (resolved_at IS NULL) AND (resolved_at IS NULL OR outcome IS NOT NULL)),
  CONSTRAINT two_people CHECK (lower(btrim(resolved_by)) <> lower(btrim(proposed_by)))
);
CREATE UNIQUE INDEX one_open_hold ON holds (authorization_id) WHERE resolved_at IS NULL;
CREATE INDEX holds_of ON holds (authorization_id);

-- The agreed event has happened (the loan is settled): reported by the institution.
CREATE TABLE ends (
  id               text PRIMARY KEY,
  authorization_id text NOT NULL UNIQUE REFERENCES authorizations,
  event            text NOT NULL,
  happened_at      timestamptz NOT NULL,
  salt             text NOT NULL,
  at               timestamptz NOT NULL CHECK (happened_at <= at)
);

CREATE SEQUENCE redemption_index AS bigint MINVALUE 0;
CREATE TABLE redemptions (
  id               text PRIMARY KEY,
  authorization_id text NOT NULL REFERENCES scopes,
  state            text NOT NULL CHECK (state IN ('reserved', 'confirmed', 'released')),
  -- '' where uses are counted over the whole life, else '2026', '2026-Q4', '2026-11'.
  period           text NOT NULL,
  -- Which of the uses of that period.
  number           integer NOT NULL CHECK (number > 0),
  purpose          text NOT NULL,
  source           text NOT NULL,
  recipient        text NOT NULL,
  items            text[] NOT NULL,
  -- Salted commitment to who did it; the words themselves are in the box.
  operator         text NOT NULL,
  box              bytea NOT NULL,
  digest           text NOT NULL UNIQUE,
  ledger_entry     text NOT NULL,
  request_key      text NOT NULL,
  request_digest   text NOT NULL,
  -- Place in the status list.
  status_index     bigint NOT NULL UNIQUE DEFAULT nextval('redemption_index'),
  at               timestamptz NOT NULL,
  reserved_until   timestamptz,
  settled_at       timestamptz,
  settled_by       text CHECK (settled_by IN ('institution', 'time-out')),
  -- How often the subject's message about it was fetched for delivery.
  tells            integer NOT NULL DEFAULT 0,
  UNIQUE (authorization_id, request_key),
  CHECK ((state = 'reserved') <= (reserved_until IS NOT NULL))
);
-- Used once means once: no two live redemptions have the same number, whatever else may fail.
CREATE UNIQUE INDEX one_use ON redemptions (authorization_id, period, number) WHERE state <> 'released';
CREATE INDEX redemptions_of ON redemptions (authorization_id, id DESC);
CREATE INDEX redemptions_reserved ON redemptions (reserved_until) WHERE state = 'reserved';

-- Signed proofs of the facts above, by role seal alone; the timestamp may come later.
CREATE TABLE receipts (
  -- Id of the redemption, withdrawal, hold or end.
  fact_id   text PRIMARY KEY,
  jws       text NOT NULL,
  signed_at timestamptz NOT NULL,
  token     bytea,
  operator  text
);
CREATE INDEX receipts_unstamped ON receipts (signed_at) WHERE token IS NULL;

-- Facts whose receipt is not there or not stamped; seen by the worker without what the facts say.
CREATE VIEW unstamped_facts AS
  SELECT f.id, f.at FROM (
    SELECT id, at FROM redemptions UNION ALL SELECT id, at FROM withdrawals
    UNION ALL SELECT id, opened_at FROM holds UNION ALL SELECT id, at FROM ends
  ) f WHERE NOT EXISTS (SELECT 1 FROM receipts r WHERE r.fact_id = f.id AND r.token IS NOT NULL);

-- The predicate ----------------------------------------------------------------------------------
-- The Beijing calendar period of a moment; no daylight saving there since 1991.
CREATE FUNCTION use_period(per text, at timestamptz) RETURNS text LANGUAGE sql STABLE
  SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT CASE per
    WHEN 'month' THEN to_char(at AT TIME ZONE INTERVAL '8 hours', 'YYYY-MM')
    WHEN 'quarter' THEN to_char(at AT TIME ZONE INTERVAL '8 hours', 'YYYY-"Q"Q')
    WHEN 'year' THEN to_char(at AT TIME ZONE INTERVAL '8 hours', 'YYYY')
    ELSE '' END
$$;

-- A use that failed at the source does not count, but nobody reserves and releases for ever.
CREATE FUNCTION most_releases() RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 20';

-- Why a use with these particulars is refused at that moment; null when it may be redeemed. The same
-- words are the product's refusal codes. THE predicate: `redeemable` and everything else ask here.
CREATE FUNCTION redeem_refusal(
  p_authorization text, p_purpose text, p_source text, p_recipient text, p_items text[], p_at timestamptz
) RETURNS text LANGUAGE sql STABLE
  SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT CASE
    WHEN a.state <> 'released' OR s.authorization_id IS NULL THEN 'illegal-transition'
    WHEN EXISTS (SELECT 1 FROM withdrawals w WHERE w.authorization_id = a.id) THEN 'withdrawn'
    WHEN EXISTS (SELECT 1 FROM holds h WHERE h.authorization_id = a.id
                 AND (h.resolved_at IS NULL OR h.outcome = 'upheld')) THEN 'on-hold'
    WHEN p_at >= s.end_at OR EXISTS (SELECT 1 FROM ends e WHERE e.authorization_id = a.id)
      THEN 'authorization-ended'
    WHEN p_purpose IS DISTINCT FROM s.purpose THEN 'purpose-mismatch'
    WHEN p_source <> ALL (s.sources) THEN 'source-mismatch'
    WHEN p_recipient <> ALL (s.recipients) THEN 'recipient-mismatch'
    WHEN cardinality(p_items) = 0 OR NOT p_items <@ s.items OR p_at < s.from_at THEN 'scope-exceeded'
    WHEN (SELECT count(*) FILTER (WHERE r.state <> 'released') >= s.max_uses
              OR count(*) FILTER (WHERE r.state = 'released') >= most_releases()
          FROM redemptions r
          WHERE r.authorization_id = a.id AND r.period = use_period(s.per, p_at)) THEN 'used-up'
    END
  FROM authorizations a LEFT JOIN scopes s ON s.authorization_id = a.id
  WHERE a.id = p_authorization
$$;

CREATE FUNCTION redeemable(
  p_authorization text, p_purpose text, p_source text, p_recipient text, p_items text[], p_at timestamptz
) RETURNS boolean LANGUAGE sql STABLE
  SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM authorizations WHERE id = p_authorization)
     AND redeem_refusal(p_authorization, p_purpose, p_source, p_recipient, p_items, p_at) IS NULL
$$;

-- Rules ------------------------------------------------------------------------------------------
-- Time does not run backwards in a trail, so no fact can be dated before what happened already.
CREATE FUNCTION check_fact_time() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  fact_at timestamptz := (to_jsonb(NEW)->>TG_ARGV[0])::timestamptz;
BEGIN
  IF NOT EXISTS (SELECT 1 FROM authorizations WHERE id = NEW.authorization_id AND state = 'released')
     OR EXISTS (SELECT 1 FROM events e
                WHERE e.stream = NEW.authorization_id AND (e.body::jsonb->>'at')::timestamptz > fact_at) THEN
    RAISE EXCEPTION 'nothing of the kind before it is released, or dated back' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER redemption_time BEFORE INSERT ON redemptions FOR EACH ROW EXECUTE FUNCTION check_fact_time('at');
CREATE TRIGGER withdrawal_time BEFORE INSERT ON withdrawals FOR EACH ROW EXECUTE FUNCTION check_fact_time('at');
CREATE TRIGGER hold_time BEFORE INSERT ON holds FOR EACH ROW EXECUTE FUNCTION check_fact_time('opened_at');
CREATE TRIGGER end_time BEFORE INSERT ON ends FOR EACH ROW EXECUTE FUNCTION check_fact_time('at');

-- A row that the predicate refuses is not written, whoever builds the statement. The lock on the
-- authorization makes withdrawals and other redemptions wait, so what was asked is still so at commit.
CREATE FUNCTION check_redemption() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  scope scopes;
BEGIN
  PERFORM 1 FROM authorizations WHERE id = NEW.authorization_id FOR UPDATE;
  SELECT * INTO scope FROM scopes WHERE authorization_id = NEW.authorization_id;
  IF NEW.state = 'released' OR NEW.number > scope.max_uses
     OR NEW.period <> use_period(scope.per, NEW.at)
     OR NEW.settled_at IS DISTINCT FROM (CASE WHEN NEW.state = 'confirmed' THEN NEW.at END)
     OR NOT redeemable(NEW.authorization_id, NEW.purpose, NEW.source, NEW.recipient, NEW.items, NEW.at) THEN
    RAISE EXCEPTION 'not redeemable' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER redemption_allowed BEFORE INSERT ON redemptions FOR EACH ROW EXECUTE FUNCTION check_redemption();

-- A reservation is settled once; the worker only lets it time out.
CREATE FUNCTION check_settlement() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NEW.tells < OLD.tells THEN
    RAISE EXCEPTION 'what was told was told' USING ERRCODE = 'MA001';
  END IF;
  IF (NEW.state, NEW.settled_at, NEW.settled_by) IS NOT DISTINCT FROM (OLD.state, OLD.settled_at, OLD.settled_by) THEN
    RETURN NEW;
  END IF;
  IF OLD.state <> 'reserved' OR NEW.state = 'reserved' OR NEW.settled_at IS NULL OR NEW.settled_at < OLD.at
     OR (NEW.state = 'confirmed' AND (NEW.settled_at >= OLD.reserved_until OR NEW.settled_by <> 'institution'))
     OR (NEW.settled_by = 'time-out' AND NEW.settled_at < OLD.reserved_until)
     OR (NEW.settled_by = 'time-out') <> (current_user = 'mandate_worker') THEN
    RAISE EXCEPTION 'a reservation is settled once and in time' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER redemption_settled BEFORE UPDATE ON redemptions FOR EACH ROW EXECUTE FUNCTION check_settlement();

CREATE FUNCTION check_hold() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.outcome IS NOT NULL OR NEW.resolved_at IS NOT NULL THEN
      RAISE EXCEPTION 'a hold begins open' USING ERRCODE = 'MA001';
    END IF;
  ELSIF OLD.resolved_at IS NOT NULL
     -- Whoever resolves agrees with what somebody else proposed before.
     OR (NEW.resolved_at IS NOT NULL AND (NEW.outcome, NEW.proposed_by, NEW.proposed_at)
         IS DISTINCT FROM (OLD.outcome, OLD.proposed_by, OLD.proposed_at)) THEN
    RAISE EXCEPTION 'a hold is proposed, then resolved, once' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER hold_life BEFORE INSERT OR UPDATE ON holds FOR EACH ROW EXECUTE FUNCTION check_hold();

CREATE FUNCTION check_receipt() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF OLD.token IS NOT NULL THEN
    RAISE EXCEPTION 'a receipt is stamped once' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER receipt_stamp BEFORE UPDATE ON receipts FOR EACH ROW EXECUTE FUNCTION check_receipt();

-- Agreed scope: written when the signature is committed, for this authorization.
CREATE FUNCTION check_scope() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM authorizations WHERE id = NEW.authorization_id AND state = 'signed') THEN
    RAISE EXCEPTION 'a scope is written when its letter is signed' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER scope_signed BEFORE INSERT ON scopes FOR EACH ROW EXECUTE FUNCTION check_scope();

-- Who may put which kind of entry into the ledger. The key that keeps an entry single begins with its
-- kind, so that no writer can occupy another's; only a letter's entry names what it releases.
CREATE TABLE ledger_writers (
  kind text NOT NULL,
  role text NOT NULL,
  PRIMARY KEY (kind, role)
);
INSERT INTO ledger_writers VALUES
  ('intent', 'mandate_ca'),
  ('letter', 'mandate_ca'),
  ('void', 'mandate_ca'),
  ('renewal', 'mandate_ca'),
  ('deploy', 'mandate_ledger'),
  ('credential', 'mandate_ra'),
  ('redemption', 'mandate_web'),
  ('redemption', 'mandate_worker'),
  ('withdrawal', 'mandate_web'),
  ('hold', 'mandate_web'),
  ('hold', 'mandate_desk'),
  ('end', 'mandate_web');
GRANT SELECT ON ledger_writers TO
  mandate_web, mandate_ra, mandate_ca, mandate_ledger, mandate_worker, mandate_desk;

CREATE FUNCTION check_entry() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  entry_kind text := NEW.entry::jsonb->>'kind';
BEGIN
  IF NOT EXISTS (SELECT 1 FROM ledger_writers w WHERE w.kind = entry_kind AND w.role = current_user) THEN
    RAISE EXCEPTION '% does not write % into the ledger', current_user, entry_kind USING ERRCODE = 'MA001';
  END IF;
  IF NEW.dedupe NOT LIKE entry_kind || ':%' OR NEW.leaf_index IS NOT NULL
     OR (NEW.authorization_id IS NOT NULL AND entry_kind <> 'letter') THEN
    RAISE EXCEPTION 'not an entry as its kind has them' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER queue_writer BEFORE INSERT ON ledger_queue FOR EACH ROW EXECUTE FUNCTION check_entry();

-- At commit: no fact without its event and its ledger entry. The reader is the owner: the writers of
-- facts may not read the queue.
CREATE FUNCTION check_fact() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  event_type text := TG_ARGV[0];
  key text := TG_ARGV[1] || ':' || NEW.id;
BEGIN
  IF TG_TABLE_NAME = 'redemptions' THEN
    event_type := CASE WHEN TG_OP = 'INSERT' THEN 'redeemed'
                       WHEN NEW.state = 'confirmed' THEN 'redemption-confirmed'
                       ELSE 'redemption-released' END;
    key := key || ':' || CASE WHEN TG_OP = 'INSERT' THEN 'made' ELSE NEW.state END;
  ELSIF TG_TABLE_NAME = 'holds' THEN
    IF TG_OP = 'UPDATE' AND NEW.resolved_at IS NULL THEN
      RETURN NULL;
    END IF;
    event_type := CASE WHEN TG_OP = 'INSERT' THEN 'held' ELSE 'hold-resolved' END;
    key := key || ':' || CASE WHEN TG_OP = 'INSERT' THEN 'opened' ELSE 'resolved' END;
  END IF;
  IF NOT EXISTS (
    SELECT 1 FROM events e
    WHERE e.stream = NEW.authorization_id AND e.type = event_type AND e.body::jsonb->'data'->>'id' = NEW.id
  ) OR NOT EXISTS (SELECT 1 FROM ledger_queue q WHERE q.dedupe = key) THEN
    RAISE EXCEPTION 'a fact without its event or its ledger entry' USING ERRCODE = 'MA002';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER redemption_recorded AFTER INSERT OR UPDATE OF state ON redemptions
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_fact('redeemed', 'redemption');
CREATE CONSTRAINT TRIGGER withdrawal_recorded AFTER INSERT ON withdrawals
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_fact('withdrawn', 'withdrawal');
CREATE CONSTRAINT TRIGGER hold_recorded AFTER INSERT OR UPDATE OF resolved_at ON holds
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_fact('held', 'hold');
CREATE CONSTRAINT TRIGGER end_recorded AFTER INSERT ON ends
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_fact('ended', 'end');

-- At commit: no event of these kinds without its fact.
CREATE FUNCTION check_fact_event() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  fact text := NEW.body::jsonb->'data'->>'id';
  found_one boolean;
BEGIN
  found_one := CASE
    WHEN NEW.type IN ('redeemed', 'redemption-confirmed', 'redemption-released') THEN EXISTS (
      SELECT 1 FROM redemptions r WHERE r.id = fact AND r.authorization_id = NEW.stream
        AND (NEW.type = 'redeemed' OR NEW.type = 'redemption-' || r.state))
    WHEN NEW.type = 'withdrawn' THEN EXISTS (
      SELECT 1 FROM withdrawals w WHERE w.id = fact AND w.authorization_id = NEW.stream)
    WHEN NEW.type IN ('held', 'hold-resolved') THEN EXISTS (
      SELECT 1 FROM holds h WHERE h.id = fact AND h.authorization_id = NEW.stream
        AND (NEW.type = 'held' OR h.resolved_at IS NOT NULL))
    ELSE EXISTS (SELECT 1 FROM ends e WHERE e.id = fact AND e.authorization_id = NEW.stream)
  END;
  IF NOT found_one THEN
    RAISE EXCEPTION 'an event without its fact' USING ERRCODE = 'MA002';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER event_fact AFTER INSERT ON events
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (NEW.type IN ('redeemed', 'redemption-confirmed', 'redemption-released', 'withdrawn', 'held', 'hold-resolved', 'ended'))
  EXECUTE FUNCTION check_fact_event();

INSERT INTO event_writers VALUES
  ('redeemed', 'mandate_web'),
  ('redemption-confirmed', 'mandate_web'),
  ('redemption-released', 'mandate_web'),
  ('redemption-released', 'mandate_worker'),
  ('withdrawn', 'mandate_web'),
  ('held', 'mandate_web'),
  ('hold-resolved', 'mandate_desk'),
  ('ended', 'mandate_web');
INSERT INTO wakers VALUES
  ('integrate-ledger', 'mandate_web'),
  ('integrate-ledger', 'mandate_worker'),
  ('integrate-ledger', 'mandate_desk'),
  ('stamp-receipt', 'mandate_web'),
  ('stamp-receipt', 'mandate_desk'),
  ('tell-use', 'mandate_web');

-- Who may do what --------------------------------------------------------------------------------
GRANT INSERT ON scopes TO mandate_ca;
GRANT SELECT ON scopes TO mandate_ca, mandate_web, mandate_ra, mandate_seal, mandate_worker, mandate_desk;

GRANT INSERT ON redemptions, withdrawals, holds, ends TO mandate_web;
GRANT USAGE ON SEQUENCE redemption_index TO mandate_web;
GRANT SELECT ON redemptions, withdrawals, holds, ends TO mandate_web, mandate_desk;
GRANT UPDATE (state, settled_at, settled_by) ON redemptions TO mandate_web, mandate_worker;
GRANT SELECT (id, authorization_id, state, digest, at, reserved_until, settled_at, settled_by, tells) ON redemptions TO mandate_worker;

GRANT UPDATE (outcome, proposed_by, proposed_at, resolved_by, resolved_at) ON holds TO mandate_desk;
GRANT INSERT ON events, outbox TO mandate_desk;
GRANT SELECT ON wakers, transitions TO mandate_desk;
GRANT UPDATE (version, head, updated_at) ON authorizations TO mandate_desk;
GRANT INSERT (dedupe, entry) ON ledger_queue TO mandate_web, mandate_worker, mandate_desk;

GRANT SELECT (id, authorization_id, state, purpose, source, number, period, at, tells) ON redemptions TO mandate_ra;
GRANT UPDATE (tells) ON redemptions TO mandate_ra;

GRANT SELECT ON authorizations, redemptions, withdrawals, holds, ends TO mandate_seal;
GRANT SELECT, INSERT ON receipts TO mandate_seal;
GRANT UPDATE (token, operator) ON receipts TO mandate_seal;
GRANT SELECT ON receipts TO mandate_web, mandate_desk;
GRANT SELECT ON unstamped_facts TO mandate_worker;
