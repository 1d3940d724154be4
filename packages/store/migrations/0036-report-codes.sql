-- What role vault enters of reports at the desk, orders that are given once, and how long reconciliations and samples
-- are kept.

-- Orders --------------------------------------------------------------------------------------------
-- The same person's order with the same key is the same order.
ALTER TABLE desk_orders ADD COLUMN request_key text UNIQUE CHECK (request_key ~ '^[0-9a-f]{64}$');
-- Digest of what was asked for with it; another request under the key is refused.
ALTER TABLE report_job_orders ADD COLUMN request text CHECK (request ~ '^[0-9a-f]{64}$');

-- Reports -------------------------------------------------------------------------------------------
-- What a report is made from and what came out, each said once under its number, after an opening under its order.
CREATE TABLE report_acts (
  report_id        text NOT NULL,
  act              text NOT NULL CHECK (act IN ('facts', 'result')),
  authorization_id text NOT NULL REFERENCES authorizations,
  order_id         text NOT NULL REFERENCES desk_orders,
  -- The entry of the access register.
  access_id        text NOT NULL,
  -- Canonical JSON: moment and facts, or verdict and the files' digests.
  said             text NOT NULL CHECK (octet_length(said) <= 10000),
  at               timestamptz NOT NULL,
  -- Over this row, keyed by a secret of role vault's.
  mac              bytea NOT NULL CHECK (length(mac) = 32),
  PRIMARY KEY (report_id, act)
);
-- Of one opening, one report: its facts are said once.
CREATE UNIQUE INDEX report_acts_opening ON report_acts (access_id, act);
CREATE FUNCTION check_report_act() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM access_entries x
                 WHERE x.authorization_id = NEW.authorization_id AND x.id = NEW.access_id
                   AND x.body::jsonb->>'order' = NEW.order_id)
     OR (NEW.act = 'result' AND NOT EXISTS (
           SELECT 1 FROM report_acts f WHERE f.report_id = NEW.report_id AND f.act = 'facts'
             AND f.authorization_id = NEW.authorization_id)) THEN
    RAISE EXCEPTION 'nothing was opened for this report' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER report_act_opened BEFORE INSERT ON report_acts FOR EACH ROW EXECUTE FUNCTION check_report_act();
GRANT SELECT ON report_acts TO mandate_desk, mandate_vault;
GRANT INSERT ON report_acts TO mandate_vault;

-- Reports that ended before role vault entered anything of them have no acts.
ALTER TABLE report_items ADD COLUMN entered boolean NOT NULL DEFAULT false;
UPDATE report_items SET entered = true WHERE state = 'waiting';
ALTER TABLE report_items ALTER COLUMN entered SET DEFAULT true;
-- A report ends with the moment, facts and verdict that role vault entered for it, under an order of its job.
CREATE FUNCTION check_report_settled() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NOT NEW.entered OR NOT EXISTS (
       SELECT 1 FROM report_acts f
         JOIN report_acts r ON r.report_id = f.report_id AND r.act = 'result'
           AND r.authorization_id = f.authorization_id
         JOIN report_job_orders o ON o.order_id = f.order_id AND o.job_id = NEW.job_id
       WHERE f.report_id = NEW.report_id AND f.act = 'facts' AND f.authorization_id = NEW.authorization_id
         AND f.said::jsonb->>'facts' = NEW.facts AND (f.said::jsonb->>'madeAt')::timestamptz = NEW.made_at
         AND r.said::jsonb->>'indication' = NEW.indication
         AND r.said::jsonb->>'subIndication' IS NOT DISTINCT FROM NEW.sub_indication) THEN
    RAISE EXCEPTION 'role vault knows of no such report' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER report_item_settled BEFORE UPDATE ON report_items FOR EACH ROW
  WHEN (NEW.state = 'done') EXECUTE FUNCTION check_report_settled();

