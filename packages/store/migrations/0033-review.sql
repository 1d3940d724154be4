-- Reconciliation of sources' query logs, samples that nobody picks, and templates at the desk.

-- Reconciliation ------------------------------------------------------------------------------------
-- A source's log of its queries, compared with the uses of one institution.
CREATE TABLE reconciliations (
  id             text PRIMARY KEY,
  institution_id text NOT NULL REFERENCES institutions,
  source         text NOT NULL CHECK (source ~ '^[0-9A-Z]{18}$'),
  -- Uses of that time should stand in the log.
  "from"         timestamptz NOT NULL,
  "to"           timestamptz NOT NULL CHECK ("to" > "from"),
  window_minutes integer NOT NULL CHECK (window_minutes BETWEEN 1 AND 10080),
  encoding       text NOT NULL CHECK (encoding IN ('utf-8', 'gb18030')),
  state          text NOT NULL CHECK (state IN ('receiving', 'matching', 'searching', 'done', 'refused', 'failed', 'abandoned')),
  made_by        text NOT NULL REFERENCES staff,
  made_at        timestamptz NOT NULL,
  received       integer NOT NULL CHECK (received BETWEEN 0 AND 1000000),
  -- Over the queries received, as they stand in the file.
  chain          text NOT NULL,
  digest         text,
  bytes          bigint,
  -- The last authorization, then redemption, that was worked off.
  reached        text NOT NULL,
  updated_at     timestamptz NOT NULL,
  ended_at       timestamptz,
  worker         text,
  leased_until   timestamptz,
  -- Leases since the work last moved.
  attempts       integer NOT NULL DEFAULT 0,
  CONSTRAINT log_whole CHECK (CASE state WHEN 'abandoned' THEN true
    ELSE (digest IS NULL) = (state IN ('receiving', 'refused')) END),
  CONSTRAINT ended_whole CHECK ((ended_at IS NULL) = (state IN ('receiving', 'matching', 'searching')))
);
CREATE INDEX reconciliations_of ON reconciliations (institution_id, id DESC);
CREATE INDEX reconciliations_open ON reconciliations (id) WHERE state IN ('matching', 'searching');

-- Queries of the log: ids and times. Operator, subject and reference are compared when they arrive and kept nowhere.
CREATE TABLE reconciliation_queries (
  run_id           text NOT NULL REFERENCES reconciliations,
  line             integer NOT NULL CHECK (line > 1),
  query            text NOT NULL CHECK (query ~ '^[A-Za-z0-9._:/-]{1,64}$'),
  at               timestamptz NOT NULL,
  purpose          text NOT NULL,
  authorization_id text REFERENCES authorizations,
  agreeing         text[] NOT NULL,
  subject_differs  boolean NOT NULL,
  -- What role vault did not compare.
  withheld         text[] NOT NULL CHECK (withheld <@ '{operator,subject}'),
  kind             text,
  redemption_id    text REFERENCES redemptions,
  PRIMARY KEY (run_id, line),
  UNIQUE (run_id, query),
  CONSTRAINT unknown_named CHECK ((authorization_id IS NULL) <= (kind = 'unknown'))
);
CREATE INDEX reconciliation_queries_of ON reconciliation_queries (run_id, authorization_id);
-- No use has two queries.
CREATE UNIQUE INDEX reconciliation_pairs ON reconciliation_queries (run_id, redemption_id) WHERE redemption_id IS NOT NULL;
CREATE INDEX reconciliation_kinds ON reconciliation_queries (run_id, kind, line);

CREATE TABLE reconciliation_unqueried (
  run_id        text NOT NULL REFERENCES reconciliations,
  redemption_id text NOT NULL REFERENCES redemptions,
  PRIMARY KEY (run_id, redemption_id)
);

CREATE FUNCTION check_reconciliation() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (
       ('receiving', 'matching'), ('receiving', 'refused'), ('matching', 'searching'), ('searching', 'done'),
       ('matching', 'failed'), ('searching', 'failed'),
       ('receiving', 'abandoned'), ('matching', 'abandoned'), ('searching', 'abandoned'))
     OR OLD.state IN ('done', 'refused', 'failed', 'abandoned')
     OR NEW.received < OLD.received OR (OLD.state <> 'receiving' AND NEW.received <> OLD.received)
     OR (OLD.digest IS NOT NULL AND NEW.digest IS DISTINCT FROM OLD.digest) THEN
    RAISE EXCEPTION 'not a step of this reconciliation' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER reconciliation_step BEFORE UPDATE ON reconciliations
  FOR EACH ROW EXECUTE FUNCTION check_reconciliation();
