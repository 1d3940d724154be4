-- Who may be the second person where an institution is a party, what a leaver's requests are worth, when a case may end,
-- and who has read one.

-- The second person -----------------------------------------------------------------------------------
-- How a dispute with an institution ends, and what is hidden from a subject, is never settled within that institution:
-- its people may propose and ask, somebody of the operator's own agrees. What a leaver asked for, or asked for more than
-- a week ago, is agreed to no more, as with grants. A court's order may come after its case is over.
CREATE FUNCTION check_second_person() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  person text;
  asker text;
  asked_at timestamptz;
  moment timestamptz;
BEGIN
  CASE TG_TABLE_NAME
    WHEN 'hold_votes' THEN
      person := NEW.staff_id;
      moment := NEW.at;
      -- An institution's own proposal is nobody's of the desk: it has no account to be closed.
      SELECT substr(h.proposed_by, 6), h.proposed_at INTO asker, asked_at FROM holds h
        WHERE h.id = NEW.hold_id AND h.proposed_by LIKE 'desk:%';
    WHEN 'access_seals' THEN
      person := NEW.approved_by;
      moment := NEW.approved_at;
      asker := NEW.asked_by;
      asked_at := NEW.asked_at;
  END CASE;
  IF NOT EXISTS (SELECT 1 FROM staff s WHERE s.id = person AND s.institution_id IS NULL)
     OR (asker IS NOT NULL AND (staff_refusal(asker, moment) IS NOT NULL OR moment > asked_at + interval '7 days')) THEN
    RAISE EXCEPTION 'this person may not agree to this' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER vote_second_person BEFORE INSERT ON hold_votes FOR EACH ROW WHEN (NEW.act = 'approve')
  EXECUTE FUNCTION check_second_person();
CREATE TRIGGER seal_second_person BEFORE UPDATE ON access_seals FOR EACH ROW
  WHEN (OLD.approved_by IS NULL AND NEW.approved_by IS NOT NULL) EXECUTE FUNCTION check_second_person();

-- The end of a case -----------------------------------------------------------------------------------
-- A dispute ends before its case does: nobody would come back to it.
CREATE FUNCTION check_case_end() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM holds h WHERE h.id = NEW.hold_id AND h.resolved_at IS NULL) THEN
    RAISE EXCEPTION 'the dispute of this case is open' USING ERRCODE = 'MA001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER case_end_after_dispute BEFORE UPDATE ON cases FOR EACH ROW
  WHEN (NEW.step IN ('closed', 'rejected') AND OLD.step <> NEW.step AND NEW.hold_id IS NOT NULL)
  EXECUTE FUNCTION check_case_end();

-- The register ----------------------------------------------------------------------------------------
-- Whoever reads what people said in a case stands in it, as whoever searches.
ALTER TABLE desk_register DROP CONSTRAINT desk_register_kind_check;
ALTER TABLE desk_register ADD CONSTRAINT desk_register_kind_check
  CHECK (kind IN ('search', 'case-read', 'refusal', 'reconciliation', 'sample'));
