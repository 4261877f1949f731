-- The newest visible rows of {table} that hold these words, or point to what holds them.
-- One row more, empty, says that there are others behind these, or that some pointed to were left out.
-- What many rows hold is met soon when going back from the newest; only for what few hold the index is quicker.
CREATE OR REPLACE FUNCTION {name}(words text, most integer) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET jit = off SET enable_seqscan = off AS $$
DECLARE
    got bigint;
    pointed bigint[];
    asked text[] := tw_asked(words);
    alike text := tw_alike(words);
    knows boolean := {knows};
    is_wide boolean := current_setting('role') = 'tw_wide' OR {sees_all};
    is_common boolean := (SELECT count(*) > 50 FROM (SELECT {shown} AS said FROM {table} ORDER BY id DESC LIMIT 1000) n
                          WHERE upper(said) LIKE alike);
BEGIN
    IF is_wide AND is_common THEN
        RETURN QUERY SELECT id FROM {table} WHERE upper({shown}) LIKE alike ORDER BY id DESC LIMIT most;
    ELSIF is_wide THEN
        RETURN QUERY SELECT id FROM (SELECT id, {shown} AS said FROM {table} WHERE tw_words({said}) @> asked OFFSET 0) f
                     WHERE upper(said) LIKE alike ORDER BY id DESC LIMIT most;
    ELSIF is_common THEN
        RETURN QUERY SELECT id FROM (SELECT id, {shown} AS said FROM {table} WHERE {policy} {fence}) f
                     WHERE upper(said) LIKE alike ORDER BY id DESC LIMIT most;
    ELSE
        RETURN QUERY SELECT id FROM {table} WHERE tw_words({said}) @> asked AND upper({shown}) LIKE alike AND ({policy})
                     ORDER BY id DESC LIMIT most;
    END IF;
    GET DIAGNOSTICS got = ROW_COUNT;
    IF got >= most THEN RETURN NEXT NULL; END IF;{pointing}
END $$;
