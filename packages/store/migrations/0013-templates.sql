-- Templates are published by a second person, and a letter names only registered parties.

-- The person behind a key: what one of them wrote, another one approves.
ALTER TABLE api_keys ADD COLUMN person text;
UPDATE api_keys SET person = name;
ALTER TABLE api_keys ALTER COLUMN person SET NOT NULL;

ALTER TABLE template_versions
  ADD COLUMN status text NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'in-review', 'published', 'retired')),
  -- Everybody who wrote on it.
  ADD COLUMN authors text[] NOT NULL DEFAULT '{}',
  ADD COLUMN submitted_at timestamptz,
  -- Reference of the impact assessment (个人信息保护法 arts. 55, 56).
  ADD COLUMN assessment text CHECK (assessment <> ''),
  ADD COLUMN approver text,
  ADD COLUMN published_at timestamptz,
  ADD COLUMN retired_at timestamptz,
  -- Edition of the rule pack it was linted with, and what the approver let pass: [{rule, path, reason}].
  ADD COLUMN lint_pack text,
  ADD COLUMN waivers text NOT NULL DEFAULT '[]';

-- Drafts of this software published at once; their records say that nobody reviewed them.
UPDATE template_versions SET status = 'published', authors = '{not recorded}', approver = 'nobody',
  assessment = 'none', published_at = created_at, lint_pack = 'none';

ALTER TABLE template_versions
  ADD CONSTRAINT template_versions_authored CHECK (cardinality(authors) > 0),
  ADD CONSTRAINT template_versions_four_eyes CHECK (approver IS NULL OR NOT approver = ANY (authors)),
  ADD CONSTRAINT template_versions_published CHECK (
    status IN ('draft', 'in-review')
    OR (approver IS NOT NULL AND assessment IS NOT NULL AND lint_pack IS NOT NULL AND published_at IS NOT NULL)
  );

CREATE FUNCTION check_template_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD.status, NEW.status) NOT IN (
    ('draft', 'draft'), ('draft', 'in-review'), ('in-review', 'draft'), ('in-review', 'published'),
    ('published', 'retired')
  ) THEN
    RAISE EXCEPTION 'template %/%: % to %', OLD.template_id, OLD.version, OLD.status, NEW.status USING ERRCODE = 'MA001';
  END IF;
  -- Only a draft changes, and who wrote on it stays known.
  IF NEW.status <> 'draft' AND (NEW.body, NEW.digest, NEW.authors) IS DISTINCT FROM (OLD.body, OLD.digest, OLD.authors) THEN
    RAISE EXCEPTION 'template %/% is no draft', OLD.template_id, OLD.version USING ERRCODE = 'MA001';
  END IF;
  IF NOT NEW.authors @> OLD.authors THEN
    RAISE EXCEPTION 'template %/%: an author is missing', OLD.template_id, OLD.version USING ERRCODE = 'MA001';
  END IF;
  IF OLD.status = 'published' AND (NEW.approver, NEW.assessment, NEW.published_at, NEW.lint_pack, NEW.waivers)
    IS DISTINCT FROM (OLD.approver, OLD.assessment, OLD.published_at, OLD.lint_pack, OLD.waivers) THEN
    RAISE EXCEPTION 'template %/% is published', OLD.template_id, OLD.version USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER template_step BEFORE UPDATE ON template_versions
  FOR EACH ROW EXECUTE FUNCTION check_template_step();

CREATE FUNCTION check_template_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.status <> 'draft' THEN
    RAISE EXCEPTION 'a template version begins as a draft' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER template_new BEFORE INSERT ON template_versions
  FOR EACH ROW EXECUTE FUNCTION check_template_new();

-- A letter under a version that is not published, or no longer, does not come into being.
CREATE FUNCTION check_template_published() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM template_versions
    WHERE template_id = NEW.template_id AND version = NEW.template_version AND status = 'published';
  IF NOT FOUND THEN
    RAISE EXCEPTION 'template %/% is not published', NEW.template_id, NEW.template_version USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER authorization_template BEFORE INSERT ON authorizations
  FOR EACH ROW EXECUTE FUNCTION check_template_published();

GRANT UPDATE (status, body, digest, authors, submitted_at, assessment, approver, published_at, retired_at, lint_pack, waivers)
  ON template_versions TO mandate_web;

-- Registry: who may be asked, and who may receive. Entries are never changed: the newest one of a party counts,
-- so that what was true of an older letter stays readable. The operator writes them, by command.
CREATE TABLE registry_entries (
  id            text PRIMARY KEY,
  kind          text NOT NULL CHECK (kind IN ('source', 'recipient')),
  credit_code   text NOT NULL,
  name          text NOT NULL CHECK (name <> ''),
  licence       text NOT NULL CHECK (licence <> ''),
  -- Reference of the proof that its data are of lawful origin; a recipient brings none.
  origin_proof  text CHECK (origin_proof <> ''),
  reviewed_at   timestamptz NOT NULL,
  valid_until   timestamptz NOT NULL,
  registrar     text NOT NULL,
  approver      text NOT NULL,
  registered_at timestamptz NOT NULL,
  CHECK (approver <> registrar),
  CHECK (valid_until > reviewed_at),
  CHECK (kind = 'recipient' OR origin_proof IS NOT NULL)
);
CREATE INDEX registry_entries_of ON registry_entries (kind, credit_code, registered_at DESC, id DESC);

-- What may be asked at all: which item, of which source, for which purpose.
CREATE TABLE registry_combinations (
  source   text NOT NULL,
  item     text NOT NULL,
  purpose  text NOT NULL,
  approver text NOT NULL,
  added_at timestamptz NOT NULL,
  PRIMARY KEY (source, item, purpose)
);
GRANT SELECT ON registry_entries, registry_combinations TO mandate_web, mandate_desk;
