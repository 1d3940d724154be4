-- The record. Every write of an authorization's state goes through `append` (src/append.ts);
-- what a role may do is decided here, by grants and triggers, not by code.

-- Institutions and what they may use -------------------------------------------------------------
CREATE TABLE institutions (
  id          text PRIMARY KEY,
  name        text NOT NULL,
  credit_code text NOT NULL UNIQUE,
  contact     text NOT NULL,
  complaints  text NOT NULL,
  created_at  timestamptz NOT NULL
);

CREATE TABLE api_keys (
  id             text PRIMARY KEY,
  institution_id text NOT NULL REFERENCES institutions,
  digest         bytea NOT NULL UNIQUE,
  name           text NOT NULL,
  created_at     timestamptz NOT NULL,
  revoked_at     timestamptz
);

CREATE TABLE templates (
  id             text PRIMARY KEY,
  institution_id text NOT NULL REFERENCES institutions,
  name           text NOT NULL,
  created_at     timestamptz NOT NULL,
  UNIQUE (institution_id, name)
);

CREATE TABLE template_versions (
  template_id text NOT NULL REFERENCES templates,
  version     integer NOT NULL CHECK (version > 0),
  body        text NOT NULL,
  digest      text NOT NULL,
  created_at  timestamptz NOT NULL,
  PRIMARY KEY (template_id, version)
);

-- Authorizations and their trail -----------------------------------------------------------------
CREATE TABLE authorizations (
  id                 text PRIMARY KEY,
  institution_id     text NOT NULL REFERENCES institutions,
  template_id        text NOT NULL,
  template_version   integer NOT NULL,
  business_reference text NOT NULL,
  letter_number      text NOT NULL UNIQUE,
  language           text NOT NULL,
  terms_digest       text NOT NULL,
  letter_digest      text NOT NULL,
  letter_size        integer NOT NULL,
  state              text NOT NULL,
  version            integer NOT NULL,
  head               text NOT NULL,
  end_at             timestamptz NOT NULL,
  sign_by            timestamptz NOT NULL,
  created_at         timestamptz NOT NULL,
  updated_at         timestamptz NOT NULL,
  FOREIGN KEY (template_id, template_version) REFERENCES template_versions
);
CREATE INDEX authorizations_by_institution ON authorizations (institution_id, id DESC);
CREATE INDEX authorizations_open ON authorizations (sign_by) WHERE state IN ('requested', 'presented', 'challenged', 'confirmed');

CREATE TABLE transitions (
  from_state text NOT NULL,
  to_state   text NOT NULL,
  role       text NOT NULL,
  PRIMARY KEY (from_state, to_state, role)
);
INSERT INTO transitions VALUES
  ('requested', 'presented', 'mandate_web'),
  ('requested', 'declined', 'mandate_web'),
  ('presented', 'declined', 'mandate_web'),
  ('challenged', 'declined', 'mandate_web'),
  ('confirmed', 'declined', 'mandate_web'),
  ('presented', 'challenged', 'mandate_ra'),
  ('confirmed', 'challenged', 'mandate_ra'),
  ('challenged', 'confirmed', 'mandate_ra'),
  ('confirmed', 'signed', 'mandate_ca'),
  ('confirmed', 'failed', 'mandate_ca'),
  ('signed', 'released', 'mandate_ledger'),
  ('requested', 'lapsed', 'mandate_worker'),
  ('presented', 'lapsed', 'mandate_worker'),
  ('challenged', 'lapsed', 'mandate_worker'),
  ('confirmed', 'lapsed', 'mandate_worker');

CREATE TABLE events (
  stream   text NOT NULL REFERENCES authorizations DEFERRABLE INITIALLY DEFERRED,
  version  integer NOT NULL,
  type     text NOT NULL,
  body     text NOT NULL,
  previous text NOT NULL,
  digest   text NOT NULL UNIQUE,
  PRIMARY KEY (stream, version)
);

-- A state is reached only from a state that allows it, and only by the role that may write it.
CREATE FUNCTION check_authorization() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'requested' OR NEW.version <> 1 OR current_user <> 'mandate_web' THEN
      RAISE EXCEPTION 'an authorization begins as requested, written by web' USING ERRCODE = 'MA001';
    END IF;
    RETURN NEW;
  END IF;
  IF NEW.version <> OLD.version + 1 THEN
    RAISE EXCEPTION 'versions are dense' USING ERRCODE = 'MA001';
  END IF;
  IF NEW.state <> OLD.state AND NOT EXISTS (
    SELECT 1 FROM transitions t
    WHERE t.from_state = OLD.state AND t.to_state = NEW.state AND t.role = current_user
  ) THEN
    RAISE EXCEPTION '% may not turn % into %', current_user, OLD.state, NEW.state USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER authorization_transition BEFORE INSERT OR UPDATE ON authorizations
  FOR EACH ROW EXECUTE FUNCTION check_authorization();

