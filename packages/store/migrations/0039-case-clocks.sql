-- Terms run from when something was received, not from when somebody opened the case. More than one extension where the
-- rule has it; a court's own date; and which terms are the operator's own targets, since the rule names a duty alone.

ALTER TABLE case_kinds
  -- By how much a second decision lengthens it further.
  ADD COLUMN second_extension_days integer NOT NULL DEFAULT 0 CHECK (second_extension_days >= 0),
  -- The days are the operator's own; `basis` names the duty.
  ADD COLUMN own_target boolean NOT NULL DEFAULT false,
  -- Whoever asks may name the day.
  ADD COLUMN own_date boolean NOT NULL DEFAULT false,
  -- Cases of other kinds are read, and opened no more.
  ADD COLUMN offered boolean NOT NULL DEFAULT true,
  ADD CONSTRAINT second_after_first CHECK (second_extension_days = 0 OR extension_days > 0);
-- 15 days; 30 where it is complex; 30 more where it is especially complex: one case, decided as it goes on.
UPDATE case_kinds SET second_extension_days = 30 WHERE kind = 'consumer-complaint';
UPDATE case_kinds SET offered = false WHERE kind = 'consumer-complaint-complex';
UPDATE case_kinds SET own_target = true, own_date = true WHERE kind = 'court-request';
UPDATE case_kinds SET own_target = true WHERE kind = 'internal-review';

-- Cases from before begin with their opening. As generated columns, so that the cases' own triggers stay as they are.
ALTER TABLE cases
  ADD COLUMN received_at timestamptz NOT NULL GENERATED ALWAYS AS (opened_at) STORED,
  ADD COLUMN extensions integer NOT NULL GENERATED ALWAYS AS (CASE WHEN extended_at IS NULL THEN 0 ELSE 1 END) STORED;
ALTER TABLE cases
  ALTER COLUMN received_at DROP EXPRESSION,
  ALTER COLUMN extensions DROP EXPRESSION,
  -- What was received long ago may be overdue when its case is opened.
  DROP CONSTRAINT cases_check,
  ADD CONSTRAINT received_before_opened CHECK (received_at <= opened_at),
  ADD CONSTRAINT due_after_received CHECK (due_at > received_at),
  ADD CONSTRAINT extensions_counted CHECK ((extensions = 0) = (extended_at IS NULL));
GRANT UPDATE (extensions) ON cases TO mandate_vault;

CREATE OR REPLACE FUNCTION check_case() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  clock case_kinds;
  more integer;
BEGIN
  SELECT * INTO clock FROM case_kinds WHERE kind = NEW.kind;
  IF TG_OP = 'INSERT' THEN
    -- Hours, not days: no summer time changes when an answer is due.
    IF NEW.step <> 'applied' OR NEW.version <> 1 OR NEW.extensions <> 0
       OR NOT clock.offered
       OR (NEW.due_at <> NEW.received_at + make_interval(hours => clock.days * 24)
           AND NOT (clock.own_date AND NEW.due_at <= NEW.opened_at + interval '8784 hours'))
       OR (clock.received AND NEW.opened_by NOT LIKE 'staff:%') THEN
      RAISE EXCEPTION 'a case begins as applied, under its own clock' USING ERRCODE = 'MA001';
    END IF;
    RETURN NEW;
  END IF;
  more := CASE OLD.extensions WHEN 0 THEN clock.extension_days WHEN 1 THEN clock.second_extension_days ELSE 0 END;
  IF to_jsonb(NEW) - ARRAY['due_at', 'extended_at', 'extensions', 'step', 'version', 'head']
       IS DISTINCT FROM to_jsonb(OLD) - ARRAY['due_at', 'extended_at', 'extensions', 'step', 'version', 'head']
     OR NEW.version <> OLD.version + 1
     OR (NEW.step <> OLD.step
         AND (NOT EXISTS (SELECT 1 FROM case_steps s WHERE s.from_step = OLD.step AND s.to_step = NEW.step)
              OR (clock.received AND NEW.step = 'rejected')))
     OR ((NEW.due_at, NEW.extended_at, NEW.extensions)
           IS DISTINCT FROM (OLD.due_at, OLD.extended_at, OLD.extensions)
         AND (NEW.extensions <> OLD.extensions + 1 OR NEW.extended_at IS NULL OR more = 0
              OR OLD.step IN ('closed', 'rejected')
              OR NEW.due_at <> OLD.due_at + make_interval(hours => more * 24))) THEN
    RAISE EXCEPTION 'not a step of this case' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;

-- What a case says of its clock stands in its events too, which have role vault's code.
CREATE FUNCTION check_case_clock() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM cases c WHERE c.id = NEW.case_id
                 AND (NEW.body::jsonb->>'due')::timestamptz = c.due_at
                 AND (NEW.type <> 'opened' OR (NEW.body::jsonb->>'received')::timestamptz = c.received_at)) THEN
    RAISE EXCEPTION 'case and its events say different things' USING ERRCODE = 'MA002';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER case_event_clock BEFORE INSERT ON case_events FOR EACH ROW WHEN (NEW.type IN ('opened', 'extended'))
  EXECUTE FUNCTION check_case_clock();

-- What was received long ago keeps its evidence as long as anything else: 30 days from its opening at least.
CREATE OR REPLACE FUNCTION case_keeps(p_case text, p_at timestamptz) RETURNS boolean LANGUAGE sql STABLE
  SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT c.step NOT IN ('closed', 'rejected') AND (
    p_at < greatest(c.due_at, c.opened_at) + interval '720 hours'
      + make_interval(hours => 24 * (CASE WHEN c.extensions < 1 THEN k.extension_days ELSE 0 END
                                     + CASE WHEN c.extensions < 2 THEN k.second_extension_days ELSE 0 END))
    OR EXISTS (SELECT 1 FROM case_events e JOIN staff s ON 'staff:' || s.id = e.body::jsonb->>'by'
               WHERE e.case_id = c.id AND s.institution_id IS NULL
                 AND (e.body::jsonb->>'at')::timestamptz > p_at - interval '720 hours'))
  FROM cases c JOIN case_kinds k ON k.kind = c.kind WHERE c.id = p_case
$$;