-- What a query was found to be does not change, and queries go only with a log that was refused.
CREATE FUNCTION check_reconciliation_query() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.kind IS NOT NULL
     OR TG_OP = 'DELETE' AND NOT EXISTS (SELECT 1 FROM reconciliations r WHERE r.id = OLD.run_id AND r.state = 'refused') THEN
    RAISE EXCEPTION 'findings of a reconciliation stay' USING ERRCODE = 'MA001';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER reconciliation_query_once BEFORE UPDATE OR DELETE ON reconciliation_queries
  FOR EACH ROW EXECUTE FUNCTION check_reconciliation_query();

GRANT SELECT, INSERT ON reconciliations, reconciliation_queries, reconciliation_unqueried TO mandate_desk;
GRANT UPDATE (state, received, chain, digest, bytes, reached, updated_at, ended_at, worker, leased_until, attempts)
  ON reconciliations TO mandate_desk;
GRANT UPDATE (kind, redemption_id) ON reconciliation_queries TO mandate_desk;
GRANT DELETE ON reconciliation_queries TO mandate_desk;
-- Who made a use is compared where the data keys are; the answer is yes or no.
GRANT SELECT (id, authorization_id, operator, box) ON redemptions TO mandate_vault;

-- Which operators and subjects somebody had compared, as keyed digests: so that yes and no, asked often enough, do not
-- tell what lies under the data key.
CREATE TABLE compared_values (
  staff_id         text NOT NULL REFERENCES staff,
  authorization_id text NOT NULL REFERENCES authorizations,
  -- The authorization, or the redemption.
  about            text NOT NULL,
  value            text NOT NULL CHECK (value ~ '^[0-9a-f]{64}$'),
  at               timestamptz NOT NULL,
  PRIMARY KEY (staff_id, about, value)
);
CREATE INDEX compared_values_of ON compared_values (authorization_id);
CREATE FUNCTION forget_compared_values() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  DELETE FROM compared_values WHERE authorization_id = NEW.authorization_id;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION forget_compared_values() FROM PUBLIC;
CREATE TRIGGER erasure_forgets_compared_values AFTER INSERT ON erasures
  FOR EACH ROW EXECUTE FUNCTION forget_compared_values();
GRANT SELECT, INSERT ON compared_values TO mandate_vault;

-- Samples -------------------------------------------------------------------------------------------
-- Uses or authorizations of a period drawn by a seed that stands here before anybody sees what it draws.
CREATE TABLE samples (
  id                text PRIMARY KEY,
  -- Null: of all institutions.
  institution_id    text REFERENCES institutions,
  kind              text NOT NULL CHECK (kind IN ('redemptions', 'authorizations')),
  "from"            timestamptz NOT NULL,
  "to"              timestamptz NOT NULL CHECK ("to" > "from"),
  wanted            integer NOT NULL CHECK (wanted BETWEEN 1 AND 500),
  seed              bytea NOT NULL UNIQUE CHECK (length(seed) = 32),
  made_by           text NOT NULL REFERENCES staff,
  made_at           timestamptz NOT NULL,
  drawn_by          text REFERENCES staff,
  drawn_at          timestamptz CHECK (drawn_at > made_at),
  -- How many there were to draw from, and the SHA-256 of their ids in order, each with a line end.
  population        integer,
  population_digest text,
  -- What is still to come cannot be drawn from.
  CONSTRAINT over CHECK ("to" <= made_at),
  CONSTRAINT drawn_whole CHECK ((drawn_at IS NULL) = (drawn_by IS NULL) AND (drawn_at IS NULL) = (population IS NULL)
    AND (drawn_at IS NULL) = (population_digest IS NULL))
);
CREATE INDEX samples_of ON samples (institution_id, id DESC);
CREATE TABLE sample_items (
  sample_id        text NOT NULL REFERENCES samples,
  -- In the order of drawing.
  ordinal          integer NOT NULL CHECK (ordinal > 0),
  item_id          text NOT NULL,
  authorization_id text NOT NULL REFERENCES authorizations,
  PRIMARY KEY (sample_id, ordinal),
  UNIQUE (sample_id, item_id)
);
-- What the auditor found of each; a later one does not take the earlier one away.
CREATE TABLE sample_findings (
  sample_id text NOT NULL,
  ordinal   integer NOT NULL,
  number    integer NOT NULL CHECK (number > 0),
  finding   text NOT NULL CHECK (finding IN ('in-order', 'no-business', 'purpose-doubtful', 'operator-doubtful',
    'letter-defect', 'evidence-missing', 'case-needed')),
  note      text NOT NULL CHECK (length(note) <= 200),
  staff_id  text NOT NULL REFERENCES staff,
  at        timestamptz NOT NULL,
  PRIMARY KEY (sample_id, ordinal, number),
  FOREIGN KEY (sample_id, ordinal) REFERENCES sample_items
);

