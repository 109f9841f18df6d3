-- What an account knows people by goes with the account.
CREATE INDEX contact_identities_account ON contact_identities (account_id, id) WHERE account_id IS NOT NULL;
