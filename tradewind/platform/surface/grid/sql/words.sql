-- Every character of a text and every pair of neighbours, in capitals: what the index holds.
CREATE OR REPLACE FUNCTION tw_words(said text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT ARRAY(SELECT c FROM unnest(a) c UNION
                 SELECT c || n FROM (SELECT c, lead(c) OVER (ORDER BY o) AS n FROM unnest(a) WITH ORDINALITY u(c, o)) p
                 WHERE n IS NOT NULL)
    FROM (SELECT string_to_array(upper(said), NULL) AS a) s
$$;

-- What must be in the index where these words are: their pairs, or the one character.
CREATE OR REPLACE FUNCTION tw_asked(words text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT CASE WHEN cardinality(a) = 1 THEN a ELSE
                ARRAY(SELECT DISTINCT a[i] || a[i + 1] FROM generate_series(1, cardinality(a) - 1) i) END
    FROM (SELECT string_to_array(upper(words), NULL) AS a) s
$$;

-- The words as a pattern, whatever signs are in them.
CREATE OR REPLACE FUNCTION tw_alike(words text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT '%' || regexp_replace(upper(words), '([\\%_])', '\\\1', 'g') || '%'
$$;