-- The chain is checked where it is written: an event that names a state is written with that state.
CREATE FUNCTION check_event() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  last_digest text;
  body jsonb := NEW.body::jsonb;
  known boolean;
BEGIN
  SELECT digest INTO last_digest FROM events WHERE stream = NEW.stream AND version = NEW.version - 1;
  IF NEW.version = 1 THEN
    last_digest := repeat('0', 64);
  END IF;
  IF last_digest IS NULL OR NEW.previous <> last_digest
     OR body->>'previous' <> NEW.previous OR body->>'stream' <> NEW.stream
     OR (body->>'version')::integer <> NEW.version OR body->>'type' <> NEW.type
     OR NEW.digest <> encode(sha256(convert_to('mandate/event/v1' || chr(10) || NEW.body, 'UTF8')), 'hex') THEN
    RAISE EXCEPTION 'event does not continue its trail' USING ERRCODE = 'MA002';
  END IF;
  IF 'mandate_' || (body->>'by') <> current_user THEN
    RAISE EXCEPTION 'event names another writer' USING ERRCODE = 'MA001';
  END IF;
  SELECT EXISTS (SELECT 1 FROM transitions WHERE to_state = NEW.type) INTO known;
  IF known AND NOT EXISTS (SELECT 1 FROM transitions WHERE to_state = NEW.type AND role = current_user) THEN
    RAISE EXCEPTION '% may not record %', current_user, NEW.type USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER event_chain BEFORE INSERT ON events FOR EACH ROW EXECUTE FUNCTION check_event();

-- Personal data, always ciphertext ---------------------------------------------------------------
CREATE TABLE personal_data (
  authorization_id text NOT NULL REFERENCES authorizations DEFERRABLE INITIALLY DEFERRED,
  field            text NOT NULL,
  box              bytea NOT NULL,
  PRIMARY KEY (authorization_id, field)
);

CREATE TABLE data_keys (
  authorization_id text PRIMARY KEY,
  wrapped          bytea,
  made_at          timestamptz NOT NULL,
  shredded_at      timestamptz
);

CREATE TABLE access_entries (
  authorization_id text NOT NULL,
  ordinal          integer NOT NULL,
  id               text NOT NULL UNIQUE,
  body             text NOT NULL,
  digest           text NOT NULL,
  PRIMARY KEY (authorization_id, ordinal)
);

-- The subject's way in ---------------------------------------------------------------------------
CREATE TABLE signing_links (
  id               text PRIMARY KEY,
  authorization_id text NOT NULL REFERENCES authorizations,
  kind             text NOT NULL CHECK (kind IN ('link', 'ticket')),
  token_digest     bytea NOT NULL UNIQUE,
  origins          text[] NOT NULL,
  created_at       timestamptz NOT NULL,
  expires_at       timestamptz NOT NULL,
  used_at          timestamptz
);

CREATE TABLE visits (
  id               text PRIMARY KEY,
  authorization_id text NOT NULL REFERENCES authorizations,
  cookie_digest    bytea NOT NULL UNIQUE,
  created_at       timestamptz NOT NULL,
  expires_at       timestamptz NOT NULL,
  identified_at    timestamptz
);

-- Role ra ----------------------------------------------------------------------------------------
CREATE TABLE challenges (
  id               text PRIMARY KEY,
  authorization_id text NOT NULL REFERENCES authorizations,
  ordinal          integer NOT NULL,
  digest           text NOT NULL UNIQUE,
  scene            text NOT NULL,
  scene_digest     text NOT NULL,
  server_nonce     text NOT NULL,
  code_mac         bytea NOT NULL,
  sealed_code      bytea,
  made_at          timestamptz NOT NULL,
  expires_at       timestamptz NOT NULL,
  tries            integer NOT NULL DEFAULT 0,
  dead_at          timestamptz,
  sent_at          timestamptz,
  UNIQUE (authorization_id, ordinal)
);

CREATE TABLE confirmations (
  authorization_id text NOT NULL REFERENCES authorizations,
  challenge_id     text NOT NULL PRIMARY KEY REFERENCES challenges,
  visit_id         text NOT NULL,
  parts            text NOT NULL,
  evidence_root    text NOT NULL,
  code_record      text NOT NULL,
  public_key       bytea NOT NULL,
  proof            bytea NOT NULL,
  trail_version    integer NOT NULL,
  confirmed_at     timestamptz NOT NULL,
  good_until       timestamptz NOT NULL
);

