-- Every character of a text and every pair of neighbours, in capitals: what the index holds. Cut in twos from
-- the first character and from the second: one by one takes six times as long, and every new row waits for it.
CREATE OR REPLACE FUNCTION tw_words(said text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT string_to_array(s, NULL)
        || string_to_array(rtrim(regexp_replace(s, '..', '\&' || chr(30), 'g'), chr(30)), chr(30))
        || string_to_array(rtrim(regexp_replace(substr(s, 2), '..', '\&' || chr(30), 'g'), chr(30)), chr(30))
    FROM (SELECT upper(translate(said, chr(30), ' ')) AS s) u
$$;

-- What must be in the index where these words are: their pairs, or the one character.
CREATE OR REPLACE FUNCTION tw_asked(words text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT CASE WHEN cardinality(a) = 1 THEN a ELSE
                ARRAY(SELECT DISTINCT a[i] || a[i + 1] FROM generate_series(1, cardinality(a) - 1) i) END
    FROM (SELECT string_to_array(upper(translate(words, chr(30), ' ')), NULL) AS a) s
$$;

-- The words as a pattern, whatever signs are in them.
CREATE OR REPLACE FUNCTION tw_alike(words text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT '%' || regexp_replace(upper(words), '([\\%_])', '\\\1', 'g') || '%'
$$;
