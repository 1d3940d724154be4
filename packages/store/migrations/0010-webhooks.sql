-- What institutions are told, and what became of telling them. An event is announced by the trail
-- itself, in the transaction that wrote it, whichever role that was.

CREATE TABLE webhook_types (
  event_type   text PRIMARY KEY,
  webhook_type text NOT NULL
);
-- Nothing is called signed before it is in the ledger: `signed` is not announced, `released` is.
INSERT INTO webhook_types VALUES
  ('presented', 'authorization.presented'),
  ('declined', 'authorization.declined'),
  ('lapsed', 'authorization.lapsed'),
  ('failed', 'authorization.failed'),
  ('released', 'authorization.released'),
  ('redeemed', 'authorization.redeemed'),
  ('redemption-released', 'authorization.redemption-released'),
  ('withdrawn', 'authorization.withdrawn'),
  ('held', 'authorization.held'),
  ('hold-resolved', 'authorization.hold-resolved'),
  ('ended', 'authorization.ended');

CREATE TABLE webhook_events (
  id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  institution_id   text NOT NULL REFERENCES institutions,
  authorization_id text NOT NULL,
  version          integer NOT NULL,
  type             text NOT NULL,
  at               timestamptz NOT NULL,
  fanned_out       boolean NOT NULL DEFAULT false,
  UNIQUE (authorization_id, version)
);
CREATE INDEX webhook_events_open ON webhook_events (id) WHERE NOT fanned_out;
CREATE INDEX webhook_events_by_institution ON webhook_events (institution_id, id);

CREATE TABLE webhook_endpoints (
  id              text PRIMARY KEY,
  institution_id  text NOT NULL REFERENCES institutions,
  url             text NOT NULL,
  -- null: all types
  types           text[],
  -- The secret is derived from endpoint and generation; none is stored.
  generation      integer NOT NULL DEFAULT 1 CHECK (generation > 0),
  -- Newest generation that was handed out: each is shown once.
  shown           integer NOT NULL DEFAULT 0,
  -- Until then deliveries are signed with the former generation as well.
  previous_until  timestamptz,
  created_at      timestamptz NOT NULL,
  failing_since   timestamptz,
  disabled_at     timestamptz,
  disabled_reason text CHECK (disabled_reason IN ('gone', 'failing', 'by-institution')),
  deleted_at      timestamptz
);
CREATE INDEX webhook_endpoints_by_institution ON webhook_endpoints (institution_id, id);

CREATE TABLE webhook_deliveries (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  endpoint_id  text NOT NULL REFERENCES webhook_endpoints,
  event_id     bigint NOT NULL REFERENCES webhook_events,
  -- null: delivered or given up
  next_at      timestamptz,
  tries        integer NOT NULL DEFAULT 0,
  delivered_at timestamptz,
  given_up_at  timestamptz,
  last_status  integer,
  last_fault   text,
  last_at      timestamptz,
  UNIQUE (endpoint_id, event_id)
);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (next_at) WHERE next_at IS NOT NULL;

-- Runs as its owner: no role may announce what did not happen.
CREATE FUNCTION announce_event() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  INSERT INTO webhook_events (institution_id, authorization_id, version, type, at)
  SELECT a.institution_id, NEW.stream, NEW.version, t.webhook_type, (NEW.body::jsonb->>'at')::timestamptz
  FROM webhook_types t, authorizations a
  WHERE t.event_type = NEW.type AND a.id = NEW.stream;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION announce_event() FROM PUBLIC;
CREATE TRIGGER event_announcement AFTER INSERT ON events FOR EACH ROW EXECUTE FUNCTION announce_event();

-- A secret is shown once per generation, and generations only go forward.
CREATE FUNCTION check_endpoint() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NEW.generation < OLD.generation OR NEW.generation > OLD.generation + 1
     OR NEW.shown < OLD.shown OR NEW.shown > NEW.generation
     OR (OLD.deleted_at IS NOT NULL) THEN
    RAISE EXCEPTION 'a webhook endpoint does not go back' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER endpoint_life BEFORE UPDATE ON webhook_endpoints FOR EACH ROW EXECUTE FUNCTION check_endpoint();

GRANT SELECT ON webhook_types, webhook_events, webhook_endpoints, webhook_deliveries TO
  mandate_web, mandate_worker, mandate_seal;
GRANT INSERT ON webhook_endpoints TO mandate_web;
GRANT UPDATE (types, generation, previous_until, disabled_at, disabled_reason, failing_since, deleted_at)
  ON webhook_endpoints TO mandate_web;
GRANT UPDATE (shown) ON webhook_endpoints TO mandate_seal;
GRANT INSERT ON webhook_deliveries TO mandate_web, mandate_worker;
GRANT UPDATE (next_at, tries, given_up_at) ON webhook_deliveries TO mandate_web;
GRANT UPDATE (fanned_out) ON webhook_events TO mandate_worker;
GRANT UPDATE (disabled_at, disabled_reason, failing_since) ON webhook_endpoints TO mandate_worker;
GRANT UPDATE (next_at, tries, delivered_at, given_up_at, last_status, last_fault, last_at)
  ON webhook_deliveries TO mandate_worker;
