-- People with rights: what they may do, how they sign in, the keys of their
-- programs, and who did what.

ALTER TABLE users ADD COLUMN disabled_at BIGINT;
ALTER TABLE users ADD COLUMN factor {bytes}; -- sealed; NULL: no second factor
ALTER TABLE users ADD COLUMN factor_step BIGINT NOT NULL DEFAULT 0; -- the last one used, so that a code works once
ALTER TABLE users ADD COLUMN factor_new {bytes}; -- sealed; one that waits to be confirmed

CREATE TABLE roles (
    name   TEXT PRIMARY KEY,
    title  TEXT NOT NULL,
    rights TEXT NOT NULL
);

-- account_id 0 and channel '' mean "every one".
CREATE TABLE grants (
    user_id    BIGINT NOT NULL REFERENCES users (id),
    role       TEXT NOT NULL,
    account_id BIGINT NOT NULL,
    channel    TEXT NOT NULL,
    PRIMARY KEY (user_id, role, account_id, channel)
);
CREATE INDEX grants_account ON grants (account_id);

CREATE TABLE recovery_codes (
    user_id BIGINT NOT NULL REFERENCES users (id),
    hash    {bytes} NOT NULL,
    PRIMARY KEY (user_id, hash)
);

-- Links belonged to the owner only.
DROP TABLE links;
CREATE TABLE links (
    token_hash {bytes} PRIMARY KEY,
    user_id    BIGINT NOT NULL REFERENCES users (id),
    expires_at BIGINT NOT NULL
);
CREATE INDEX links_user ON links (user_id);

-- Who is signed in signs in again once: what is told of a session was not kept.
DROP TABLE sessions;
CREATE TABLE sessions (
    id         {id},
    token_hash {bytes} NOT NULL UNIQUE,
    user_id    BIGINT NOT NULL REFERENCES users (id),
    address    TEXT NOT NULL,
    agent      TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    used_at    BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    renew      BOOLEAN NOT NULL DEFAULT FALSE, -- the browser gets another token with its next answer
    old_hash   {bytes},                        -- of the token before, for requests that are on their way with it
    old_until  BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX sessions_before ON sessions (old_hash) WHERE old_hash IS NOT NULL;
CREATE INDEX sessions_user ON sessions (user_id, id);
CREATE INDEX sessions_old ON sessions (expires_at);

CREATE TABLE keys (
    id          {id},
    hash        {bytes} NOT NULL UNIQUE,
    user_id     BIGINT NOT NULL REFERENCES users (id),
    name        TEXT NOT NULL,
    prefix      TEXT NOT NULL,
    rights      TEXT NOT NULL,
    accounts    TEXT NOT NULL,
    limit_count BIGINT NOT NULL,
    expires_at  BIGINT,
    used_at     BIGINT,
    revoked_at  BIGINT,
    created_at  BIGINT NOT NULL
);
CREATE INDEX keys_user ON keys (user_id, id);

CREATE TABLE audit (
    id              {id},
    at              BIGINT NOT NULL,
    kind            TEXT NOT NULL,
    user_id         BIGINT,
    key_id          BIGINT,
    address         TEXT NOT NULL,
    account_id      BIGINT,
    conversation_id BIGINT,
    message_id      BIGINT,
    text            TEXT NOT NULL,
    data            TEXT NOT NULL
);
CREATE INDEX audit_at ON audit (at, id);
CREATE INDEX audit_kind ON audit (kind, at, id);
CREATE INDEX audit_user ON audit (user_id, at, id);
CREATE INDEX audit_account ON audit (account_id, at, id);
CREATE INDEX audit_conversation ON audit (conversation_id, at, id) WHERE conversation_id IS NOT NULL;
