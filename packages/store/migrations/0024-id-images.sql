-- Pictures of identity documents: drawn anew, with their purpose over them, kept for a while and destroyed at a time
-- that was said beforehand. Each has a secret of its own in `data_keys`, under its own id, beside the authorization's data
-- key; the picture opens with both alone, and its secret goes with it.

CREATE TABLE id_images (
  id               text PRIMARY KEY REFERENCES data_keys CHECK (id LIKE 'img\_%'),
  authorization_id text NOT NULL REFERENCES authorizations,
  by               text NOT NULL CHECK (by IN ('institution', 'subject')),
  -- Why it is kept; the source that demands it is named.
  reason           text NOT NULL CHECK (reason IN ('in-person', 'source-demand', 'provided')),
  source           text,
  side             text NOT NULL CHECK (side IN ('front', 'back')),
  -- Pixels and bytes of what is kept.
  width            integer NOT NULL CHECK (width > 0),
  height           integer NOT NULL CHECK (height > 0),
  size             integer NOT NULL CHECK (size > 0),
  -- Salted commitment to the picture; the salt is in the box and goes with it.
  content          text NOT NULL,
  -- Of the fact that it was destroyed.
  salt             text NOT NULL,
  -- Picture and salt, encrypted; null once destroyed.
  box              bytea,
  kept_at          timestamptz NOT NULL,
  -- It is destroyed then, whatever else happens.
  keep_until       timestamptz NOT NULL,
  destroyed_at     timestamptz,
  destroyed_why    text CHECK (destroyed_why IN ('deadline', 'asked', 'over', 'erased')),
  destroyed_by     text CHECK (destroyed_by IN ('institution', 'subject', 'sweep')),
  CHECK ((reason = 'source-demand') = (source IS NOT NULL)),
  CHECK (reason <> CASE by WHEN 'subject' THEN 'in-person' ELSE 'provided' END),
  -- The installation says less; more it cannot say.
  CONSTRAINT kept_for_a_while CHECK (keep_until > kept_at AND keep_until <= kept_at + interval '180 days'),
  CONSTRAINT gone_or_not CHECK (
    (box IS NULL) = (destroyed_at IS NOT NULL) AND (destroyed_at IS NULL) = (destroyed_why IS NULL)
    AND (destroyed_at IS NULL) = (destroyed_by IS NULL) AND destroyed_at >= kept_at)
);
CREATE INDEX id_images_of ON id_images (authorization_id, id);
CREATE INDEX id_images_kept ON id_images (keep_until) WHERE destroyed_at IS NULL;

-- Why no (more) picture is kept with an authorization at that moment; null when one may be.
CREATE FUNCTION id_image_refusal(p_authorization text, p_at timestamptz) RETURNS text LANGUAGE sql STABLE
  SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT CASE
    WHEN EXISTS (SELECT 1 FROM erasures x WHERE x.authorization_id = a.id) THEN 'erased'
    WHEN EXISTS (SELECT 1 FROM restrictions x WHERE x.authorization_id = a.id) THEN 'restricted'
    WHEN EXISTS (SELECT 1 FROM withdrawals w WHERE w.authorization_id = a.id) THEN 'withdrawn'
    WHEN a.end_at <= p_at OR EXISTS (SELECT 1 FROM ends e WHERE e.authorization_id = a.id) THEN 'authorization-ended'
    -- While the subject is signing nothing gets between the steps.
    WHEN a.state NOT IN ('requested', 'presented', 'released') THEN 'illegal-transition'
    WHEN (SELECT count(*) FROM id_images i WHERE i.authorization_id = a.id AND i.destroyed_at IS NULL) >= 4
      OR (SELECT count(*) FROM id_images i WHERE i.authorization_id = a.id) >= 20 THEN 'image-limit'
  END
  FROM authorizations a WHERE a.id = p_authorization
$$;

-- What was to be shown by it is over, so there is nothing left to keep it for; not while a dispute is open.
CREATE FUNCTION id_image_over(p_authorization text, p_at timestamptz) RETURNS boolean LANGUAGE sql STABLE
  SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT (a.state IN ('declined', 'lapsed', 'failed')
          OR EXISTS (SELECT 1 FROM restrictions x WHERE x.authorization_id = a.id)
          OR EXISTS (SELECT 1 FROM withdrawals w WHERE w.authorization_id = a.id)
          OR EXISTS (SELECT 1 FROM ends e WHERE e.authorization_id = a.id)
          OR (a.state = 'released' AND a.end_at <= p_at))
     AND NOT EXISTS (SELECT 1 FROM holds h WHERE h.authorization_id = a.id AND h.resolved_at IS NULL)
  FROM authorizations a WHERE a.id = p_authorization
