-- Words arrive as a ready vector, so that no parser of PostgreSQL decides what
-- a word is. What narrows a search stands among them as "meta:a17".
CREATE TABLE search (
    id    BIGINT PRIMARY KEY,
    words TSVECTOR NOT NULL
);
CREATE INDEX search_words ON search USING GIN (words);
