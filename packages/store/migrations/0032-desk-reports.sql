-- Reports made at the desk: ordered for a case, made one after another by a job that may be killed at any point, kept
-- as ciphertext under the data key of their authorization. What a report was made from is kept with it, so that it can
-- be made again. Nothing here is personal: numbers, digests, states.

-- What reports were held against: trust anchors as they were published then, once each.
CREATE TABLE report_anchors (
  digest text PRIMARY KEY,
  body   text NOT NULL,
  CHECK (digest = encode(sha256(convert_to(body, 'UTF8')), 'hex'))
);

CREATE TABLE report_jobs (
  id           text PRIMARY KEY,
  case_id      text NOT NULL REFERENCES cases,
  institution_id text NOT NULL REFERENCES institutions,
  made_at      timestamptz NOT NULL,
  languages    text[] NOT NULL CHECK (cardinality(languages) BETWEEN 1 AND 2 AND languages <@ ARRAY['zh', 'en']),
  depth        text NOT NULL CHECK (depth IN ('short', 'full')),
  size         integer NOT NULL CHECK (size BETWEEN 1 AND 1000),
  -- `stopped`: role vault opens nothing more under the order it runs on.
  state        text NOT NULL CHECK (state IN ('running', 'stopped', 'done')),
  why          text,
  changed_at   timestamptz NOT NULL,
  -- Of the list of evidence, which is made once, at the end; before, until when the job rests after a failure.
  worker       text,
  leased_until timestamptz,
  CHECK ((state = 'stopped') = (why IS NOT NULL))
);
CREATE INDEX report_jobs_of ON report_jobs (case_id, made_at);
CREATE INDEX report_jobs_running ON report_jobs (changed_at) WHERE state = 'running';

-- Under which orders of role vault it ran, who gave each and by which grant: the first, and each by which it went on.
CREATE TABLE report_job_orders (
  job_id   text NOT NULL REFERENCES report_jobs,
  nth      integer NOT NULL CHECK (nth > 0),
  order_id text NOT NULL UNIQUE REFERENCES desk_orders,
  grant_id text NOT NULL REFERENCES grants,
  staff_id text NOT NULL REFERENCES staff,
  at       timestamptz NOT NULL,
  PRIMARY KEY (job_id, nth)
);

CREATE TABLE report_items (
  job_id           text NOT NULL REFERENCES report_jobs,
  ordinal          integer NOT NULL CHECK (ordinal BETWEEN 1 AND 1000),
  authorization_id text NOT NULL REFERENCES authorizations,
  state            text NOT NULL CHECK (state IN ('waiting', 'done', 'refused')),
  why              text,
  -- Number and moment are drawn at the first try and kept: the next one makes the same report.
  report_id        text UNIQUE,
  made_at          timestamptz,
  -- Canonical JSON: generations and digest of the bundle, digest of the anchors, programs.
  facts            text,
  tries            integer NOT NULL DEFAULT 0,
  worker           text,
  leased_until     timestamptz,
  indication       text CHECK (indication IN ('TOTAL-PASSED', 'INDETERMINATE', 'TOTAL-FAILED')),
  sub_indication   text,
  ended_at         timestamptz,
  PRIMARY KEY (job_id, ordinal),
  UNIQUE (job_id, authorization_id),
  CHECK ((state = 'refused') = (why IS NOT NULL)),
  CHECK ((state = 'waiting') = (ended_at IS NULL)),
  CHECK ((state = 'done') = (indication IS NOT NULL))
);
CREATE INDEX report_items_of ON report_items (authorization_id);
CREATE INDEX report_items_waiting ON report_items (job_id, ordinal) WHERE state = 'waiting';

