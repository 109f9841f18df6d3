-- One thing done to many conversations. What matched is frozen into job_items
-- before the job begins (frozen); told_at is when it was told of last. undoing:
-- what it did is being taken back.
CREATE TABLE jobs (
    id         {id},
    user_id    BIGINT NOT NULL,
    action     TEXT NOT NULL,
    filter     TEXT NOT NULL,
    params     TEXT NOT NULL,
    state      TEXT NOT NULL,
    reason     TEXT NOT NULL,
    frozen     BOOLEAN NOT NULL,
    undoing    BOOLEAN NOT NULL,
    total      BIGINT NOT NULL,
    done       BIGINT NOT NULL,
    failed     BIGINT NOT NULL,
    waits      BIGINT NOT NULL,
    undone     BIGINT NOT NULL,
    errors     TEXT NOT NULL,
    ends_at    BIGINT,
    told_at    BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    ended_at   BIGINT
);
CREATE INDEX jobs_user ON jobs (user_id, id);
CREATE INDEX jobs_open ON jobs (id) WHERE state = 'running' OR undoing = TRUE;

-- before is how the conversation stood, for taking it back; JSON.
CREATE TABLE job_items (
    job_id          BIGINT NOT NULL REFERENCES jobs (id),
    conversation_id BIGINT NOT NULL,
    account_id      BIGINT NOT NULL,
    state           TEXT NOT NULL,
    message_id      BIGINT,
    before          TEXT NOT NULL,
    PRIMARY KEY (job_id, conversation_id)
);
CREATE INDEX job_items_state ON job_items (job_id, state, account_id, conversation_id);
CREATE INDEX job_items_conversation ON job_items (conversation_id);
