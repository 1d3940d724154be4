-- Personal data after the signature: who gets them for a use, and how they end. A named recipient's key opens what a
-- use releases; restriction and erasure are facts like all others; when data may be erased one function says.

-- Keys of recipients, by which released data are sealed. The operator writes them, by command, with two people.
CREATE TABLE recipient_keys (
  id            text PRIMARY KEY,
  credit_code   text NOT NULL,
  -- Public JWK (RFC 7517), canonical JSON, and its thumbprint (RFC 7638), which names it in each sealed message.
  jwk           text NOT NULL CHECK (NOT jwk::jsonb ? 'd'),
  thumbprint    text NOT NULL,
  registrar     text NOT NULL,
  approver      text NOT NULL,
  registered_at timestamptz NOT NULL,
  valid_until   timestamptz NOT NULL CHECK (valid_until > registered_at),
  revoked_at    timestamptz,
  UNIQUE (credit_code, thumbprint),
  CONSTRAINT two_people CHECK (lower(btrim(approver)) <> lower(btrim(registrar)))
);
GRANT SELECT ON recipient_keys TO mandate_web;

CREATE FUNCTION check_recipient_key() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF OLD.revoked_at IS NOT NULL
     OR to_jsonb(NEW) - 'revoked_at' IS DISTINCT FROM to_jsonb(OLD) - 'revoked_at' THEN
    RAISE EXCEPTION 'a key is revoked, once, and nothing else' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER recipient_key_life BEFORE UPDATE ON recipient_keys
  FOR EACH ROW EXECUTE FUNCTION check_recipient_key();

-- What a seller holds instead of personal data: a random name for one order.
CREATE TABLE order_references (
  reference        text PRIMARY KEY,
  authorization_id text NOT NULL UNIQUE REFERENCES authorizations,
  made_at          timestamptz NOT NULL
);
GRANT SELECT, INSERT ON order_references TO mandate_web;

-- Restriction -------------------------------------------------------------------------------------
-- Kept and not read any more, but for the exceptions that role vault knows (个人信息保护法 art. 47).
CREATE TABLE restrictions (
  id               text PRIMARY KEY,
  authorization_id text NOT NULL REFERENCES authorizations,
  by               text NOT NULL CHECK (by IN ('subject', 'institution')),
  proof_kind       text NOT NULL,
  proof_ref        text NOT NULL,
  salt             text NOT NULL,
  at               timestamptz NOT NULL,
  -- Asked by the subject on their own pages, by a code or passkey of theirs. Nobody's word for it shortens a time: an
  -- institution that says so, or lets somebody in on its word, has its own reasons to see a refusal gone.
  own              boolean NOT NULL GENERATED ALWAYS AS
    (by = 'subject' AND proof_kind IN ('own-code', 'own-passkey')) STORED,
  -- Whoever was first, the subject may still ask.
  UNIQUE (authorization_id, own)
);

-- Nothing is restricted while it may still be used: whoever wants that withdraws first.
CREATE FUNCTION check_restriction() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  held text;
BEGIN
  SELECT state INTO held FROM authorizations WHERE id = NEW.authorization_id FOR UPDATE;
  IF held NOT IN ('released', 'declined', 'lapsed', 'failed')
     OR (held = 'released'
         AND NOT EXISTS (SELECT 1 FROM withdrawals WHERE authorization_id = NEW.authorization_id)
         AND NOT EXISTS (SELECT 1 FROM ends WHERE authorization_id = NEW.authorization_id)
         AND NOT EXISTS (SELECT 1 FROM scopes WHERE authorization_id = NEW.authorization_id AND end_at <= NEW.at))
     OR EXISTS (SELECT 1 FROM events e
                WHERE e.stream = NEW.authorization_id AND (e.body::jsonb->>'at')::timestamptz > NEW.at) THEN
    RAISE EXCEPTION 'it may still be used, or the restriction is dated back' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER restriction_allowed BEFORE INSERT ON restrictions
  FOR EACH ROW EXECUTE FUNCTION check_restriction();
CREATE CONSTRAINT TRIGGER restriction_recorded AFTER INSERT ON restrictions
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_fact('restricted', 'shred');

GRANT SELECT, INSERT ON restrictions TO mandate_web;
GRANT SELECT ON restrictions TO mandate_vault, mandate_seal, mandate_worker, mandate_desk;

