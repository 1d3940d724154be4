-- What a letter's evidence says of its template, rule packs that come after it, names and licences of the registry,
-- and how a dispute ends.

-- Templates --------------------------------------------------------------------------------------
-- Opens the commitments by which evidence names the people of a version. Drawn here, so that no version is without.
ALTER TABLE template_versions ADD COLUMN person_salt text NOT NULL
  DEFAULT encode(sha256((gen_random_uuid()::text || gen_random_uuid()::text)::bytea), 'hex');

-- What a second person lets pass of what a later pack finds; those of the publication stand with the version.
CREATE TABLE template_waivers (
  template_id text NOT NULL,
  version     integer NOT NULL,
  rule        text NOT NULL,
  path        text NOT NULL,
  reason      text NOT NULL CHECK (reason <> ''),
  waived_by   text NOT NULL,
  pack        text NOT NULL,
  at          timestamptz NOT NULL,
  PRIMARY KEY (template_id, version, rule, path),
  FOREIGN KEY (template_id, version) REFERENCES template_versions
);
CREATE FUNCTION check_template_waiver() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM template_versions v, unnest(v.authors) author
             WHERE v.template_id = NEW.template_id AND v.version = NEW.version
               AND lower(btrim(author)) = lower(btrim(NEW.waived_by)))
     OR NOT EXISTS (SELECT 1 FROM template_versions v
                    WHERE v.template_id = NEW.template_id AND v.version = NEW.version AND v.status = 'published') THEN
    RAISE EXCEPTION 'a waiver is a second person''s, and for what is published' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER template_waiver BEFORE INSERT ON template_waivers
  FOR EACH ROW EXECUTE FUNCTION check_template_waiver();
GRANT SELECT ON template_waivers TO mandate_web, mandate_worker;
GRANT INSERT ON template_waivers TO mandate_web;

-- The part `authorization/template.json` of bundles, by its digest; letters of the same day share one.
CREATE TABLE template_records (
  digest      text PRIMARY KEY,
  template_id text NOT NULL,
  version     integer NOT NULL,
  body        text NOT NULL,
  FOREIGN KEY (template_id, version) REFERENCES template_versions
);
GRANT SELECT, INSERT ON template_records TO mandate_web;
GRANT SELECT ON template_records TO mandate_ca;

-- What a pack says of a version that was published under an earlier one. Written once by the worker.
CREATE TABLE template_lints (
  template_id text NOT NULL,
  version     integer NOT NULL,
  pack        text NOT NULL,
  -- JSON: rule and path of each error.
  errors      text NOT NULL,
  linted_at   timestamptz NOT NULL,
  PRIMARY KEY (template_id, version, pack),
  FOREIGN KEY (template_id, version) REFERENCES template_versions
);
GRANT SELECT ON template_lints TO mandate_web, mandate_worker;
GRANT INSERT ON template_lints TO mandate_worker;

-- An institution hears of its templates as it hears of its authorizations.
ALTER TABLE webhook_events
  ALTER COLUMN authorization_id DROP NOT NULL,
  ADD COLUMN template_id text,
  ADD CONSTRAINT webhook_events_about CHECK ((authorization_id IS NULL) <> (template_id IS NULL));
CREATE FUNCTION announce_lint() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  INSERT INTO webhook_events (institution_id, template_id, version, type, at)
  SELECT t.institution_id, t.id, NEW.version, 'template.lint-failed', NEW.linted_at
  FROM templates t WHERE t.id = NEW.template_id;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION announce_lint() FROM PUBLIC;
CREATE TRIGGER lint_announcement AFTER INSERT ON template_lints FOR EACH ROW
  WHEN (NEW.errors <> '[]') EXECUTE FUNCTION announce_lint();

-- Registry ---------------------------------------------------------------------------------------
ALTER TABLE registry_entries
  -- As letters in English spell it; null: none of them names it.
  ADD COLUMN name_en text CHECK (name_en <> ''),
  -- When it must have been looked at again: later no new letter names it. What was signed ends with the licence only.
  ADD COLUMN review_by timestamptz;
UPDATE registry_entries SET review_by = valid_until;
ALTER TABLE registry_entries
  ALTER COLUMN review_by SET NOT NULL,
  ADD CONSTRAINT registry_entries_review CHECK (review_by > reviewed_at AND review_by <= valid_until);

-- What was allowed or forbidden, by whom and why; the newest row of a combination says how it stands.
CREATE TABLE registry_combination_changes (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  source     text NOT NULL,
  item       text NOT NULL,
  purpose    text NOT NULL,
  allowed    boolean NOT NULL,
  changed_by text NOT NULL,
  reason     text NOT NULL CHECK (reason <> ''),
  at         timestamptz NOT NULL
);
CREATE INDEX registry_combination_changes_of ON registry_combination_changes (source, item, purpose, id DESC);
INSERT INTO registry_combination_changes (source, item, purpose, allowed, changed_by, reason, at)
  SELECT source, item, purpose, true, approver, 'not recorded', added_at FROM registry_combinations;
GRANT SELECT ON registry_combination_changes TO mandate_web, mandate_desk;

