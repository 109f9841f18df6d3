-- A tag or a field that was removed is seen by nobody; its row goes when nothing
-- carries it any more.
ALTER TABLE tags ADD COLUMN removed BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE fields ADD COLUMN removed BOOLEAN NOT NULL DEFAULT FALSE;