-- Release of subject data --------------------------------------------------------------------------
CREATE TABLE subject_releases (
  id               text PRIMARY KEY,
  authorization_id text NOT NULL REFERENCES authorizations,
  redemption_id    text NOT NULL UNIQUE REFERENCES redemptions,
  recipient        text NOT NULL,
  key_id           text NOT NULL REFERENCES recipient_keys,
  -- Which members of the subject were released.
  fields           text[] NOT NULL CHECK (cardinality(fields) > 0),
  -- Salted commitment to them; SHA-256 of the sealed message as it was handed out.
  content          text NOT NULL,
  sealed           text NOT NULL,
  -- The sealed message and the commitment's salt, under the data key.
  box              bytea NOT NULL,
  at               timestamptz NOT NULL
);

-- Why nothing (more) is released for a use at that moment; null when it may be.
CREATE FUNCTION release_refusal(p_redemption text, p_at timestamptz) RETURNS text LANGUAGE sql STABLE
  SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT CASE
    -- What is only reserved may be given back, and then nothing was used.
    WHEN r.state <> 'confirmed' THEN 'illegal-transition'
    WHEN EXISTS (SELECT 1 FROM restrictions x WHERE x.authorization_id = r.authorization_id) THEN 'restricted'
    WHEN EXISTS (SELECT 1 FROM withdrawals w WHERE w.authorization_id = r.authorization_id) THEN 'withdrawn'
    WHEN EXISTS (SELECT 1 FROM holds h WHERE h.authorization_id = r.authorization_id
                 AND (h.resolved_at IS NULL OR h.outcome = 'upheld')) THEN 'on-hold'
    WHEN p_at >= s.end_at OR EXISTS (SELECT 1 FROM ends e WHERE e.authorization_id = r.authorization_id)
      THEN 'authorization-ended'
    END
  FROM redemptions r JOIN scopes s USING (authorization_id)
  WHERE r.id = p_redemption
$$;

CREATE FUNCTION check_release() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  -- Withdrawals and holds wait for this lock, so what was asked is still so at commit.
  PERFORM 1 FROM authorizations WHERE id = NEW.authorization_id FOR UPDATE;
  IF release_refusal(NEW.redemption_id, NEW.at) IS NOT NULL
     OR NOT EXISTS (SELECT 1 FROM redemptions r WHERE r.id = NEW.redemption_id
                    AND r.authorization_id = NEW.authorization_id AND r.recipient = NEW.recipient AND r.at <= NEW.at)
     OR NOT EXISTS (SELECT 1 FROM recipient_keys k WHERE k.id = NEW.key_id AND k.credit_code = NEW.recipient
                    AND k.revoked_at IS NULL AND k.registered_at <= NEW.at AND k.valid_until > NEW.at)
     OR EXISTS (SELECT 1 FROM events e
                WHERE e.stream = NEW.authorization_id AND (e.body::jsonb->>'at')::timestamptz > NEW.at) THEN
    RAISE EXCEPTION 'nothing is released for this use' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER release_allowed BEFORE INSERT ON subject_releases FOR EACH ROW EXECUTE FUNCTION check_release();
CREATE CONSTRAINT TRIGGER release_recorded AFTER INSERT ON subject_releases
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_fact('data-released', 'access');

GRANT SELECT, INSERT ON subject_releases TO mandate_web;
GRANT SELECT ON subject_releases TO mandate_seal;
GRANT SELECT (id, authorization_id, at) ON subject_releases TO mandate_worker;

-- Retention ----------------------------------------------------------------------------------------
-- THE table of how long, by what the letter was for; `basis` is the article. Five years after the certificate's end
-- is the least the law allows (电子签名法 art. 24), so no row can say less for what was signed.
CREATE TABLE retention_rules (
  purpose text PRIMARY KEY,
  months  integer NOT NULL CHECK (months > 0),
  basis   text NOT NULL CHECK (basis <> ''),
  CONSTRAINT not_below_the_law CHECK (purpose = 'not-signed' OR months >= 60)
);
INSERT INTO retention_rules VALUES
  ('loan-approval', 60, '电子签名法 24'),
  ('credit-card-approval', 60, '电子签名法 24'),
  ('guarantee-review', 60, '电子签名法 24'),
  ('post-loan-management', 60, '电子签名法 24'),
  ('credit-reporting', 60, '电子签名法 24'),
  ('income-verification', 60, '电子签名法 24'),
  ('identity-verification', 60, '电子签名法 24'),
  ('fraud-prevention', 60, '电子签名法 24'),
  -- A certificate was issued, and nothing was signed with it.
  ('certificate-unused', 60, '电子签名法 24'),
  -- No certificate: as long as somebody may ask what became of the request, and no longer.
  ('not-signed', 6, '个人信息保护法 19');

