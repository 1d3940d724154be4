-- Whoever approves a template at the desk, lets a finding pass or retires it says so behind role vault's door, as for
-- disputes: the desk's own process enters neither without a word of theirs that role vault has written.
CREATE TABLE template_votes (
  template_id  text NOT NULL,
  version      integer NOT NULL,
  act          text NOT NULL CHECK (act IN ('approve', 'waive', 'retire')),
  -- `template_approval_said` and its like: what exactly they said.
  said         text NOT NULL CHECK (said ~ '^[0-9a-f]{64}$'),
  staff_id     text NOT NULL REFERENCES staff,
  session_id   text NOT NULL REFERENCES staff_sessions,
  at           timestamptz NOT NULL,
  -- The fresh word of their authenticator; retiring takes none: it takes away.
  agreement_id text UNIQUE REFERENCES staff_agreements,
  mac          bytea NOT NULL CHECK (octet_length(mac) = 32),
  FOREIGN KEY (template_id, version) REFERENCES template_versions
);
CREATE INDEX template_votes_of ON template_votes (template_id, version);

-- Who retired it: staff of the desk, or the person behind an API key. Null: before this was kept.
ALTER TABLE template_versions ADD COLUMN retired_by text,
  ADD CONSTRAINT template_versions_retired_by CHECK (retired_by IS NULL OR status = 'retired');
GRANT UPDATE (retired_by) ON template_versions TO mandate_desk, mandate_web;
GRANT SELECT ON templates, template_versions, template_lints, template_waivers TO mandate_vault;

-- SHA-256 over what somebody said, a line each; only the last may hold a line break.
CREATE FUNCTION template_approval_said(v template_versions) RETURNS text LANGUAGE sql STABLE
  SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT encode(sha256(convert_to(concat_ws(chr(10), 'mandate/template-approval/v1', v.template_id, v.version::text,
    v.digest, v.lint_pack, v.waivers, v.assessment), 'UTF8')), 'hex')
$$;
CREATE FUNCTION template_waiver_said(w template_waivers) RETURNS text LANGUAGE sql STABLE
  SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT encode(sha256(convert_to(concat_ws(chr(10), 'mandate/template-waiver/v1', w.template_id, w.version::text,
    w.pack, w.rule, to_json(w.path)::text, w.reason), 'UTF8')), 'hex')
$$;
CREATE FUNCTION template_retirement_said(v template_versions) RETURNS text LANGUAGE sql STABLE
  SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT encode(sha256(convert_to(concat_ws(chr(10), 'mandate/template-retirement/v1', v.template_id, v.version::text,
    v.digest), 'UTF8')), 'hex')
$$;

-- Votes and letters name a text by its digest, so that none may be reviewed or published under another text's: bodies are
-- stored in the canonical form that the digest is over.
CREATE FUNCTION check_template_text() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF encode(sha256(convert_to('mandate/template/v1' || chr(10) || NEW.body, 'UTF8')), 'hex') <> NEW.digest THEN
    RAISE EXCEPTION 'the digest is of another text' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER template_text BEFORE UPDATE ON template_versions FOR EACH ROW
  WHEN (NEW.status <> OLD.status AND NEW.status IN ('in-review', 'published')) EXECUTE FUNCTION check_template_text();

CREATE FUNCTION check_template_vote() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM template_versions v JOIN templates t ON t.id = v.template_id
                 WHERE v.template_id = NEW.template_id AND v.version = NEW.version
                   AND v.status = CASE NEW.act WHEN 'approve' THEN 'in-review' ELSE 'published' END
                   AND (NEW.act = 'retire' OR NEW.staff_id <> ALL (v.authors))
                   AND may_act(NEW.session_id, NEW.staff_id, ARRAY['template-approver'], t.institution_id, NEW.at))
     OR (CASE NEW.act WHEN 'retire' THEN NEW.agreement_id IS NOT NULL
        ELSE NOT has_agreed(NEW.agreement_id, 'template', NEW.template_id || '/' || NEW.version, NEW.staff_id,
                            NEW.session_id, NEW.at) END) THEN
    RAISE EXCEPTION 'this person has no say in this template' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER template_vote_allowed BEFORE INSERT ON template_votes FOR EACH ROW
  EXECUTE FUNCTION check_template_vote();

-- Asked for whatever the desk's login writes, and for whoever is named as one of its people, whoever writes that. With
-- its owner's rights: the institutions' login reads no votes.
CREATE FUNCTION check_template_voted() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NEW.approver IS DISTINCT FROM OLD.approver
     AND NOT EXISTS (SELECT 1 FROM template_votes v WHERE v.template_id = NEW.template_id AND v.version = NEW.version
                     AND v.act = 'approve' AND v.staff_id = NEW.approver AND v.at = NEW.published_at
                     AND v.said = template_approval_said(NEW))
     OR (NEW.status = 'retired' AND OLD.status <> 'retired' OR NEW.retired_by IS DISTINCT FROM OLD.retired_by)
     AND NOT EXISTS (SELECT 1 FROM template_votes v WHERE v.template_id = NEW.template_id AND v.version = NEW.version
                     AND v.act = 'retire' AND v.staff_id = NEW.retired_by AND v.at = NEW.retired_at
                     AND v.said = template_retirement_said(NEW)) THEN
    RAISE EXCEPTION 'nobody of the desk has said so' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION check_template_voted() FROM PUBLIC;
CREATE TRIGGER template_voted BEFORE UPDATE ON template_versions FOR EACH ROW
  WHEN (current_user = 'mandate_desk'
        OR NEW.approver IS DISTINCT FROM OLD.approver AND NEW.approver LIKE 'stf\_%'
        OR NEW.retired_by IS DISTINCT FROM OLD.retired_by AND NEW.retired_by LIKE 'stf\_%')
  EXECUTE FUNCTION check_template_voted();

CREATE FUNCTION check_waiver_voted() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM template_votes v WHERE v.template_id = NEW.template_id AND v.version = NEW.version
                 AND v.act = 'waive' AND v.staff_id = NEW.waived_by AND v.at = NEW.at
                 AND v.said = template_waiver_said(NEW)) THEN
    RAISE EXCEPTION 'nobody of the desk has said so' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION check_waiver_voted() FROM PUBLIC;
CREATE TRIGGER waiver_voted BEFORE INSERT ON template_waivers FOR EACH ROW
  WHEN (current_user = 'mandate_desk' OR NEW.waived_by LIKE 'stf\_%') EXECUTE FUNCTION check_waiver_voted();

GRANT SELECT, INSERT ON template_votes TO mandate_vault;