CREATE FUNCTION check_sample() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF (TG_OP = 'INSERT' AND NEW.drawn_at IS NOT NULL) OR (TG_OP = 'UPDATE' AND OLD.drawn_at IS NOT NULL) THEN
    RAISE EXCEPTION 'a sample is drawn once, after its seed' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER sample_drawn_once BEFORE INSERT OR UPDATE ON samples FOR EACH ROW EXECUTE FUNCTION check_sample();
CREATE FUNCTION check_sample_item() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM samples s WHERE s.id = NEW.sample_id AND s.drawn_at IS NOT NULL) THEN
    RAISE EXCEPTION 'nothing is added to a sample' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER sample_item_drawn BEFORE INSERT ON sample_items FOR EACH ROW EXECUTE FUNCTION check_sample_item();

GRANT SELECT, INSERT ON samples, sample_items, sample_findings TO mandate_desk;
GRANT UPDATE (drawn_by, drawn_at, population, population_digest) ON samples TO mandate_desk;

-- Both stand in the register of the desk ------------------------------------------------------------
ALTER TABLE desk_register DROP CONSTRAINT desk_register_kind_check;
ALTER TABLE desk_register ADD CONSTRAINT desk_register_kind_check
  CHECK (kind IN ('search', 'refusal', 'reconciliation', 'sample'));

-- Templates -----------------------------------------------------------------------------------------
GRANT SELECT, INSERT ON templates, template_versions, template_waivers TO mandate_desk;
GRANT UPDATE (status, body, digest, authors, submitted_at, assessment, approver, published_at, retired_at, lint_pack, waivers)
  ON template_versions TO mandate_desk;
GRANT SELECT ON template_lints TO mandate_desk;

-- At the desk, who writes and who approves is somebody who works there, in that role, for that institution.
CREATE FUNCTION may_work_on_template(p_staff text, p_role text, p_template text) RETURNS boolean LANGUAGE sql STABLE
  SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT EXISTS (
    SELECT 1 FROM staff s JOIN staff_roles r ON r.staff_id = s.id AND r.role = p_role AND r.ended_at IS NULL
    JOIN templates t ON t.id = p_template
    WHERE s.id = p_staff AND s.closed_at IS NULL
      AND (s.institution_id IS NULL OR s.institution_id = t.institution_id))
$$;
CREATE FUNCTION check_template_person() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  before text[] := '{}';
BEGIN
  IF TG_OP = 'UPDATE' THEN
    before := OLD.authors;
  END IF;
  IF EXISTS (SELECT 1 FROM unnest(NEW.authors) a WHERE a <> ALL (before)
             AND NOT may_work_on_template(a, 'template-author', NEW.template_id))
     OR (TG_OP = 'UPDATE' AND NEW.approver IS DISTINCT FROM OLD.approver
         AND NOT may_work_on_template(NEW.approver, 'template-approver', NEW.template_id)) THEN
    RAISE EXCEPTION 'this person may not do this to a template' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER template_person BEFORE INSERT OR UPDATE ON template_versions FOR EACH ROW
  WHEN (current_user = 'mandate_desk') EXECUTE FUNCTION check_template_person();
CREATE FUNCTION check_waiver_person() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NOT may_work_on_template(NEW.waived_by, 'template-approver', NEW.template_id) THEN
    RAISE EXCEPTION 'this person may not do this to a template' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER waiver_person BEFORE INSERT ON template_waivers FOR EACH ROW
  WHEN (current_user = 'mandate_desk') EXECUTE FUNCTION check_waiver_person();