-- A report does not say that the business ended before the letter began.
CREATE FUNCTION check_end_start() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM scopes s
             WHERE s.authorization_id = NEW.authorization_id AND NEW.happened_at < s.from_at) THEN
    RAISE EXCEPTION 'ended before it began' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER end_after_start BEFORE INSERT ON ends FOR EACH ROW EXECUTE FUNCTION check_end_start();

-- From when the time runs, until when, and why: the latest of the certificate's end, the last use and the end of the
-- business. That is the agreed one, or sooner the moment at which it was reported: when it happened is the
-- institution's word, which neither shortens nor lengthens the time. No row: nothing is over yet.
CREATE FUNCTION retention(p_authorization text)
  RETURNS TABLE (runs_from timestamptz, kept_until timestamptz, basis text, certificate boolean)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT t.runs_from, t.runs_from + make_interval(months => r.months), r.basis, t.certificate
  FROM (
    SELECT GREATEST(c.ends_at, LEAST(e.at, s.end_at), u.last_at,
                    CASE WHEN c.ends_at IS NULL THEN a.updated_at END) AS runs_from,
           c.ends_at IS NOT NULL AS certificate,
           COALESCE(s.purpose, CASE WHEN c.ends_at IS NULL THEN 'not-signed' ELSE 'certificate-unused' END) AS purpose
    FROM authorizations a
    LEFT JOIN scopes s ON s.authorization_id = a.id
    LEFT JOIN ends e ON e.authorization_id = a.id
    -- What was intended may have been issued: it counts.
    LEFT JOIN LATERAL (SELECT max(t.not_after) AS ends_at FROM attempts t
                       WHERE t.authorization_id = a.id) c ON true
    LEFT JOIN LATERAL (SELECT max(d.at) AS last_at FROM redemptions d
                       WHERE d.authorization_id = a.id) u ON true
    WHERE a.id = p_authorization AND a.state IN ('released', 'declined', 'lapsed', 'failed')
  ) t JOIN retention_rules r ON r.purpose = t.purpose
$$;

-- No template's policy says more.
CREATE FUNCTION longest_pause() RETURNS interval LANGUAGE sql IMMUTABLE AS $$ SELECT interval '2 days' $$;

-- Why the data are not erased at that moment; null when they may be. THE predicate: sweep, vault and the rule on the
-- data key ask here. What no law keeps goes as soon as its subject asks (个人信息保护法 art. 47), on their own pages.
CREATE FUNCTION erasure_refusal(p_authorization text, p_at timestamptz) RETURNS text LANGUAGE sql STABLE
  SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT CASE
    WHEN r.kept_until IS NULL THEN 'illegal-transition'
    WHEN EXISTS (SELECT 1 FROM holds h WHERE h.authorization_id = a.id AND h.resolved_at IS NULL) THEN 'on-hold'
    WHEN r.kept_until > p_at AND (r.certificate
         OR NOT EXISTS (SELECT 1 FROM restrictions x WHERE x.authorization_id = a.id AND x.own))
      THEN 'retention-runs'
    -- Somebody said that they were being told to sign; first the pause of that person is noted, which needs the data.
    WHEN EXISTS (SELECT 1 FROM events e WHERE e.stream = a.id AND e.type = 'declined'
                 AND e.body::jsonb->'data'->>'reason' = 'someone-is-telling-me'
                 AND (e.body::jsonb->>'at')::timestamptz > p_at - longest_pause())
         AND NOT EXISTS (SELECT 1 FROM pauses p WHERE p.authorization_id = a.id)
      THEN 'illegal-transition'
    END
  FROM authorizations a LEFT JOIN LATERAL retention(a.id) r ON true
  WHERE a.id = p_authorization
$$;

GRANT SELECT ON retention_rules TO mandate_web, mandate_vault, mandate_worker, mandate_desk;

