-- Conversations whose words in the search are old: what stands beside the texts
-- (name, article, order, stars) changed. The program makes them anew by and by.
CREATE TABLE search_stale (
    conversation_id BIGINT PRIMARY KEY,
    message_id      BIGINT NOT NULL -- made anew up to here
);