-- A licence that has ended ends uses, too: nobody may be asked without one. What the institution holds or receives
-- itself needs no registration. The newest entry counts.
CREATE FUNCTION licence_ended(p_kind text, p_party text, p_at timestamptz) RETURNS boolean LANGUAGE sql STABLE
  SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT coalesce((SELECT e.valid_until <= p_at FROM registry_entries e
    WHERE e.kind = p_kind AND e.credit_code = p_party
    ORDER BY e.registered_at DESC, e.id DESC LIMIT 1), false)
$$;

CREATE OR REPLACE FUNCTION redeem_refusal(
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
    WHEN p_source <> i.credit_code AND licence_ended('source', p_source, p_at) THEN 'source-expired'
    WHEN p_recipient <> i.credit_code AND licence_ended('recipient', p_recipient, p_at) THEN 'recipient-expired'
    WHEN (SELECT count(*) FILTER (WHERE r.state <> 'released') >= s.max_uses
              OR count(*) FILTER (WHERE r.state = 'released') >= most_releases()
          FROM redemptions r
          WHERE r.authorization_id = a.id AND r.period = use_period(s.per, p_at)) THEN 'used-up'
    END
  FROM authorizations a JOIN institutions i ON i.id = a.institution_id
  LEFT JOIN scopes s ON s.authorization_id = a.id
  WHERE a.id = p_authorization
$$;

-- The end of a dispute ---------------------------------------------------------------------------
ALTER TABLE holds
  -- Where whoever proposed keeps the reasons; no personal data.
  ADD COLUMN grounds text CHECK (grounds <> ''),
  -- The resolution is a fact of its own, with its own receipt.
  ADD COLUMN resolution_id text UNIQUE,
  ADD COLUMN resolution_salt text,
  -- How often the subject's messages about hold and resolution were fetched for delivery.
  ADD COLUMN tells integer NOT NULL DEFAULT 0,
  ADD COLUMN resolution_tells integer NOT NULL DEFAULT 0,
  ADD CONSTRAINT resolution_named CHECK (
    (resolution_id IS NULL) = (resolved_at IS NULL) AND (resolution_salt IS NULL) = (resolved_at IS NULL)
    AND (resolved_at IS NULL OR grounds IS NOT NULL)) NOT VALID;

CREATE OR REPLACE FUNCTION check_hold() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  told holds;
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.outcome IS NOT NULL OR NEW.resolved_at IS NOT NULL THEN
      RAISE EXCEPTION 'a hold begins open' USING ERRCODE = 'MA001';
    END IF;
    RETURN NEW;
  END IF;
  told := OLD;
  told.tells := NEW.tells;
  told.resolution_tells := NEW.resolution_tells;
  IF NEW.tells >= OLD.tells AND NEW.resolution_tells >= OLD.resolution_tells AND NEW IS NOT DISTINCT FROM told THEN
    RETURN NEW;
  END IF;
  IF OLD.resolved_at IS NOT NULL
     -- Whoever resolves agrees with what somebody else proposed before.
     OR (NEW.resolved_at IS NOT NULL AND (NEW.outcome, NEW.proposed_by, NEW.proposed_at, NEW.grounds)
         IS DISTINCT FROM (OLD.outcome, OLD.proposed_by, OLD.proposed_at, OLD.grounds))
     -- The institution may make the first proposal; what lies on the desk is the desk's.
     OR (current_user = 'mandate_web' AND OLD.outcome IS NOT NULL)
     -- Nobody writes another side's name, and the institution is never the second person.
     OR (NEW.proposed_at IS DISTINCT FROM OLD.proposed_at
         AND (NEW.proposed_by LIKE 'institution:%') <> (current_user = 'mandate_web'))
     OR NEW.resolved_by LIKE 'institution:%'
     OR (NEW.tells, NEW.resolution_tells) IS DISTINCT FROM (OLD.tells, OLD.resolution_tells) THEN
    RAISE EXCEPTION 'a hold is proposed, then resolved, once' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE VIEW unstamped_facts AS
  SELECT f.id, f.at FROM (
    SELECT id, at FROM redemptions UNION ALL SELECT id, at FROM withdrawals
    UNION ALL SELECT id, opened_at FROM holds UNION ALL SELECT id, at FROM ends
    UNION ALL SELECT resolution_id, resolved_at FROM holds WHERE resolution_id IS NOT NULL
    UNION ALL SELECT id, at FROM subject_releases UNION ALL SELECT id, at FROM restrictions
    UNION ALL SELECT id, at FROM erasures
  ) f WHERE NOT EXISTS (SELECT 1 FROM receipts r WHERE r.fact_id = f.id AND r.token IS NOT NULL);

INSERT INTO wakers VALUES ('tell-hold', 'mandate_web'), ('tell-hold', 'mandate_desk');
GRANT UPDATE (grounds, resolution_id, resolution_salt) ON holds TO mandate_desk;
GRANT UPDATE (outcome, proposed_by, proposed_at, grounds) ON holds TO mandate_web;
GRANT SELECT (by, reason, opened_at, resolution_id, tells, resolution_tells), UPDATE (tells, resolution_tells)
  ON holds TO mandate_ra;
