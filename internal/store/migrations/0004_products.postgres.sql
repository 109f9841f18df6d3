UPDATE conversations SET product_id = COALESCE(CAST(product AS json) ->> 'id', '') WHERE product <> '';
