UPDATE conversations SET product_id = COALESCE(json_extract(product, '$.id'), '') WHERE product <> '';
