-- Tells which words of the search begin with some letters.
CREATE VIRTUAL TABLE search_terms USING fts5vocab(search, instance);
