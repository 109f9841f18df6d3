-- What a team of people needs at the desk.

-- Who a conversation belongs to, how much it matters, until when it is put off and
-- why it came back. labels are its tags and fields, as JSON, for reading: where they
-- are looked for stands in tables of their own.
ALTER TABLE conversations ADD COLUMN assignee_id BIGINT;
ALTER TABLE conversations ADD COLUMN team_id BIGINT;
ALTER TABLE conversations ADD COLUMN priority BIGINT NOT NULL DEFAULT 0; -- -1 low, 0, 1 high, 2 urgent
ALTER TABLE conversations ADD COLUMN snooze TEXT NOT NULL DEFAULT '';
ALTER TABLE conversations ADD COLUMN snoozed_until BIGINT;
ALTER TABLE conversations ADD COLUMN woke TEXT NOT NULL DEFAULT '';
ALTER TABLE conversations ADD COLUMN labels TEXT NOT NULL DEFAULT '';
CREATE INDEX conversations_assignee ON conversations (assignee_id, sort_at, id, status, kind, account_id, channel) WHERE assignee_id IS NOT NULL;
CREATE INDEX conversations_assignee_due ON conversations (assignee_id, due_at, id, status, kind, account_id, channel) WHERE assignee_id IS NOT NULL AND due_at IS NOT NULL;
CREATE INDEX conversations_team ON conversations (team_id, sort_at, id, status, kind, account_id, channel) WHERE team_id IS NOT NULL;
CREATE INDEX conversations_team_due ON conversations (team_id, due_at, id, status, kind, account_id, channel) WHERE team_id IS NOT NULL AND due_at IS NOT NULL;
CREATE INDEX conversations_assignee_needs ON conversations (assignee_id, sort_at, id) WHERE assignee_id IS NOT NULL AND needs_answer = TRUE;
CREATE INDEX conversations_team_needs ON conversations (team_id, sort_at, id) WHERE team_id IS NOT NULL AND needs_answer = TRUE;
CREATE INDEX conversations_unassigned ON conversations (sort_at, id, status, kind, account_id, channel) WHERE needs_answer = TRUE AND assignee_id IS NULL AND team_id IS NULL;
CREATE INDEX conversations_unassigned_due ON conversations (due_at, id, status, kind, account_id, channel) WHERE needs_answer = TRUE AND assignee_id IS NULL AND team_id IS NULL AND due_at IS NOT NULL;
CREATE INDEX conversations_priority ON conversations (priority, sort_at, id, status, kind, account_id, channel, needs_answer) WHERE priority <> 0;
CREATE INDEX conversations_wakes ON conversations (snoozed_until, id) WHERE snoozed_until IS NOT NULL;

-- When a person went home; NULL: at work. Nothing is handed to who is away.
ALTER TABLE users ADD COLUMN away_at BIGINT;

CREATE TABLE teams (
    id   {id},
    name TEXT NOT NULL UNIQUE
);
CREATE TABLE team_members (
    team_id BIGINT NOT NULL REFERENCES teams (id),
    user_id BIGINT NOT NULL REFERENCES users (id),
    PRIMARY KEY (team_id, user_id)
);
CREATE INDEX team_members_user ON team_members (user_id, team_id);

-- Exact figures of what needs an answer and is not put off, by whom it belongs to:
-- a person (its id), a team (minus its id), nobody (0).
CREATE TABLE shares (
    holder     BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    kind       TEXT NOT NULL,
    n          BIGINT NOT NULL,
    PRIMARY KEY (holder, account_id, kind)
);
INSERT INTO shares (holder, account_id, kind, n)
    SELECT 0, account_id, kind, COUNT(*) FROM conversations WHERE needs_answer = TRUE AND status <> 'snoozed' GROUP BY account_id, kind;

-- folded: the name as it is compared. sort_at, due_at and needs_answer are those of
-- the conversation, so that the list of a tag is walked in its orders.
CREATE TABLE tags (
    id     {id},
    name   TEXT NOT NULL,
    folded TEXT NOT NULL UNIQUE,
    color  BIGINT NOT NULL
);
CREATE TABLE conversation_tags (
    conversation_id BIGINT NOT NULL REFERENCES conversations (id),
    tag_id          BIGINT NOT NULL REFERENCES tags (id),
    sort_at         BIGINT NOT NULL,
    due_at          BIGINT,
    needs_answer    BOOLEAN NOT NULL,
    PRIMARY KEY (conversation_id, tag_id)
);
CREATE INDEX conversation_tags_list ON conversation_tags (tag_id, sort_at, conversation_id);
CREATE INDEX conversation_tags_due ON conversation_tags (tag_id, due_at, conversation_id) WHERE due_at IS NOT NULL;
CREATE INDEX conversation_tags_needs ON conversation_tags (tag_id, sort_at, conversation_id) WHERE needs_answer = TRUE;

-- Exact figures of the conversations with a tag.
CREATE TABLE tag_uses (
    tag_id     BIGINT NOT NULL REFERENCES tags (id),
    account_id BIGINT NOT NULL,
    n          BIGINT NOT NULL,
    PRIMARY KEY (tag_id, account_id)
);
CREATE TABLE contact_tags (
    contact_id BIGINT NOT NULL,
    tag_id     BIGINT NOT NULL REFERENCES tags (id),
    PRIMARY KEY (contact_id, tag_id)
);
CREATE INDEX contact_tags_list ON contact_tags (tag_id, contact_id);

