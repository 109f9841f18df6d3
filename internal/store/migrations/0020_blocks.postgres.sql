-- The words are looked for in a part of all ids: those of the same block of 1024, and
-- of the same span of 131072, stand together in the index. The package engine knows
-- these numbers. What waits to be sorted into the index is looked through by every
-- search, so that it is kept small.
SET LOCAL maintenance_work_mem = '256MB';
CREATE INDEX IF NOT EXISTS search_blocks ON search USING GIN (words, (ARRAY[id / 1024, -1 - id / 131072])) WITH (gin_pending_list_limit = 256);
DROP INDEX search_words;
ANALYZE search;
