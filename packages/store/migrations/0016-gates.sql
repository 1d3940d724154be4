-- Ways in and presentation: which visits belong to one reader, and what stands beside an institution's name.

-- A frame's full page: guesses at its gate count with the ticket it came from.
ALTER TABLE signing_links ADD COLUMN handed_over_from text REFERENCES visits;

-- The earlier visit whose secret the same browser showed. What was read there needs no second reading here.
ALTER TABLE visits
  ADD COLUMN continues text REFERENCES visits,
  ADD CONSTRAINT continues_another CHECK (continues <> id);

-- Person and telephone number of the letter somebody was told to sign: at other institutions the pause holds only
-- for the same number. Those noted before name none, and hold where they were said.
ALTER TABLE pauses ADD COLUMN owner_key bytea CHECK (length(owner_key) = 32);
UPDATE pauses SET owner_key = subject_key;
ALTER TABLE pauses ALTER COLUMN owner_key SET NOT NULL;

-- An institution's logo, written anew by us from checked pixels. Set by the operator; the digest is its address,
-- and what stood beside a name once is kept.
CREATE TABLE institution_logos (
  institution_id text NOT NULL REFERENCES institutions,
  digest         text NOT NULL CHECK (digest ~ '^[0-9a-f]{64}$'),
  image          bytea NOT NULL CHECK (length(image) BETWEEN 57 AND 51200),
  width          integer NOT NULL CHECK (width BETWEEN 1 AND 512),
  height         integer NOT NULL CHECK (height BETWEEN 1 AND 512),
  set_at         timestamptz NOT NULL,
  removed_at     timestamptz,
  PRIMARY KEY (institution_id, digest)
);
CREATE UNIQUE INDEX one_logo ON institution_logos (institution_id) WHERE removed_at IS NULL;
CREATE INDEX institution_logos_by_digest ON institution_logos (digest) WHERE removed_at IS NULL;
GRANT SELECT ON institution_logos TO mandate_web;
