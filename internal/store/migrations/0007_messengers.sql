-- What messengers bring. Few messages carry more than text and files: form is
-- their template, buttons or menu, as JSON.
CREATE TABLE message_forms (
    message_id BIGINT PRIMARY KEY REFERENCES messages (id),
    form       TEXT NOT NULL
);

-- Until when texts of our own are taken, as JSON, by the last word of the remote
-- side; "" where nothing bounds that.
ALTER TABLE conversations ADD COLUMN open_until TEXT NOT NULL DEFAULT '';

-- Who a chat is with, "source/name", where people have names of their own in the
-- messenger; about says the same of phone numbers. So one that we start is found
-- by either.
ALTER TABLE conversations ADD COLUMN about_name TEXT NOT NULL DEFAULT '';
CREATE INDEX conversations_about_name ON conversations (account_id, about_name, id) WHERE about_name <> '';

-- The texts that a messenger approved, as JSON, by account.
CREATE TABLE remote_templates (
    account_id BIGINT PRIMARY KEY REFERENCES accounts (id),
    read_at    BIGINT NOT NULL,
    list       TEXT NOT NULL
);

-- Where a remote side keeps files of ours, by their content.
CREATE TABLE uploads (
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    hash       TEXT NOT NULL,
    remote_id  TEXT NOT NULL,
    name       TEXT NOT NULL,
    type       TEXT NOT NULL,
    size       BIGINT NOT NULL,
    remote     {bytes},
    at         BIGINT NOT NULL,
    PRIMARY KEY (account_id, hash)
);

-- How messages stand that are not here yet, or are not known to be ours: the
-- word of a remote side may be faster than the message itself, or than the
-- answer to its sending.
CREATE TABLE marks (
    account_id   BIGINT NOT NULL REFERENCES accounts (id),
    kind         TEXT NOT NULL,
    conversation TEXT NOT NULL,
    message      TEXT NOT NULL,
    status       TEXT NOT NULL,
    reason       TEXT NOT NULL,
    reason_code  TEXT NOT NULL,
    weight       BIGINT NOT NULL,
    at           BIGINT NOT NULL,
    PRIMARY KEY (account_id, kind, conversation, message)
);
CREATE INDEX marks_old ON marks (account_id, at);

-- Since when and why a remote side cannot be asked to push.
ALTER TABLE push_doors ADD COLUMN unasked_at BIGINT;
ALTER TABLE push_doors ADD COLUMN unasked TEXT NOT NULL DEFAULT '';
ALTER TABLE push_doors ADD COLUMN unasked_code TEXT NOT NULL DEFAULT '';