$$;

-- Kept by role web while it may be, and whole.
CREATE FUNCTION check_new_id_image() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM 1 FROM authorizations WHERE id = NEW.authorization_id FOR UPDATE;
  IF NEW.destroyed_at IS NOT NULL OR id_image_refusal(NEW.authorization_id, NEW.kept_at) IS NOT NULL
     OR EXISTS (SELECT 1 FROM events e
                WHERE e.stream = NEW.authorization_id AND (e.body::jsonb->>'at')::timestamptz > NEW.kept_at) THEN
    RAISE EXCEPTION 'no picture is kept here' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER id_image_allowed BEFORE INSERT ON id_images FOR EACH ROW EXECUTE FUNCTION check_new_id_image();

-- It is destroyed once and for good, nothing else of it changes, and its secret goes in the same statement. Its
-- `data_keys` row stays without one, so that none is ever put back under this id.
CREATE FUNCTION destroy_id_image() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  gone text[] := ARRAY['box', 'destroyed_at', 'destroyed_why', 'destroyed_by'];
BEGIN
  IF OLD.destroyed_at IS NOT NULL OR NEW.destroyed_at IS NULL
     OR to_jsonb(NEW) - gone IS DISTINCT FROM to_jsonb(OLD) - gone
     OR (NEW.destroyed_why = 'deadline' AND NEW.destroyed_at < OLD.keep_until)
     OR (NEW.destroyed_why = 'over' AND NOT id_image_over(OLD.authorization_id, NEW.destroyed_at))
     OR (NEW.destroyed_why = 'erased' AND EXISTS (
           SELECT 1 FROM data_keys k WHERE k.authorization_id = OLD.authorization_id AND k.wrapped IS NOT NULL))
     OR (NEW.destroyed_why = 'asked') <> (NEW.destroyed_by <> 'sweep')
     OR (NEW.destroyed_why = 'asked' AND EXISTS (
           SELECT 1 FROM holds h WHERE h.authorization_id = OLD.authorization_id AND h.resolved_at IS NULL)) THEN
    RAISE EXCEPTION 'a picture is destroyed once, for a reason, and not changed' USING ERRCODE = 'MA001';
  END IF;
  UPDATE data_keys SET wrapped = NULL, shredded_at = NEW.destroyed_at
    WHERE authorization_id = NEW.id AND wrapped IS NOT NULL;
  RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION destroy_id_image() FROM PUBLIC;
CREATE TRIGGER id_image_life BEFORE UPDATE ON id_images FOR EACH ROW EXECUTE FUNCTION destroy_id_image();

-- Whoever could delete the row could begin again under its id.
CREATE FUNCTION keep_id_image_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the row says what became of the picture' USING ERRCODE = 'MA001';
END $$;
CREATE TRIGGER id_image_row BEFORE DELETE ON id_images FOR EACH ROW EXECUTE FUNCTION keep_id_image_row();

-- At commit: destroyed is on record, and with the authorization's data key no picture of it stays.
CREATE CONSTRAINT TRIGGER id_image_destroyed AFTER UPDATE ON id_images
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_fact('id-image-destroyed', 'shred');
CREATE FUNCTION check_erased_images() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM id_images i WHERE i.authorization_id = NEW.authorization_id AND i.destroyed_at IS NULL) THEN
    RAISE EXCEPTION 'erased, and a picture is left' USING ERRCODE = 'MA002';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER erasure_images AFTER INSERT ON erasures
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_erased_images();

-- At commit: no picture without its event, no event without its picture.
CREATE FUNCTION check_id_image_event() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM id_images i
                 WHERE i.id = NEW.body::jsonb->'data'->>'id' AND i.authorization_id = NEW.stream
                   AND (NEW.type = 'id-image-kept' OR i.destroyed_at IS NOT NULL)) THEN
    RAISE EXCEPTION 'an event without its fact' USING ERRCODE = 'MA002';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER event_id_image AFTER INSERT ON events
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.type IN ('id-image-kept', 'id-image-destroyed'))
  EXECUTE FUNCTION check_id_image_event();