-- Erasure ------------------------------------------------------------------------------------------
-- Due ones, noticed by the sweep or named by two people; the act follows not before `act_from`.
CREATE TABLE erasure_marks (
  authorization_id text PRIMARY KEY REFERENCES authorizations,
  marked_at        timestamptz NOT NULL,
  act_from         timestamptz NOT NULL CHECK (act_from >= marked_at),
  asked_by         text NOT NULL,
  approved_by      text,
  CONSTRAINT two_people CHECK (lower(btrim(approved_by)) <> lower(btrim(asked_by)))
);
CREATE INDEX erasure_marks_due ON erasure_marks (act_from);
-- Candidates are looked for again and again.
CREATE INDEX authorizations_by_age ON authorizations (created_at);

CREATE TABLE erasures (
  id               text PRIMARY KEY,
  authorization_id text NOT NULL UNIQUE REFERENCES authorizations,
  basis            text NOT NULL,
  kept_until       timestamptz NOT NULL,
  asked_by         text NOT NULL,
  approved_by      text,
  salt             text NOT NULL,
  at               timestamptz NOT NULL
);

-- An erasure that its subject did not ask for is announced so long: time to object. Who asked and when it may be done
-- is not for whoever writes the mark to say; two people, by command, need no notice.
CREATE FUNCTION check_mark() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  own boolean := EXISTS (SELECT 1 FROM restrictions x WHERE x.authorization_id = NEW.authorization_id AND x.own);
BEGIN
  IF NEW.approved_by IS NULL THEN
    NEW.asked_by := CASE WHEN own THEN 'subject' ELSE 'sweep' END;
    NEW.act_from := NEW.marked_at + CASE WHEN own THEN interval '0' ELSE interval '7 days' END;
  END IF;
  IF erasure_refusal(NEW.authorization_id, NEW.marked_at) IS NOT NULL THEN
    RAISE EXCEPTION 'not due' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER mark_due BEFORE INSERT ON erasure_marks FOR EACH ROW EXECUTE FUNCTION check_mark();

-- A data key goes only where the predicate lets it, whoever builds the statement, and at commit with its erasure.
CREATE FUNCTION check_key_destroyed() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM 1 FROM authorizations WHERE id = NEW.authorization_id FOR UPDATE;
  IF NOT FOUND OR NEW.shredded_at IS NULL OR erasure_refusal(NEW.authorization_id, NEW.shredded_at) IS NOT NULL
     OR NOT EXISTS (SELECT 1 FROM erasure_marks m
                    WHERE m.authorization_id = NEW.authorization_id AND m.act_from <= NEW.shredded_at) THEN
    RAISE EXCEPTION 'this data key is still needed' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
-- Of authorizations: what else has a data key says itself when it goes.
CREATE TRIGGER data_key_destroyed BEFORE UPDATE ON data_keys
  FOR EACH ROW WHEN (OLD.wrapped IS NOT NULL AND NEW.wrapped IS NULL AND NEW.authorization_id LIKE 'aut\_%')
  EXECUTE FUNCTION check_key_destroyed();

CREATE FUNCTION check_erased() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM erasures e JOIN data_keys k USING (authorization_id)
                 WHERE e.authorization_id = NEW.authorization_id AND k.wrapped IS NULL AND k.shredded_at = e.at) THEN
    RAISE EXCEPTION 'erased is erased, and on record' USING ERRCODE = 'MA002';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER data_key_erasure AFTER UPDATE ON data_keys
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.wrapped IS NULL AND NEW.authorization_id LIKE 'aut\_%')
  EXECUTE FUNCTION check_erased();
CREATE CONSTRAINT TRIGGER erasure_key AFTER INSERT ON erasures
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_erased();
CREATE CONSTRAINT TRIGGER erasure_recorded AFTER INSERT ON erasures
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_fact('erased', 'shred');

GRANT SELECT ON erasure_marks TO mandate_worker, mandate_vault;
GRANT INSERT (authorization_id, marked_at) ON erasure_marks TO mandate_worker;
GRANT SELECT ON erasures TO mandate_web, mandate_vault, mandate_seal, mandate_worker, mandate_desk;
GRANT INSERT ON erasures TO mandate_vault;