CREATE TABLE fields (
    id       {id},
    name     TEXT NOT NULL,
    folded   TEXT NOT NULL,
    target   TEXT NOT NULL,
    kind     TEXT NOT NULL,
    options  TEXT NOT NULL,
    position BIGINT NOT NULL,
    UNIQUE (target, folded)
);
-- folded is the value as it is compared and sorted.
CREATE TABLE field_values (
    field_id  BIGINT NOT NULL REFERENCES fields (id),
    target_id BIGINT NOT NULL,
    value     TEXT NOT NULL,
    folded    TEXT NOT NULL,
    PRIMARY KEY (field_id, target_id)
);
CREATE INDEX field_values_list ON field_values (field_id, folded, target_id);
CREATE INDEX field_values_target ON field_values (target_id, field_id);

-- Whose a view is: a person's, a team's, or, with neither, the house's.
CREATE TABLE views (
    id         {id},
    name       TEXT NOT NULL,
    query      TEXT NOT NULL,
    sort       TEXT NOT NULL,
    user_id    BIGINT,
    team_id    BIGINT,
    position   BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX views_user ON views (user_id, position, id);
CREATE INDEX views_team ON views (team_id, position, id);

-- What people say to one another. Nothing here is ever read by what sends.
CREATE TABLE notes (
    id              {id},
    conversation_id BIGINT NOT NULL REFERENCES conversations (id),
    user_id         BIGINT,
    body            TEXT NOT NULL,
    mentions        TEXT NOT NULL,
    at              BIGINT NOT NULL,
    edited_at       BIGINT
);
CREATE INDEX notes_conversation ON notes (conversation_id, at, id);
-- due_at: 9223372036854775807 for some time, so that what is due comes first.
CREATE TABLE tasks (
    id              {id},
    conversation_id BIGINT NOT NULL REFERENCES conversations (id),
    body            TEXT NOT NULL,
    user_id         BIGINT,
    due_at          BIGINT NOT NULL,
    told            BOOLEAN NOT NULL DEFAULT FALSE, -- that it is due
    created_by      BIGINT,
    created_at      BIGINT NOT NULL,
    done_at         BIGINT,
    done_by         BIGINT
);
CREATE INDEX tasks_conversation ON tasks (conversation_id, id);
CREATE INDEX tasks_open ON tasks (due_at, id) WHERE done_at IS NULL;
CREATE INDEX tasks_user ON tasks (user_id, due_at, id) WHERE done_at IS NULL;
CREATE INDEX tasks_due ON tasks (due_at, id) WHERE done_at IS NULL AND told = FALSE;
CREATE TABLE followers (
    conversation_id BIGINT NOT NULL REFERENCES conversations (id),
    user_id         BIGINT NOT NULL REFERENCES users (id),
    PRIMARY KEY (conversation_id, user_id)
);
CREATE TABLE notifications (
    id              {id},
    user_id         BIGINT NOT NULL REFERENCES users (id),
    kind            TEXT NOT NULL,
    account_id      BIGINT NOT NULL,
    conversation_id BIGINT NOT NULL,
    note_id         BIGINT,
    task_id         BIGINT,
    by_id           BIGINT,
    body            TEXT NOT NULL,
    at              BIGINT NOT NULL,
    read_at         BIGINT
);
CREATE INDEX notifications_user ON notifications (user_id, id);
CREATE INDEX notifications_unread ON notifications (user_id, id) WHERE read_at IS NULL;
CREATE INDEX notifications_conversation ON notifications (conversation_id, user_id);
CREATE INDEX notifications_at ON notifications (at);

CREATE TABLE drafts (
    user_id         BIGINT NOT NULL REFERENCES users (id),
    conversation_id BIGINT NOT NULL REFERENCES conversations (id),
    body            TEXT NOT NULL,
    files           TEXT NOT NULL,
    seen            BIGINT NOT NULL,
    at              BIGINT NOT NULL,
    PRIMARY KEY (user_id, conversation_id)
);
CREATE INDEX drafts_conversation ON drafts (conversation_id);

-- Texts of ours. user_id 0: everybody's. folded is folder and name as they are compared.
CREATE TABLE templates (
    id         {id},
    user_id    BIGINT NOT NULL,
    folder     TEXT NOT NULL,
    name       TEXT NOT NULL,
    folded     TEXT NOT NULL,
    body       TEXT NOT NULL,
    accounts   TEXT NOT NULL,
    kinds      TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    rev        BIGINT NOT NULL,
    UNIQUE (user_id, folded)
);
-- The files that go with a text, in their order. They are seen by whoever sees it.
CREATE TABLE template_files (
    template_id BIGINT NOT NULL REFERENCES templates (id),
    position    BIGINT NOT NULL,
    file_id     BIGINT NOT NULL REFERENCES files (id),
    PRIMARY KEY (template_id, position)
);
CREATE INDEX template_files_file ON template_files (file_id, template_id);
-- What was said with a text, by account, so that nobody is told of others.
CREATE TABLE template_uses (
    template_id BIGINT NOT NULL REFERENCES templates (id),
    account_id  BIGINT NOT NULL,
    uses        BIGINT NOT NULL,
    used_at     BIGINT NOT NULL,
    PRIMARY KEY (template_id, account_id)
);
-- How often the texts of somebody changed: a list that was read with the same number
-- is still right, and who changes one holds the row.
CREATE TABLE libraries (
    user_id BIGINT PRIMARY KEY,
    rev     BIGINT NOT NULL
);

-- How long a recording or a film plays, in milliseconds, and how loud it is along
-- the way: a digit for each of up to 64 equal parts.
ALTER TABLE files ADD COLUMN duration_ms BIGINT;
ALTER TABLE files ADD COLUMN bars TEXT NOT NULL DEFAULT '';

-- The keys of a person where they differ from the usual ones, as JSON.
ALTER TABLE users ADD COLUMN shortcuts TEXT NOT NULL DEFAULT '';