CREATE FUNCTION check_id_image_kept() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM events e WHERE e.stream = NEW.authorization_id AND e.type = 'id-image-kept'
                   AND e.body::jsonb->'data'->>'id' = NEW.id AND e.body::jsonb->'data'->>'content' = NEW.content) THEN
    RAISE EXCEPTION 'a picture without its event' USING ERRCODE = 'MA002';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER id_image_recorded AFTER INSERT ON id_images
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_id_image_kept();

GRANT SELECT, INSERT ON id_images TO mandate_web;
GRANT SELECT ON id_images TO mandate_vault, mandate_seal;
GRANT SELECT (id, authorization_id, by, reason, source, side, width, height, size, content, salt, kept_at, keep_until,
  destroyed_at, destroyed_why, destroyed_by) ON id_images TO mandate_worker;
GRANT UPDATE (box, destroyed_at, destroyed_why, destroyed_by) ON id_images TO mandate_web, mandate_worker, mandate_vault;

INSERT INTO event_writers VALUES
  ('id-image-kept', 'mandate_web'),
  ('id-image-destroyed', 'mandate_web'),
  ('id-image-destroyed', 'mandate_worker'),
  ('id-image-destroyed', 'mandate_vault');
INSERT INTO ledger_writers VALUES ('shred', 'mandate_worker');
INSERT INTO wakers VALUES ('stamp-receipt', 'mandate_worker');
INSERT INTO webhook_types VALUES ('id-image-destroyed', 'authorization.id-image-destroyed');

-- As before, and the destruction of a picture is an entry of its own.
CREATE OR REPLACE FUNCTION check_privacy_entry() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  said jsonb := NEW.entry::jsonb;
  fact_id text := split_part(NEW.dedupe, ':', 2);
  event_type text := CASE split_part(fact_id, '_', 1)
    WHEN 'rel' THEN 'data-released' WHEN 'rst' THEN 'restricted' WHEN 'era' THEN 'erased'
    WHEN 'img' THEN 'id-image-destroyed' END;
  subject text := CASE event_type
    WHEN 'data-released' THEN (SELECT authorization_id FROM subject_releases WHERE id = fact_id)
    WHEN 'restricted' THEN (SELECT authorization_id FROM restrictions WHERE id = fact_id)
    WHEN 'erased' THEN (SELECT authorization_id FROM erasures WHERE id = fact_id)
    WHEN 'id-image-destroyed' THEN (SELECT authorization_id FROM id_images WHERE id = fact_id) END;
BEGIN
  IF (said - ARRAY['format', 'kind', 'at', 'letter', 'fact', 'step']) <> '{}'::jsonb
     OR octet_length(NEW.entry) > 400
     OR (said->>'kind' = 'shred' AND (said->>'step') IS DISTINCT FROM event_type)
     OR (said->>'kind' = 'access') <> (event_type = 'data-released')
     OR NOT EXISTS (
       SELECT 1 FROM events e JOIN authorizations a ON a.id = e.stream
       WHERE e.stream = subject AND e.type = event_type AND e.body::jsonb->'data'->>'id' = fact_id
         AND e.body::jsonb->'data'->>'fact' = said->>'fact' AND a.letter_digest = said->>'letter') THEN
    RAISE EXCEPTION 'an entry that says something else than its fact' USING ERRCODE = 'MA002';
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE VIEW unstamped_facts AS
  SELECT f.id, f.at FROM (
    SELECT id, at FROM redemptions UNION ALL SELECT id, at FROM withdrawals
    UNION ALL SELECT id, opened_at FROM holds UNION ALL SELECT id, at FROM ends
    UNION ALL SELECT resolution_id, resolved_at FROM holds WHERE resolution_id IS NOT NULL
    UNION ALL SELECT id, at FROM subject_releases UNION ALL SELECT id, at FROM restrictions
    UNION ALL SELECT id, at FROM erasures
    UNION ALL SELECT id, destroyed_at FROM id_images WHERE destroyed_at IS NOT NULL
  ) f WHERE NOT EXISTS (SELECT 1 FROM receipts r WHERE r.fact_id = f.id AND r.token IS NOT NULL);
