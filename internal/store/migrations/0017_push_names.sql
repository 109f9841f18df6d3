-- What the senders of signed pushes called them, for a day, so that one which
-- is sent again changes nothing.
CREATE TABLE push_names (
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    name       TEXT NOT NULL,
    at         BIGINT NOT NULL,
    PRIMARY KEY (account_id, name)
);
CREATE INDEX push_names_at ON push_names (account_id, at);
