-- What a letter allows, under its data key: a use is held against it, so nobody who writes to the record alone allows
-- more, whatever else they change or hide. Of letters signed before there is none, and they are used no more.
ALTER TABLE scopes ADD COLUMN sealed bytea NOT NULL DEFAULT '\x';
