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
  -- A code, never words: it is printed on sealed paper.
  why          text CHECK (why ~ '^[a-z-]{1,40}$'),
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
  why              text CHECK (why ~ '^[a-z-]{1,40}$'),
  -- Number and moment are drawn with a claim and kept: the next try makes the same report, or gives them up and draws
  -- others.
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
  CHECK ((report_id IS NULL) = (made_at IS NULL) AND (facts IS NULL OR report_id IS NOT NULL)),
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
     OR (NEW.state = 'done' AND (NEW.facts IS NULL OR NEW.worker IS DISTINCT FROM OLD.worker OR NOT EXISTS (
           SELECT 1 FROM reports r WHERE r.id = NEW.report_id AND r.authorization_id = NEW.authorization_id))) THEN
    RAISE EXCEPTION 'not a step of this report' USING ERRCODE = 'MA001';
  END IF;
  -- A number with a claim alone, for a moment at which role vault's order was given already; given up only whole.
  IF OLD.report_id IS NULL AND NEW.report_id IS NOT NULL AND NOT coalesce(
       NEW.facts IS NULL AND NEW.worker IS NOT NULL AND NEW.tries = OLD.tries + 1
       AND NEW.leased_until > NEW.made_at AND NEW.leased_until <= NEW.made_at + interval '10 minutes'
       AND NEW.made_at >= (SELECT max(o.made_at) FROM report_job_orders t JOIN desk_orders o ON o.id = t.order_id
                           WHERE t.job_id = NEW.job_id) - interval '5 minutes', false)
     OR (OLD.report_id IS NOT NULL AND (NEW.report_id, NEW.made_at) IS DISTINCT FROM (OLD.report_id, OLD.made_at)
         AND (NEW.report_id IS NOT NULL OR NEW.state <> 'waiting'))
     OR (NEW.report_id IS NOT NULL AND NEW.facts IS DISTINCT FROM OLD.facts AND NOT coalesce(
           OLD.facts IS NULL AND NEW.report_id = OLD.report_id AND NEW.worker = OLD.worker
           AND OLD.leased_until IS NOT NULL, false)) THEN
    RAISE EXCEPTION 'not a step of this report' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER report_item_steps BEFORE INSERT OR UPDATE ON report_items
  FOR EACH ROW EXECUTE FUNCTION check_report_item();

-- Files come with the step that ends their report, and are those that its job asked for.
CREATE FUNCTION check_report_file() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (
       SELECT 1 FROM report_items i JOIN report_jobs j ON j.id = i.job_id
       WHERE i.report_id = NEW.report_id AND i.state = 'done' AND i.xmin = pg_current_xact_id()::xid
         AND (NEW.name = 'report.json' OR (NEW.name IN ('report.xml', 'bundle.asice') AND j.depth = 'full')
              OR NEW.name = ANY (SELECT 'report.' || l || '.pdf' FROM unnest(j.languages) l))) THEN
    RAISE EXCEPTION 'no file of a report that ends now' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER report_file_steps BEFORE INSERT ON report_files
  FOR EACH ROW EXECUTE FUNCTION check_report_file();

-- The list of evidence comes with the step that ends its job.
CREATE FUNCTION check_report_filing() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (
       SELECT 1 FROM report_jobs j WHERE j.id = NEW.job_id AND j.state = 'done' AND j.size > 1
         AND j.xmin = pg_current_xact_id()::xid
         AND NEW.name = ANY (SELECT 'index.' || l || e FROM unnest(j.languages) l, unnest(ARRAY['.pdf', '.csv']) e)) THEN
    RAISE EXCEPTION 'no list of a job that ends now' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER report_filing_steps BEFORE INSERT ON report_filings
  FOR EACH ROW EXECUTE FUNCTION check_report_filing();

-- An order stands for the grant and the person that role vault gave it to, in the job's own case.
CREATE FUNCTION check_report_order() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (
       SELECT 1 FROM desk_orders o JOIN grants g ON g.id = o.grant_id
         JOIN report_jobs j ON j.id = NEW.job_id AND j.case_id = g.case_id
       WHERE o.id = NEW.order_id AND (o.grant_id, o.requester) = (NEW.grant_id, NEW.staff_id)) THEN
    RAISE EXCEPTION 'an order of another grant, person or case' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER report_order_steps BEFORE INSERT ON report_job_orders
  FOR EACH ROW EXECUTE FUNCTION check_report_order();

-- What the ledger was told of a report under its number: whoever makes it again may not mean another one.
CREATE FUNCTION report_entry(wanted text) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT q.entry FROM ledger_queue q JOIN reports r ON 'report:' || r.id = q.dedupe WHERE r.id = wanted
$$;
REVOKE EXECUTE ON FUNCTION report_entry(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION report_entry(text) TO mandate_web, mandate_desk;

GRANT SELECT, INSERT ON report_anchors, report_job_orders, report_files, report_filings TO mandate_desk;
GRANT SELECT, INSERT, UPDATE (state, why, changed_at, worker, leased_until) ON report_jobs TO mandate_desk;
GRANT SELECT, INSERT,
  UPDATE (state, why, report_id, made_at, facts, tries, worker, leased_until, indication, sub_indication, ended_at)
  ON report_items TO mandate_desk;