CREATE TABLE report_files (
  report_id text NOT NULL REFERENCES report_items (report_id),
  name      text NOT NULL CHECK (name ~ '^(report\.(zh|en)\.pdf|report\.json|report\.xml|bundle\.asice)$'),
  -- Of the plaintext.
  size      integer NOT NULL CHECK (size > 0),
  digest    text NOT NULL CHECK (digest ~ '^[0-9a-f]{64}$'),
  crc       bigint NOT NULL,
  pages     integer CHECK (pages > 0),
  PRIMARY KEY (report_id, name)
);

-- A job's list of evidence: sealed PDF and CSV per language. It names letters by their numbers, nobody.
CREATE TABLE report_filings (
  job_id  text NOT NULL REFERENCES report_jobs,
  name    text NOT NULL CHECK (name ~ '^index\.(zh|en)\.(pdf|csv)$'),
  bytes   bytea NOT NULL,
  digest  text NOT NULL,
  crc     bigint NOT NULL,
  made_at timestamptz NOT NULL,
  PRIMARY KEY (job_id, name),
  CHECK (digest = encode(sha256(bytes), 'hex'))
);

CREATE FUNCTION check_report_job() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  moving text[] := ARRAY['state', 'why', 'changed_at', 'worker', 'leased_until'];
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'running' OR NOT EXISTS (SELECT 1 FROM cases c WHERE c.id = NEW.case_id AND c.institution_id = NEW.institution_id) THEN
      RAISE EXCEPTION 'a job begins running, in its case' USING ERRCODE = 'MA001';
    END IF;
    RETURN NEW;
  END IF;
  IF OLD.state = 'done' OR to_jsonb(NEW) - moving IS DISTINCT FROM to_jsonb(OLD) - moving
     OR (NEW.state = 'done' AND (OLD.state <> 'running' OR EXISTS (
           SELECT 1 FROM report_items i WHERE i.job_id = NEW.id AND i.state = 'waiting'))) THEN
    RAISE EXCEPTION 'not a step of this job' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER report_job_steps BEFORE INSERT OR UPDATE ON report_jobs
  FOR EACH ROW EXECUTE FUNCTION check_report_job();

-- What came out stays; a report that is done stands in the ledger's queue under its number.
CREATE FUNCTION check_report_item() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'waiting' OR NEW.report_id IS NOT NULL OR NOT EXISTS (
         SELECT 1 FROM report_jobs j JOIN authorizations a ON a.id = NEW.authorization_id
         WHERE j.id = NEW.job_id AND a.institution_id = j.institution_id) THEN
      RAISE EXCEPTION 'a report begins waiting, in the institution of its case' USING ERRCODE = 'MA001';
    END IF;
    RETURN NEW;
  END IF;
  IF OLD.state <> 'waiting'
     OR (NEW.job_id, NEW.ordinal, NEW.authorization_id) IS DISTINCT FROM (OLD.job_id, OLD.ordinal, OLD.authorization_id)
     OR (OLD.report_id IS NOT NULL AND (NEW.report_id, NEW.made_at) IS DISTINCT FROM (OLD.report_id, OLD.made_at))
     OR (OLD.facts IS NOT NULL AND NEW.facts IS DISTINCT FROM OLD.facts)
     OR (NEW.state = 'done' AND (NEW.facts IS NULL OR NOT EXISTS (
           SELECT 1 FROM reports r WHERE r.id = NEW.report_id AND r.authorization_id = NEW.authorization_id))) THEN
    RAISE EXCEPTION 'not a step of this report' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER report_item_steps BEFORE INSERT OR UPDATE ON report_items
  FOR EACH ROW EXECUTE FUNCTION check_report_item();

GRANT SELECT, INSERT ON report_anchors, report_job_orders, report_files, report_filings TO mandate_desk;
GRANT SELECT, INSERT, UPDATE (state, why, changed_at, worker, leased_until) ON report_jobs TO mandate_desk;
GRANT SELECT, INSERT,
  UPDATE (state, why, report_id, made_at, facts, tries, worker, leased_until, indication, sub_indication, ended_at)
  ON report_items TO mandate_desk;