-- Role vault records what it did like every other writer of facts.
GRANT INSERT ON events, outbox TO mandate_vault;
GRANT UPDATE (version, head, updated_at) ON authorizations TO mandate_vault;
GRANT SELECT ON event_writers, transitions, wakers, ledger_writers TO mandate_vault;
GRANT INSERT (dedupe, entry) ON ledger_queue TO mandate_vault;
-- What finds a person without the data key goes with it. Runs as its owner: role vault alone writes erasures, and
-- needs no way to the index for that. A pause stays till it is over: erasing a refused letter does not lift it.
CREATE FUNCTION forget_person() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  DELETE FROM subject_index WHERE authorization_id = NEW.authorization_id;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION forget_person() FROM PUBLIC;
CREATE TRIGGER erasure_forgets_person AFTER INSERT ON erasures FOR EACH ROW EXECUTE FUNCTION forget_person();

ALTER FUNCTION purge_entries(timestamptz) RENAME TO purge_visits;
REVOKE EXECUTE ON FUNCTION purge_visits(timestamptz) FROM mandate_ra;
CREATE FUNCTION purge_entries(p_at timestamptz) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  gone integer;
BEGIN
  DELETE FROM pauses WHERE at < p_at - longest_pause();
  GET DIAGNOSTICS gone = ROW_COUNT;
  RETURN gone + purge_visits(p_at);
END $$;
REVOKE ALL ON FUNCTION purge_entries(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION purge_entries(timestamptz) TO mandate_ra;

-- Facts: events, ledger, receipts, notices -----------------------------------------------------------
INSERT INTO event_writers VALUES
  ('data-released', 'mandate_web'),
  ('restricted', 'mandate_web'),
  ('erased', 'mandate_vault');
INSERT INTO ledger_writers VALUES
  ('access', 'mandate_web'),
  ('shred', 'mandate_web'),
  ('shred', 'mandate_vault');
INSERT INTO wakers VALUES
  ('integrate-ledger', 'mandate_vault'),
  ('stamp-receipt', 'mandate_vault');
INSERT INTO webhook_types VALUES
  ('data-released', 'authorization.data-released'),
  ('restricted', 'authorization.restricted'),
  ('erased', 'authorization.erased');

-- At commit: no event of these kinds, and no ledger entry, without its fact.
CREATE FUNCTION check_privacy_event() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  fact text := NEW.body::jsonb->'data'->>'id';
BEGIN
  IF NOT (CASE NEW.type
    WHEN 'data-released' THEN EXISTS (
      SELECT 1 FROM subject_releases WHERE id = fact AND authorization_id = NEW.stream)
    WHEN 'restricted' THEN EXISTS (SELECT 1 FROM restrictions WHERE id = fact AND authorization_id = NEW.stream)
    ELSE EXISTS (SELECT 1 FROM erasures WHERE id = fact AND authorization_id = NEW.stream) END) THEN
    RAISE EXCEPTION 'an event without its fact' USING ERRCODE = 'MA002';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER event_privacy_fact AFTER INSERT ON events
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.type IN ('data-released', 'restricted', 'erased'))
  EXECUTE FUNCTION check_privacy_event();

CREATE FUNCTION check_privacy_entry() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  said jsonb := NEW.entry::jsonb;
  fact_id text := split_part(NEW.dedupe, ':', 2);
  event_type text := CASE split_part(fact_id, '_', 1)
    WHEN 'rel' THEN 'data-released' WHEN 'rst' THEN 'restricted' WHEN 'era' THEN 'erased' END;
  subject text := CASE event_type
    WHEN 'data-released' THEN (SELECT authorization_id FROM subject_releases WHERE id = fact_id)
    WHEN 'restricted' THEN (SELECT authorization_id FROM restrictions WHERE id = fact_id)
    WHEN 'erased' THEN (SELECT authorization_id FROM erasures WHERE id = fact_id) END;
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
CREATE CONSTRAINT TRIGGER queue_privacy_fact AFTER INSERT ON ledger_queue
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.dedupe ~ '^(access|shred):')
  EXECUTE FUNCTION check_privacy_entry();

CREATE OR REPLACE VIEW unstamped_facts AS
  SELECT f.id, f.at FROM (
    SELECT id, at FROM redemptions UNION ALL SELECT id, at FROM withdrawals
    UNION ALL SELECT id, opened_at FROM holds UNION ALL SELECT id, at FROM ends
    UNION ALL SELECT id, at FROM subject_releases UNION ALL SELECT id, at FROM restrictions
    UNION ALL SELECT id, at FROM erasures
  ) f WHERE NOT EXISTS (SELECT 1 FROM receipts r WHERE r.fact_id = f.id AND r.token IS NOT NULL);
