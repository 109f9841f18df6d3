-- A list of one kind, of what nobody answered, of some days or of who waits in
-- one account passes over nothing else: few questions among millions of reviews
-- are found at once. 345600000 and 2764800000 are 4 and 32 days, as the package
-- listing writes them.
CREATE INDEX conversations_kind ON conversations (kind, sort_at, id, status, account_id, channel, due_at);
CREATE INDEX conversations_unanswered ON conversations (kind, sort_at, id, status, account_id, channel, due_at) WHERE answered_at IS NULL;
CREATE INDEX conversations_days ON conversations (kind, (created_at / 345600000), sort_at, id, created_at, status, account_id, rating, answered_at, has_photo, due_at);
CREATE INDEX conversations_months ON conversations (kind, (created_at / 2764800000), sort_at, id, created_at, status, account_id, rating, answered_at, has_photo, due_at);
CREATE INDEX conversations_account_due ON conversations (account_id, due_at, id, status, kind, rating, answered_at, created_at, has_photo) WHERE due_at IS NOT NULL;
DROP INDEX conversations_account;
CREATE INDEX conversations_account ON conversations (account_id, sort_at, id, status, kind, channel, created_at, answered_at, due_at);
CREATE INDEX conversations_undue ON conversations (sort_at, id, status, kind, account_id, channel) WHERE needs_answer = TRUE AND due_at IS NULL;
