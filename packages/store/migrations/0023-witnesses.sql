-- How far the ledger's files are in the object store: only what is published is told to anybody.
CREATE TABLE ledger_published (
  one  boolean PRIMARY KEY DEFAULT true CHECK (one),
  size bigint NOT NULL
);
INSERT INTO ledger_published (size) VALUES (0);
CREATE TRIGGER published_growth BEFORE UPDATE ON ledger_published FOR EACH ROW EXECUTE FUNCTION check_growth();
GRANT SELECT, UPDATE ON ledger_published TO mandate_ledger;

-- What witnesses signed under our checkpoints: a line of the note each, never changed.
CREATE TABLE ledger_cosignatures (
  size    bigint NOT NULL REFERENCES ledger_checkpoints,
  witness text NOT NULL,
  line    text NOT NULL,
  made_at timestamptz NOT NULL,
  PRIMARY KEY (size, witness)
);
CREATE INDEX ledger_cosignatures_of ON ledger_cosignatures (witness, size);
GRANT SELECT, INSERT ON ledger_cosignatures TO mandate_ledger;
GRANT SELECT ON ledger_cosignatures TO mandate_web;
-- Letters in the tree that are not released yet: looked for in every round.
CREATE INDEX ledger_queue_letters ON ledger_queue (authorization_id) WHERE authorization_id IS NOT NULL;
