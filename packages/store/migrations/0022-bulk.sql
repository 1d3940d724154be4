-- Bulk creation: an institution's file of requests, uploaded in pieces, worked off row by row. The file is personal
-- data: its pieces are encrypted under a data key of the import's own, each goes when its last row is done, and the
-- key with the import's end.

CREATE TABLE bulks (
  id             text PRIMARY KEY CHECK (id LIKE 'blk\_%'),
  institution_id text NOT NULL REFERENCES institutions,
  format         text NOT NULL CHECK (format IN ('ndjson', 'csv')),
  -- What makes a row the same one in another import: nothing, or the institution's business reference.
  row_key        text NOT NULL CHECK (row_key IN ('row', 'business-reference')),
  state          text NOT NULL DEFAULT 'receiving' CHECK (state IN ('receiving', 'running', 'done', 'cancelled')),
  -- Bytes.
  received       bigint NOT NULL DEFAULT 0,
  -- Ever stored, also those that are gone.
  pieces         integer NOT NULL DEFAULT 0,
  -- Known once the file is complete: its digest, its rows, the names of a CSV file's columns.
  digest         text,
  rows           integer,
  columns        text[],
  -- The cursor: bytes read, rows done and what became of them.
  read_to        bigint NOT NULL DEFAULT 0,
  done           integer NOT NULL DEFAULT 0,
  created        integer NOT NULL DEFAULT 0,
  repeated       integer NOT NULL DEFAULT 0,
  refused        integer NOT NULL DEFAULT 0,
  -- Who works on it, or completes it, until when; another may then take over.
  worker         text,
  leased_until   timestamptz,
  -- Its last turn: institutions take turns.
  served_at      timestamptz,
  created_at     timestamptz NOT NULL,
  updated_at     timestamptz NOT NULL,
  ended_at       timestamptz,
  CHECK (done = created + repeated + refused AND done <= coalesce(rows, 0) AND read_to <= received),
  CHECK ((state IN ('running', 'done')) <= (rows IS NOT NULL AND digest IS NOT NULL)),
  CHECK ((state IN ('done', 'cancelled')) = (ended_at IS NOT NULL)),
  CHECK (state <> 'done' OR done = rows)
);
CREATE INDEX bulks_by_institution ON bulks (institution_id, id DESC);
CREATE INDEX bulks_by_turn ON bulks (institution_id, served_at);
CREATE INDEX bulks_open ON bulks (id) WHERE ended_at IS NULL;

CREATE TABLE bulk_pieces (
  bulk_id text NOT NULL REFERENCES bulks,
  -- First byte in the file, and how many.
  start   bigint NOT NULL,
  size    integer NOT NULL CHECK (size > 0),
  box     bytea NOT NULL,
  PRIMARY KEY (bulk_id, start)
);

CREATE TABLE bulk_outcomes (
  bulk_id          text NOT NULL REFERENCES bulks,
  -- From 1; a CSV file's heading and empty lines are no rows.
  row              integer NOT NULL CHECK (row > 0),
  institution_id   text NOT NULL REFERENCES institutions,
  -- Null: the row could not be read.
  reference        text,
  -- Digest of what makes the row the same one in another import, and the keyed digest of what it asked for.
  key              text,
  request_digest   text,
  authorization_id text REFERENCES authorizations,
  repeated         boolean NOT NULL DEFAULT false,
  problem          text,
  detail           text,
  PRIMARY KEY (bulk_id, row),
  CHECK ((authorization_id IS NULL) = (problem IS NOT NULL))
);
-- One authorization per key, whatever file and however many at once.
CREATE UNIQUE INDEX bulk_row_once ON bulk_outcomes (institution_id, key)
  WHERE key IS NOT NULL AND authorization_id IS NOT NULL AND NOT repeated;

-- An import only goes forward; with its end goes its data key.
CREATE FUNCTION check_bulk() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF OLD.ended_at IS NOT NULL
     OR NEW.received < OLD.received OR NEW.pieces < OLD.pieces
     OR NEW.read_to < OLD.read_to OR NEW.done < OLD.done
     OR NEW.created < OLD.created OR NEW.repeated < OLD.repeated OR NEW.refused < OLD.refused
     OR (NEW.received > OLD.received AND OLD.state <> 'receiving')
     OR (OLD.rows IS NOT NULL AND (NEW.rows, NEW.digest) IS DISTINCT FROM (OLD.rows, OLD.digest))
     OR (OLD.state = 'running' AND NEW.state = 'receiving')
     OR (OLD.state = 'receiving' AND NEW.state = 'done') THEN
    RAISE EXCEPTION 'an import does not go back' USING ERRCODE = 'MA001';
  END IF;
  IF NEW.ended_at IS NOT NULL THEN
    DELETE FROM bulk_pieces WHERE bulk_id = NEW.id;
    UPDATE data_keys SET wrapped = NULL, shredded_at = NEW.ended_at
      WHERE authorization_id = NEW.id AND wrapped IS NOT NULL;
  END IF;
  RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION check_bulk() FROM PUBLIC;
CREATE TRIGGER bulk_life BEFORE UPDATE ON bulks FOR EACH ROW EXECUTE FUNCTION check_bulk();

GRANT SELECT, INSERT ON bulks, bulk_pieces, bulk_outcomes TO mandate_web;
GRANT UPDATE (state, received, digest, rows, columns, read_to, done, created, repeated, refused,
  pieces, worker, leased_until, served_at, updated_at, ended_at) ON bulks TO mandate_web;
GRANT DELETE ON bulk_pieces TO mandate_web;