-- SHA-256 of the file as it lies in the store, encrypted; null where it lies nowhere, or from before this column.
ALTER TABLE report_files ADD COLUMN stored text CHECK (stored ~ '^[0-9a-f]{64}$');
CREATE FUNCTION check_report_file_settled() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM report_acts r WHERE r.report_id = NEW.report_id AND r.act = 'result'
                   AND r.said::jsonb->'files'->>NEW.name = NEW.digest) THEN
    RAISE EXCEPTION 'role vault knows of no such file' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER report_file_settled BEFORE INSERT ON report_files
  FOR EACH ROW EXECUTE FUNCTION check_report_file_settled();

-- A job stops while something of it waits; what stopped with nothing left is looked for.
CREATE INDEX report_jobs_stopped ON report_jobs (id) WHERE state = 'stopped';

-- Retention of reconciliations and samples ----------------------------------------------------------
-- Records of how personal data were handled are kept for three years (个人信息保护法 56), these from their end on.
CREATE FUNCTION review_kept() RETURNS interval LANGUAGE sql IMMUTABLE AS $$ SELECT interval '3 years' $$;
-- Then what was compared and drawn is destroyed; that it was, by whom, when, and the figures stay.
ALTER TABLE reconciliations ADD COLUMN swept_at timestamptz, ADD COLUMN swept_counts jsonb;
-- When it ended or was drawn by the database's own clock: what the desk's login writes of that begins no term.
ALTER TABLE reconciliations ADD COLUMN kept_from timestamptz;
ALTER TABLE samples ADD COLUMN kept_from timestamptz;
ALTER TABLE reconciliations ADD CONSTRAINT swept_after CHECK (swept_at >= greatest(ended_at, kept_from) + review_kept()),
  ADD CONSTRAINT swept_whole CHECK ((swept_at IS NULL) = (swept_counts IS NULL));
ALTER TABLE samples ADD COLUMN swept_at timestamptz CONSTRAINT swept_after CHECK (swept_at >= greatest(coalesce(drawn_at, made_at), kept_from) + review_kept());
CREATE INDEX reconciliations_unswept ON reconciliations (ended_at) WHERE swept_at IS NULL;
CREATE INDEX samples_unswept ON samples (drawn_at) WHERE swept_at IS NULL;

CREATE OR REPLACE FUNCTION check_reconciliation() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  sweeping text[] := ARRAY['swept_at', 'swept_counts'];
BEGIN
  IF OLD.swept_at IS NULL AND NEW.swept_at IS NOT NULL
     AND to_jsonb(NEW) - sweeping IS NOT DISTINCT FROM to_jsonb(OLD) - sweeping THEN
    RETURN NEW;
  END IF;
  IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (
       ('receiving', 'matching'), ('receiving', 'refused'), ('matching', 'searching'), ('searching', 'done'),
       ('matching', 'failed'), ('searching', 'failed'),
       ('receiving', 'abandoned'), ('matching', 'abandoned'), ('searching', 'abandoned'))
     OR OLD.state IN ('done', 'refused', 'failed', 'abandoned')
     OR NEW.received < OLD.received OR (OLD.state <> 'receiving' AND NEW.received <> OLD.received)
     OR (OLD.digest IS NOT NULL AND NEW.digest IS DISTINCT FROM OLD.digest)
     OR NEW.swept_at IS NOT NULL THEN
    RAISE EXCEPTION 'not a step of this reconciliation' USING ERRCODE = 'MA001';
  END IF;
  NEW.kept_from := CASE WHEN NEW.ended_at IS NOT NULL THEN now() END;
  RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION check_reconciliation_query() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.kind IS NOT NULL
     OR TG_OP = 'DELETE' AND NOT EXISTS (
          SELECT 1 FROM reconciliations r WHERE r.id = OLD.run_id AND (r.state = 'refused' OR r.swept_at IS NOT NULL)) THEN
    RAISE EXCEPTION 'findings of a reconciliation stay' USING ERRCODE = 'MA001';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE OR REPLACE FUNCTION check_sample() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.swept_at IS NULL AND NEW.swept_at IS NOT NULL
     AND to_jsonb(NEW) - 'swept_at' IS NOT DISTINCT FROM to_jsonb(OLD) - 'swept_at' THEN
    RETURN NEW;
  END IF;
  IF NEW.swept_at IS NOT NULL OR (TG_OP = 'INSERT' AND NEW.drawn_at IS NOT NULL)
     OR (TG_OP = 'UPDATE' AND OLD.drawn_at IS NOT NULL) THEN
    RAISE EXCEPTION 'a sample is drawn once, after its seed' USING ERRCODE = 'MA001';
  END IF;
  NEW.kept_from := CASE WHEN NEW.drawn_at IS NOT NULL THEN now() END;
  RETURN NEW;