-- Role ca ----------------------------------------------------------------------------------------
CREATE TABLE attempts (
  id               text PRIMARY KEY,
  authorization_id text NOT NULL REFERENCES authorizations,
  challenge_id     text NOT NULL REFERENCES confirmations,
  state            text NOT NULL CHECK (state IN ('intended', 'issued', 'subject-signed', 'stamped', 'stored', 'committed', 'voided')),
  key_origin       text NOT NULL CHECK (key_origin IN ('browser', 'hsm', 'software')),
  profile          text NOT NULL,
  serial           bytea NOT NULL UNIQUE,
  key_digest       bytea NOT NULL UNIQUE,
  tbs_digest       bytea NOT NULL,
  trail_version    integer NOT NULL,
  not_before       timestamptz NOT NULL,
  not_after        timestamptz NOT NULL,
  created_at       timestamptz NOT NULL,
  issued_at        timestamptz,
  voided_at        timestamptz,
  void_reason      text
);
CREATE INDEX attempts_open ON attempts (not_after) WHERE state NOT IN ('committed', 'voided');
CREATE UNIQUE INDEX one_committed_attempt ON attempts (authorization_id) WHERE state = 'committed';

-- Attempt states only move forward; a used certificate is never voided, a voided attempt never resumed.
CREATE FUNCTION check_attempt() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  steps text[] := ARRAY['intended', 'issued', 'subject-signed', 'stamped', 'stored', 'committed'];
BEGIN
  IF OLD.state IN ('committed', 'voided')
     OR (NEW.state <> 'voided' AND array_position(steps, NEW.state) <> array_position(steps, OLD.state) + 1) THEN
    RAISE EXCEPTION 'attempt cannot go from % to %', OLD.state, NEW.state USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER attempt_step BEFORE UPDATE OF state ON attempts FOR EACH ROW EXECUTE FUNCTION check_attempt();

-- What each step produced, encrypted under the authorization's data key; the first writer wins.
CREATE TABLE attempt_journal (
  attempt_id text NOT NULL REFERENCES attempts,
  step       text NOT NULL,
  box        bytea NOT NULL,
  at         timestamptz NOT NULL,
  PRIMARY KEY (attempt_id, step)
);

-- Outbox, limits, idempotency, settings ----------------------------------------------------------
CREATE TABLE outbox (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  topic      text NOT NULL,
  ref        text NOT NULL,
  created_at timestamptz NOT NULL,
  relayed_at timestamptz
);
CREATE INDEX outbox_open ON outbox (id) WHERE relayed_at IS NULL;

CREATE TABLE limits (
  scope        text NOT NULL,
  key          text NOT NULL,
  window_start timestamptz NOT NULL,
  count        integer NOT NULL,
  PRIMARY KEY (scope, key, window_start)
);

CREATE TABLE idempotency (
  institution_id   text NOT NULL REFERENCES institutions,
  key              text NOT NULL,
  request_digest   text NOT NULL,
  response_status  integer,
  response_body    text,
  started_at       timestamptz NOT NULL,
  PRIMARY KEY (institution_id, key)
);

CREATE TABLE settings (
  name  text PRIMARY KEY,
  value text NOT NULL
);

CREATE TABLE sandbox_messages (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  reference  text NOT NULL UNIQUE,
  phone      text NOT NULL,
  text       text NOT NULL,
  created_at timestamptz NOT NULL
);

-- Role ledger ------------------------------------------------------------------------------------
CREATE TABLE ledger_queue (
  id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  dedupe           text NOT NULL UNIQUE,
  entry            text NOT NULL,
  authorization_id text,
  leaf_index       bigint UNIQUE
);
CREATE INDEX ledger_queue_open ON ledger_queue (id) WHERE leaf_index IS NULL;

CREATE TABLE ledger_entries (
  leaf_index bigint PRIMARY KEY,
  entry      text NOT NULL,
  queue_id   bigint NOT NULL UNIQUE REFERENCES ledger_queue
);

CREATE TABLE ledger_nodes (
  level integer NOT NULL,
  index bigint NOT NULL,
  hash  bytea NOT NULL,
  PRIMARY KEY (level, index)
);

CREATE TABLE ledger_checkpoints (
  size    bigint PRIMARY KEY,
  root    bytea NOT NULL,
  note    text NOT NULL,
  made_at timestamptz NOT NULL
);

