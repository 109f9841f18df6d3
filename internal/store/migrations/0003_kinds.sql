-- What questions, reviews and claims need. part holds what only one kind has,
-- offers what the remote side allows now ("" while it allows all); both are
-- JSON. settled_at: the remote side waits for no answer to what the buyer said
-- until then.
ALTER TABLE conversations ADD COLUMN product_id TEXT NOT NULL DEFAULT '';
ALTER TABLE conversations ADD COLUMN part TEXT NOT NULL DEFAULT '';
ALTER TABLE conversations ADD COLUMN offers TEXT NOT NULL DEFAULT '';
ALTER TABLE conversations ADD COLUMN settled_at BIGINT;
ALTER TABLE conversations ADD COLUMN has_photo BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE conversations ADD COLUMN reread_at BIGINT;
ALTER TABLE conversations ADD COLUMN reread_attempt BIGINT NOT NULL DEFAULT 0;

UPDATE conversations SET has_photo = TRUE WHERE id IN
    (SELECT f.conversation_id FROM files f JOIN messages m ON m.id = f.message_id WHERE m.author = 'buyer' AND f.width IS NOT NULL);

-- Most conversations are open: only the others need an index by status, and
-- reading a history does not pay for it.
DROP INDEX conversations_status;
CREATE INDEX conversations_shelf ON conversations (status, sort_at, id, kind, account_id, channel) WHERE status <> 'open';
DROP INDEX conversations_due;
CREATE INDEX conversations_due ON conversations (due_at, id, status, kind, account_id, channel, rating, answered_at, created_at, has_photo) WHERE due_at IS NOT NULL;
CREATE INDEX conversations_rating ON conversations (rating, sort_at, id, account_id, status, kind, answered_at, created_at, has_photo) WHERE rating IS NOT NULL;
CREATE INDEX conversations_product ON conversations (product_id, sort_at, id, account_id, kind, rating, answered_at, created_at, has_photo) WHERE product_id <> '';
CREATE INDEX conversations_photo ON conversations (sort_at, id, account_id, status, kind, rating, answered_at, created_at) WHERE has_photo = TRUE;
CREATE INDEX conversations_created ON conversations (created_at, account_id, kind);
CREATE INDEX conversations_reread ON conversations (account_id, reread_at, id) WHERE reread_at IS NOT NULL;

ALTER TABLE messages ADD COLUMN rating BIGINT;
CREATE INDEX messages_edited ON messages (conversation_id, edited_at) WHERE edited_at IS NOT NULL;

CREATE TABLE message_versions (
    id         {id},
    message_id BIGINT NOT NULL REFERENCES messages (id),
    at         BIGINT NOT NULL,
    body       TEXT NOT NULL,
    rating     BIGINT
);
CREATE INDEX message_versions_message ON message_versions (message_id, id);

-- The message whose text an item replaces once the remote side took it.
ALTER TABLE outbox ADD COLUMN edits BIGINT;
CREATE INDEX outbox_edits ON outbox (edits) WHERE edits IS NOT NULL;

-- done of total as the remote side counts; shares in millionths at two moments
-- of the last minutes tell the speed.
ALTER TABLE streams ADD COLUMN total BIGINT;
ALTER TABLE streams ADD COLUMN done BIGINT;
ALTER TABLE streams ADD COLUMN mark_at BIGINT;
ALTER TABLE streams ADD COLUMN mark_share BIGINT;
ALTER TABLE streams ADD COLUMN past_at BIGINT;
ALTER TABLE streams ADD COLUMN past_share BIGINT;
