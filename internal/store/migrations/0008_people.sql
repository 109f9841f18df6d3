-- The people behind conversations. Merging hangs contacts under another one:
-- merged_into is where by hand, person_id the root, NULL while a contact is a
-- person of its own. A conversation keeps its contact; person_id is the root then.
DROP TABLE identities;
ALTER TABLE contacts ADD COLUMN person_id BIGINT;
ALTER TABLE contacts ADD COLUMN merged_into BIGINT;
ALTER TABLE contacts ADD COLUMN merged_at BIGINT;
ALTER TABLE contacts ADD COLUMN merged_by BIGINT;
CREATE INDEX contacts_tree ON contacts (person_id, merged_at, id) WHERE person_id IS NOT NULL;
CREATE INDEX contacts_merged ON contacts (merged_into) WHERE merged_into IS NOT NULL;

ALTER TABLE conversations ADD COLUMN person_id BIGINT;
UPDATE conversations SET person_id = contact_id WHERE contact_id IS NOT NULL;
CREATE INDEX conversations_contact ON conversations (contact_id, id) WHERE contact_id IS NOT NULL;
CREATE INDEX conversations_person ON conversations (person_id, sort_at, id, needs_answer) WHERE person_id IS NOT NULL;
CREATE INDEX conversations_begun ON conversations (person_id, created_at, id) WHERE person_id IS NOT NULL;
CREATE INDEX conversations_ordered ON conversations (person_id, order_id, created_at, id) WHERE person_id IS NOT NULL AND order_id <> '';

-- How many conversations of a person need an answer, and the moment of the newest
-- word (0: none): kept exact by every transaction that changes one.
ALTER TABLE contacts ADD COLUMN unanswered BIGINT NOT NULL DEFAULT 0;
ALTER TABLE contacts ADD COLUMN last_at BIGINT NOT NULL DEFAULT 0;
UPDATE contacts SET
    unanswered = (SELECT COUNT(*) FROM conversations v WHERE v.person_id = contacts.id AND v.needs_answer = TRUE),
    last_at = COALESCE((SELECT MAX(v.sort_at) FROM conversations v WHERE v.person_id = contacts.id), 0);
CREATE INDEX contacts_waiting ON contacts (last_at, id) WHERE merged_into IS NULL AND unanswered > 0;
CREATE INDEX contacts_rest ON contacts (last_at, id) WHERE merged_into IS NULL AND unanswered = 0;

-- What people are known by. key names it among all, as "username/telegram/petr".
CREATE TABLE contact_identities (
    id         {id},
    key        TEXT NOT NULL UNIQUE,
    contact_id BIGINT NOT NULL,
    kind       TEXT NOT NULL,
    network    TEXT NOT NULL,
    account_id BIGINT,
    value      TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX contact_identities_contact ON contact_identities (contact_id, id);

-- Who may be the same, by a key that points to both; contact_id is the smaller
-- id. Dismissed ones stay, so that they do not come again.
CREATE TABLE contact_suggestions (
    id         {id},
    contact_id BIGINT NOT NULL,
    other_id   BIGINT NOT NULL,
    evidence   TEXT NOT NULL,
    at         BIGINT NOT NULL,
    state      TEXT NOT NULL,
    UNIQUE (evidence, contact_id, other_id)
);
CREATE INDEX contact_suggestions_contact ON contact_suggestions (contact_id, id);
CREATE INDEX contact_suggestions_other ON contact_suggestions (other_id, id);

CREATE TABLE contact_notes (
    id         {id},
    contact_id BIGINT NOT NULL,
    user_id    BIGINT,
    body       TEXT NOT NULL,
    at         BIGINT NOT NULL
);
CREATE INDEX contact_notes_contact ON contact_notes (contact_id, at, id);

-- Why something belongs to somebody, where that is not plain.
CREATE TABLE contact_changes (
    id              {id},
    contact_id      BIGINT NOT NULL,
    other_id        BIGINT,
    conversation_id BIGINT,
    kind            TEXT NOT NULL,
    reason          TEXT NOT NULL,
    user_id         BIGINT,
    at              BIGINT NOT NULL
);
CREATE INDEX contact_changes_contact ON contact_changes (contact_id, id);
CREATE INDEX contact_changes_conversation ON contact_changes (conversation_id) WHERE conversation_id IS NOT NULL;
