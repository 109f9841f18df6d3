-- Words arrive ready, joined by spaces. The tokenizer must not know letters
-- better than we do: ascii keeps everything beyond ASCII as it comes.
CREATE VIRTUAL TABLE search USING fts5 (
    body, meta,
    content = '', contentless_delete = 1,
    tokenize = "ascii tokenchars '-_'"
);
