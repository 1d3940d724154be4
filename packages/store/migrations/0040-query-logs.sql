-- Logs of one source compared one after the other: a use that one log matched is nobody else's in the next one.

-- How a log is written is seen when it arrives.
ALTER TABLE reconciliations DROP COLUMN encoding;
-- Lines and codes that a log was refused for, nothing of their contents.
ALTER TABLE reconciliations ADD COLUMN faults jsonb NOT NULL DEFAULT '[]',
  ADD CONSTRAINT faults_refused CHECK (state = 'refused' OR faults = '[]');
GRANT UPDATE (faults) ON reconciliations TO mandate_desk;

-- Whose people began it, null: the operator's. What an institution sends in says nothing to the operator's own runs.
ALTER TABLE reconciliations ADD COLUMN made_for text REFERENCES institutions;
-- Of one that is over too.
ALTER TABLE reconciliations DISABLE TRIGGER reconciliation_step;
UPDATE reconciliations r SET made_for = s.institution_id FROM staff s WHERE s.id = r.made_by AND s.institution_id IS NOT NULL;
ALTER TABLE reconciliations ENABLE TRIGGER reconciliation_step;
-- Kept from then on, since people move; and never what the desk's login says.
CREATE FUNCTION note_maker() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  NEW.made_for := (SELECT s.institution_id FROM staff s WHERE s.id = NEW.made_by);
  RETURN NEW;
END $$;
CREATE TRIGGER reconciliation_maker BEFORE INSERT ON reconciliations FOR EACH ROW EXECUTE FUNCTION note_maker();

-- Which logs know a use.
CREATE INDEX reconciliation_queries_by_use ON reconciliation_queries (redemption_id) WHERE redemption_id IS NOT NULL;
-- Where a query was paired, in whatever log.
CREATE INDEX reconciliation_queries_by_name ON reconciliation_queries (query) WHERE redemption_id IS NOT NULL;

-- So near the end of the period that its query may stand in the next log.
ALTER TABLE reconciliation_unqueried ADD COLUMN late boolean NOT NULL DEFAULT false;
CREATE INDEX reconciliation_unqueried_late ON reconciliation_unqueried (redemption_id) WHERE late;

-- As in 0036, with both kinds of uses without a query counted.
CREATE OR REPLACE FUNCTION sweep_reviews(p_at timestamptz) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
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
        UNION ALL SELECT CASE WHEN u.late THEN 'no-query-yet' ELSE 'no-query' END, count(*)
        FROM reconciliation_unqueried u WHERE u.run_id = r.id GROUP BY u.late) k), '{}')
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

-- What somebody agreed to, newest first, for themselves.
CREATE INDEX staff_agreements_of ON staff_agreements (staff_id, id DESC) WHERE answered_at IS NOT NULL;
