-- Whether the addresses that the credentials of a cabinet name may lead to this
-- machine and its network, since whoever named them may change the house.
ALTER TABLE accounts ADD COLUMN private BOOLEAN NOT NULL DEFAULT FALSE;