-- One row; whoever holds its lock is the sequencer of this round.
CREATE TABLE ledger_head (
  one  boolean PRIMARY KEY DEFAULT true CHECK (one),
  size bigint NOT NULL
);
INSERT INTO ledger_head (size) VALUES (0);

CREATE TABLE inclusion_proofs (
  authorization_id text PRIMARY KEY REFERENCES authorizations,
  proof            text NOT NULL
);

CREATE TABLE reports (
  id               text PRIMARY KEY,
  authorization_id text NOT NULL REFERENCES authorizations,
  created_at       timestamptz NOT NULL
);

-- Who may do what --------------------------------------------------------------------------------
GRANT SELECT ON institutions, templates, template_versions, settings TO
  mandate_web, mandate_ra, mandate_ca, mandate_tsa, mandate_seal, mandate_ledger, mandate_vault, mandate_worker, mandate_desk;
GRANT SELECT ON authorizations, events TO
  mandate_web, mandate_ra, mandate_ca, mandate_ledger, mandate_vault, mandate_worker, mandate_desk;
GRANT SELECT ON transitions TO
  mandate_web, mandate_ra, mandate_ca, mandate_ledger, mandate_worker;

GRANT SELECT ON api_keys TO mandate_web;
GRANT INSERT ON templates, template_versions, signing_links, visits TO mandate_web;
GRANT SELECT ON signing_links, visits TO mandate_web;
GRANT UPDATE (used_at) ON signing_links TO mandate_web;
GRANT UPDATE (identified_at) ON visits TO mandate_web;
GRANT INSERT ON authorizations TO mandate_web;
GRANT INSERT, SELECT ON personal_data TO mandate_web;
GRANT SELECT, INSERT, UPDATE ON idempotency TO mandate_web;
GRANT DELETE ON idempotency TO mandate_web;
GRANT SELECT ON inclusion_proofs, ledger_checkpoints, ledger_entries, ledger_nodes, sandbox_messages TO mandate_web;
GRANT INSERT, SELECT ON reports TO mandate_web, mandate_desk;
GRANT SELECT (id, authorization_id, ordinal, digest, scene_digest, server_nonce, made_at, expires_at, tries, dead_at) ON challenges TO mandate_web;
GRANT SELECT (authorization_id, challenge_id, visit_id, confirmed_at, good_until) ON confirmations TO mandate_web;
GRANT SELECT (id, authorization_id, challenge_id, state, key_origin, not_after, created_at) ON attempts TO mandate_web, mandate_worker;

GRANT SELECT, INSERT ON challenges, confirmations TO mandate_ra;
GRANT UPDATE (tries, dead_at, sealed_code, sent_at) ON challenges TO mandate_ra;
GRANT SELECT ON personal_data TO mandate_ra, mandate_ca, mandate_desk;
GRANT SELECT ON challenges, confirmations TO mandate_ca;
GRANT SELECT, INSERT, UPDATE ON attempts TO mandate_ca;
GRANT SELECT, INSERT ON attempt_journal TO mandate_ca;
GRANT SELECT, INSERT ON ledger_queue TO mandate_ca;

GRANT SELECT, INSERT, UPDATE ON data_keys TO mandate_vault;
GRANT SELECT, INSERT ON access_entries TO mandate_vault;
GRANT SELECT ON access_entries, inclusion_proofs TO mandate_desk;

GRANT SELECT ON ledger_queue, ledger_entries, ledger_nodes, ledger_checkpoints, ledger_head TO mandate_ledger;
GRANT UPDATE (leaf_index) ON ledger_queue TO mandate_ledger;
GRANT INSERT ON ledger_entries, ledger_nodes, ledger_checkpoints, inclusion_proofs TO mandate_ledger;
GRANT UPDATE ON ledger_head TO mandate_ledger;

GRANT INSERT ON events, outbox TO mandate_web, mandate_ra, mandate_ca, mandate_ledger, mandate_worker;
GRANT UPDATE (state, version, head, updated_at) ON authorizations TO
  mandate_web, mandate_ra, mandate_ca, mandate_ledger, mandate_worker;
GRANT SELECT, INSERT, UPDATE ON limits TO mandate_web, mandate_ra;
GRANT SELECT ON outbox TO mandate_worker;
GRANT UPDATE (relayed_at) ON outbox TO mandate_worker;
GRANT INSERT, SELECT ON sandbox_messages TO mandate_worker;
GRANT UPDATE (dead_at) ON challenges TO mandate_web;
