-- Times are milliseconds since the epoch in UTC, written by Go. Lists and JSON
-- are TEXT and opaque to SQL. {id} and {bytes} are the two words that differ.

CREATE TABLE users (
    id         {id},
    name       TEXT NOT NULL,
    login      TEXT UNIQUE,
    password   TEXT NOT NULL,
    owner      BOOLEAN NOT NULL,
    language   TEXT NOT NULL,
    theme      TEXT NOT NULL,
    read_floor BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE sessions (
    token_hash {bytes} PRIMARY KEY,
    user_id    BIGINT NOT NULL REFERENCES users (id),
    expires_at BIGINT NOT NULL
);

CREATE TABLE links (
    token_hash {bytes} PRIMARY KEY,
    expires_at BIGINT NOT NULL
);

CREATE TABLE settings (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE answers (
    user_id    BIGINT NOT NULL,
    key        TEXT NOT NULL,
    body_hash  {bytes} NOT NULL,
    status     BIGINT NOT NULL,
    body       {bytes} NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, key)
);
CREATE INDEX answers_old ON answers (created_at);

CREATE TABLE accounts (
    id          {id},
    channel     TEXT NOT NULL,
    name        TEXT NOT NULL,
    state       TEXT NOT NULL,
    reason      TEXT NOT NULL,
    reason_code TEXT NOT NULL,
    base_url    TEXT NOT NULL,
    seller      TEXT NOT NULL,
    identity    TEXT NOT NULL,
    abilities   TEXT NOT NULL,
    credentials {bytes},
    removing    BOOLEAN NOT NULL,
    created_at  BIGINT NOT NULL,
    rev         BIGINT NOT NULL
);
CREATE UNIQUE INDEX accounts_cabinet ON accounts (channel, seller, base_url) WHERE seller <> '';

CREATE TABLE streams (
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    stream     TEXT NOT NULL,
    cursor     TEXT NOT NULL,
    caught_up  BOOLEAN NOT NULL,
    items      BIGINT NOT NULL,
    started_at BIGINT,
    read_at    BIGINT,
    from_at    BIGINT,
    reached_at BIGINT,
    newest_at  BIGINT,
    error      TEXT NOT NULL,
    error_code TEXT NOT NULL,
    PRIMARY KEY (account_id, stream)
);

CREATE TABLE skipped (
    id         {id},
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    stream     TEXT NOT NULL,
    digest     TEXT NOT NULL,
    what       TEXT NOT NULL,
    raw        {bytes},
    at         BIGINT NOT NULL,
    UNIQUE (account_id, stream, digest)
);

CREATE TABLE contacts (
    id         {id},
    name       TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE conversations (
    id            {id},
    account_id    BIGINT NOT NULL REFERENCES accounts (id),
    channel       TEXT NOT NULL,
    kind          TEXT NOT NULL,
    remote_id     TEXT,
    contact_id    BIGINT,
    buyer_name    TEXT NOT NULL,
    product       TEXT NOT NULL,
    order_id      TEXT NOT NULL,
    rating        BIGINT,
    status        TEXT NOT NULL,
    needs_answer  BOOLEAN NOT NULL,
    waiting_since BIGINT,
    due_at        BIGINT,
    dismissed_at  BIGINT,
    answered_at   BIGINT,
    buyer_at      BIGINT,
    last_text     TEXT NOT NULL,
    last_author   TEXT NOT NULL,
    last_files    BIGINT NOT NULL,
    last_status   TEXT NOT NULL,
    sort_at       BIGINT NOT NULL,
    shut_code     TEXT NOT NULL,
    shut_text     TEXT NOT NULL,
    remote        {bytes},
    created_at    BIGINT NOT NULL,
    updated_at    BIGINT NOT NULL,
    rev           BIGINT NOT NULL,
    UNIQUE (account_id, kind, remote_id)
);
-- The list walks one of these, newest first; the columns behind the key let it
-- pass over rows that a filter does not want without looking at the table.
CREATE INDEX conversations_list ON conversations (sort_at, id, status, kind, account_id, channel);
CREATE INDEX conversations_account ON conversations (account_id, sort_at, id, status, kind);
CREATE INDEX conversations_status ON conversations (status, sort_at, id, kind, account_id, channel);
CREATE INDEX conversations_needs ON conversations (sort_at, id, status, kind, account_id, channel) WHERE needs_answer = TRUE;
CREATE INDEX conversations_due ON conversations (due_at, id, status, kind, account_id, channel) WHERE due_at IS NOT NULL;

CREATE TABLE identities (
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    kind       TEXT NOT NULL,
    remote_id  TEXT NOT NULL,
    contact_id BIGINT NOT NULL,
    name       TEXT NOT NULL,
    PRIMARY KEY (account_id, kind, remote_id)
);
CREATE INDEX identities_contact ON identities (contact_id);

CREATE TABLE unread (
    user_id         BIGINT NOT NULL REFERENCES users (id),
    conversation_id BIGINT NOT NULL REFERENCES conversations (id),
    account_id      BIGINT NOT NULL,
    kind            TEXT NOT NULL,
    PRIMARY KEY (user_id, conversation_id)
);
CREATE INDEX unread_conversation ON unread (conversation_id);

-- How many conversations of an account need an answer (user 0) or are unread
-- for a person: kept exact by every transaction that changes one.
CREATE TABLE counts (
    user_id    BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    kind       TEXT NOT NULL,
    n          BIGINT NOT NULL,
    PRIMARY KEY (user_id, account_id, kind)
);

CREATE TABLE messages (
    id              {id},
    account_id      BIGINT NOT NULL,
    conversation_id BIGINT NOT NULL REFERENCES conversations (id),
    author          TEXT NOT NULL,
    user_id         BIGINT,
    body            TEXT NOT NULL,
    files           BIGINT NOT NULL,
    status          TEXT NOT NULL,
    reason          TEXT NOT NULL,
    reason_code     TEXT NOT NULL,
    at              BIGINT NOT NULL,
    edited_at       BIGINT,
    remote_id       TEXT,
    remote          {bytes},
    UNIQUE (conversation_id, remote_id)
);
CREATE INDEX messages_order ON messages (conversation_id, at, id);

CREATE TABLE files (
    id              {id},
    account_id      BIGINT,
    conversation_id BIGINT,
    message_id      BIGINT,
    name            TEXT NOT NULL,
    type            TEXT NOT NULL,
    size            BIGINT,
    width           BIGINT,
    height          BIGINT,
    state           TEXT NOT NULL,
    reason          TEXT NOT NULL,
    reason_code     TEXT NOT NULL,
    hash            TEXT NOT NULL,
    thumbnail       TEXT NOT NULL,
    remote_id       TEXT NOT NULL,
    remote          {bytes},
    remote_type     TEXT NOT NULL,
    remote_size     BIGINT NOT NULL,
    due_at          BIGINT NOT NULL,
    attempt         BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    position        BIGINT NOT NULL
);
CREATE INDEX files_message ON files (message_id, id);
CREATE INDEX files_conversation ON files (conversation_id);
CREATE INDEX files_wanted ON files (due_at, id, account_id) WHERE state = 'wanted';

CREATE TABLE outbox (
    id              {id},
    account_id      BIGINT NOT NULL REFERENCES accounts (id),
    conversation_id BIGINT NOT NULL REFERENCES conversations (id),
    message_id      BIGINT,
    user_id         BIGINT,
    key             TEXT NOT NULL UNIQUE,
    action          TEXT NOT NULL,
    payload         TEXT NOT NULL,
    lane            BIGINT NOT NULL,
    state           TEXT NOT NULL,
    attempt         BIGINT NOT NULL,
    due_at          BIGINT NOT NULL,
    lease_until     BIGINT,
    sent_at         BIGINT,
    window_from     BIGINT,
    window_until    BIGINT,
    receipt_at      BIGINT,
    reason          TEXT NOT NULL,
    reason_code     TEXT NOT NULL,
    remote_id       TEXT NOT NULL,
    body_key        TEXT NOT NULL,
    created_at      BIGINT NOT NULL,
    settled_at      BIGINT
);
CREATE INDEX outbox_conversation ON outbox (conversation_id, id);
CREATE INDEX outbox_message ON outbox (message_id);
CREATE INDEX outbox_queued ON outbox (due_at, id) WHERE state = 'queued';
CREATE INDEX outbox_open ON outbox (conversation_id, id, state) WHERE state IN ('queued', 'sending');
CREATE INDEX outbox_account ON outbox (account_id, state, id);

CREATE TABLE events (
    seq             {id},
    kind            TEXT NOT NULL,
    at              BIGINT NOT NULL,
    account_id      BIGINT,
    conversation_id BIGINT,
    data            TEXT NOT NULL
);
