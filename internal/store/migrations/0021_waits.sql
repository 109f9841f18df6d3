-- Who waits in conversations of one kind: few claims among many reviews are found at
-- once.
CREATE INDEX conversations_kind_due ON conversations (kind, due_at, id, status, account_id, channel, rating, answered_at, created_at, has_photo) WHERE due_at IS NOT NULL;