END $$;

-- One step of it, some ten thousand rows at most: role vault asks until it says 0.
CREATE FUNCTION sweep_reviews(p_at timestamptz) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  most CONSTANT integer := 20000;
  gone integer := 0;
  changed integer;
BEGIN
  -- Whoever asks may be behind, and is not believed to be ahead.
  p_at := least(p_at, now());
  -- Nobody went on with these: their log never came whole.
  UPDATE reconciliations SET state = 'abandoned', ended_at = p_at
    WHERE ended_at IS NULL AND updated_at + review_kept() <= p_at;
  UPDATE reconciliations r SET swept_at = p_at, swept_counts = coalesce((
      SELECT jsonb_object_agg(k.kind, k.n) FROM (
        SELECT q.kind, count(*) AS n FROM reconciliation_queries q WHERE q.run_id = r.id AND q.kind IS NOT NULL GROUP BY q.kind
        UNION ALL SELECT 'no-query', count(*) FROM reconciliation_unqueried u WHERE u.run_id = r.id HAVING count(*) > 0) k), '{}')
    WHERE r.id = (SELECT d.id FROM reconciliations d
                  WHERE d.swept_at IS NULL AND d.ended_at + review_kept() <= p_at
                    AND greatest(d.ended_at, d.kept_from) + review_kept() <= p_at ORDER BY d.ended_at LIMIT 1);
  GET DIAGNOSTICS changed = ROW_COUNT;
  gone := gone + changed;
  DELETE FROM reconciliation_queries WHERE (run_id, line) IN (
    SELECT q.run_id, q.line FROM reconciliations r JOIN reconciliation_queries q ON q.run_id = r.id
    WHERE r.swept_at IS NOT NULL LIMIT most);
  GET DIAGNOSTICS changed = ROW_COUNT;
  gone := gone + changed;
  DELETE FROM reconciliation_unqueried WHERE (run_id, redemption_id) IN (
    SELECT q.run_id, q.redemption_id FROM reconciliations r JOIN reconciliation_unqueried q ON q.run_id = r.id
    WHERE r.swept_at IS NOT NULL LIMIT most);
  GET DIAGNOSTICS changed = ROW_COUNT;
  gone := gone + changed;
  UPDATE samples s SET swept_at = p_at WHERE s.id = (
    SELECT d.id FROM samples d WHERE d.swept_at IS NULL AND d.drawn_at + review_kept() <= p_at
      AND greatest(d.drawn_at, d.kept_from) + review_kept() <= p_at ORDER BY d.drawn_at LIMIT 1);
  GET DIAGNOSTICS changed = ROW_COUNT;
  gone := gone + changed;
  DELETE FROM sample_findings f USING samples s WHERE s.id = f.sample_id AND s.swept_at = p_at;
  DELETE FROM sample_items i USING samples s WHERE s.id = i.sample_id AND s.swept_at = p_at;
  RETURN gone;
END $$;
REVOKE EXECUTE ON FUNCTION sweep_reviews(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sweep_reviews(timestamptz) TO mandate_vault;
