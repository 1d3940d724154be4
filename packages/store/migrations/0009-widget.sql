-- The widget: where a ticket leads back to, which visits stand in a frame, what institutions may name.

-- Where the subject goes after a ticket opened at top level; the state is the institution's own word.
ALTER TABLE signing_links
  ADD COLUMN return_url   text,
  ADD COLUMN return_state text,
  ADD CONSTRAINT only_tickets_lead_back CHECK (kind = 'ticket' OR (return_url IS NULL AND return_state IS NULL));

-- Which link or ticket began a visit. A framed visit also has a secret that lives in the frame's memory
-- alone and can do two things: hand the ceremony over to a full page, and ask how it ended.
ALTER TABLE visits
  ADD COLUMN link_id         text REFERENCES signing_links,
  ADD COLUMN framed          boolean NOT NULL DEFAULT false,
  ADD COLUMN hand_over_digest bytea UNIQUE,
  ADD CONSTRAINT only_frames_hand_over CHECK (framed OR hand_over_digest IS NULL);

-- Origins that may embed the page for an institution, and app schemes a subject may be sent back to.
CREATE TABLE ways_in_allowed (
  institution_id text NOT NULL REFERENCES institutions,
  kind           text NOT NULL CHECK (kind IN ('origin', 'scheme')),
  value          text NOT NULL,
  added_at       timestamptz NOT NULL,
  PRIMARY KEY (institution_id, kind, value)
);
GRANT SELECT ON ways_in_allowed TO mandate_web;
