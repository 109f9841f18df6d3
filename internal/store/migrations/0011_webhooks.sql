-- Events on their way to other programs.

CREATE TABLE webhooks (
    id               {id},
    name             TEXT NOT NULL,
    url              TEXT NOT NULL,
    user_id          BIGINT NOT NULL REFERENCES users (id),
    rights           TEXT NOT NULL, -- those of who set it up last, which bound what it tells besides those of the person
    kinds            TEXT NOT NULL,
    accounts         TEXT NOT NULL,
    secret           {bytes}, -- sealed
    old_secret       {bytes}, -- sealed; NULL: there is one secret
    old_secret_until BIGINT,
    state            TEXT NOT NULL,
    reason           TEXT NOT NULL,
    seq              BIGINT NOT NULL, -- the last event that was looked at
    tries            BIGINT NOT NULL, -- since failing_since
    delivered_at     BIGINT,
    failing_since    BIGINT,
    created_at       BIGINT NOT NULL,
    rev              BIGINT NOT NULL
);
CREATE INDEX webhooks_user ON webhooks (user_id);

-- account_id is NULL for what belongs to none; event 0 is none of the log.
CREATE TABLE deliveries (
    id         {id},
    webhook_id BIGINT NOT NULL REFERENCES webhooks (id),
    event      BIGINT NOT NULL,
    account_id BIGINT,
    kind       TEXT NOT NULL,
    msg_id     TEXT NOT NULL,
    key        TEXT NOT NULL,
    body       TEXT NOT NULL,
    state      TEXT NOT NULL,
    attempt    BIGINT NOT NULL,
    at         BIGINT NOT NULL,
    due_at     BIGINT,
    until      BIGINT NOT NULL, -- tried again until then
    done_at    BIGINT,
    status     BIGINT,
    error      TEXT NOT NULL,
    request    TEXT NOT NULL,
    response   TEXT NOT NULL,
    took_ms    BIGINT
);
CREATE INDEX deliveries_log ON deliveries (webhook_id, id, state);
CREATE INDEX deliveries_waiting ON deliveries (webhook_id, id) WHERE state = 'waiting';
CREATE INDEX deliveries_failed ON deliveries (webhook_id, id) WHERE state = 'failed';
CREATE INDEX deliveries_event ON deliveries (webhook_id, event);
