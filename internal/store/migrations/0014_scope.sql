-- Who may see what. A file that no message has yet is its uploader's; one that was
-- uploaded before this is known is seen by those who see the whole house.
ALTER TABLE files ADD COLUMN user_id BIGINT;

-- A note of somebody who sees some cabinets only belongs to one of these; NULL: to
-- the house.
ALTER TABLE contact_notes ADD COLUMN account_id BIGINT;
