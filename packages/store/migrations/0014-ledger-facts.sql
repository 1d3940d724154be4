-- Entries about facts, the other way round: role web, the worker and the desk may write them, so what they say is
-- held against the fact. Else whoever has web could put uses and withdrawals into the ledger that never were, or
-- take the place of an entry the desk is about to write.

-- At commit: no entry about a use, a withdrawal, a hold or an end without the event of exactly that step, about that
-- letter, with that digest; and nothing else in it.
CREATE FUNCTION check_fact_entry() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  said jsonb := NEW.entry::jsonb;
  kind text := said->>'kind';
  fact_id text := split_part(NEW.dedupe, ':', 2);
  step text := split_part(NEW.dedupe, ':', 3);
  event_type text := CASE kind || ':' || step
    WHEN 'redemption:made' THEN 'redeemed'
    WHEN 'redemption:confirmed' THEN 'redemption-confirmed'
    WHEN 'redemption:released' THEN 'redemption-released'
    WHEN 'withdrawal:' THEN 'withdrawn'
    WHEN 'hold:opened' THEN 'held'
    WHEN 'hold:resolved' THEN 'hold-resolved'
    WHEN 'end:' THEN 'ended' END;
  subject text := CASE kind
    WHEN 'redemption' THEN (SELECT authorization_id FROM redemptions WHERE id = fact_id)
    WHEN 'withdrawal' THEN (SELECT authorization_id FROM withdrawals WHERE id = fact_id)
    WHEN 'hold' THEN (SELECT authorization_id FROM holds WHERE id = fact_id)
    WHEN 'end' THEN (SELECT authorization_id FROM ends WHERE id = fact_id) END;
BEGIN
  IF (said - ARRAY['format', 'kind', 'at', 'letter', 'fact', 'step']) <> '{}'::jsonb
     OR octet_length(NEW.entry) > 400
     OR NOT EXISTS (
       SELECT 1 FROM events e JOIN authorizations a ON a.id = e.stream
       WHERE e.stream = subject AND e.type = event_type
         AND e.body::jsonb->'data'->>'id' = fact_id
         AND e.body::jsonb->'data'->>'fact' = said->>'fact'
         AND a.letter_digest = said->>'letter')
     OR (step IN ('confirmed', 'released', 'opened') AND said->>'step' IS DISTINCT FROM step)
     OR (step = 'resolved' AND NOT EXISTS (
       SELECT 1 FROM holds WHERE id = fact_id AND outcome = said->>'step'))
     OR (step = 'made' AND NOT EXISTS (
       SELECT 1 FROM redemptions
       WHERE id = fact_id AND ledger_entry = encode(sha256(convert_to(NEW.entry, 'UTF8')), 'hex')))
  THEN
    RAISE EXCEPTION 'an entry that says something else than its fact' USING ERRCODE = 'MA002';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER queue_fact AFTER INSERT ON ledger_queue
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (NEW.dedupe ~ '^(redemption|withdrawal|hold|end):')
  EXECUTE FUNCTION check_fact_entry();
