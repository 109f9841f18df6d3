-- What remote sides send by themselves, until it was read.
CREATE TABLE pushes (
    id          {id},
    account_id  BIGINT NOT NULL REFERENCES accounts (id),
    received_at BIGINT NOT NULL,
    path        TEXT NOT NULL,
    type        TEXT NOT NULL,
    body        {bytes} NOT NULL
);
CREATE INDEX pushes_account ON pushes (account_id, id);

-- The door of each account that is pushed to: its sealed key, when the last push
-- came, and since when and why those that wait cannot be read.
CREATE TABLE push_doors (
    account_id  BIGINT PRIMARY KEY REFERENCES accounts (id),
    door        {bytes} NOT NULL,
    last_at     BIGINT,
    blocked_at  BIGINT,
    reason      TEXT NOT NULL DEFAULT '',
    reason_code TEXT NOT NULL DEFAULT ''
);

-- Conversations that a push or a sweep named, to be read again; they need not be
-- here yet. asked tells one naming from the next, so that one which comes while
-- the conversation is read is not lost.
CREATE TABLE rereads (
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    kind       TEXT NOT NULL,
    remote_id  TEXT NOT NULL,
    asked      BIGINT NOT NULL,
    due_at     BIGINT NOT NULL,
    attempt    BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (account_id, kind, remote_id)
);
CREATE INDEX rereads_due ON rereads (account_id, due_at, kind, remote_id);

-- Messages that answer another one, or that somebody else than the buyer of the
-- conversation wrote; few are such. parent is the remote id of the other one.
CREATE TABLE message_replies (
    message_id  BIGINT PRIMARY KEY REFERENCES messages (id),
    parent      TEXT NOT NULL,
    author_name TEXT NOT NULL
);

-- What a chat is about, "order/…" or "return/…", where the channel tells it: so
-- one that we start is found, before the remote side has named it and after.
ALTER TABLE conversations ADD COLUMN about TEXT NOT NULL DEFAULT '';
CREATE INDEX conversations_about ON conversations (account_id, about, id) WHERE about <> '';
