-- The content of one seal: what each of its rows says about itself, in order, plus the row's own digest.
CREATE OR REPLACE FUNCTION tw_sealed_rows(seal bigint)
RETURNS TABLE (digest bytea, rows bigint) LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT sha256(COALESCE(string_agg(r.digest, ''::bytea ORDER BY r.kind, r.id), ''::bytea)), count(*)
    FROM (
        SELECT 1 AS kind, id, sha256(convert_to(concat_ws(E'\x1f', id, name, actor, person_id, resource,
               object_id, parent_id, why, request, extract(epoch FROM at)), 'UTF8')) AS digest
        FROM spine_command WHERE seal_id = seal
        UNION ALL
        SELECT 2, id, sha256(convert_to(concat_ws(E'\x1f', id, table_name, row_id, op, command_id,
               extract(epoch FROM at), encode(digest, 'hex')), 'UTF8'))
        FROM spine_history WHERE seal_id = seal
    ) r
$$;

-- Every committed row that carries no seal yet gets the next one; a transaction still running is left for a
-- later seal. Nothing here depends on the server's own counters, so a restored copy goes on where it was.
CREATE OR REPLACE FUNCTION tw_seal() RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    last spine_seal;
    number bigint;
    content bytea;
    found_rows bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('tradewind.seal'));
    SELECT * INTO last FROM spine_seal ORDER BY id DESC LIMIT 1;
    number := COALESCE(last.id, 0) + 1;
    UPDATE spine_command SET seal_id = number WHERE seal_id IS NULL;
    UPDATE spine_history SET seal_id = number WHERE seal_id IS NULL;
    SELECT s.digest, s.rows INTO content, found_rows FROM tw_sealed_rows(number) s;
    IF found_rows > 0 THEN
        INSERT INTO spine_seal (id, rows, digest)
        VALUES (number, found_rows, sha256(COALESCE(last.digest, ''::bytea) || content));
    END IF;
    RETURN found_rows;
END $$;

CREATE OR REPLACE FUNCTION tw_verify_seals()
RETURNS TABLE (sealed_rows bigint, broken_seals bigint[], changed_rows bigint[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH chain AS (
        SELECT s.*, lag(s.digest, 1, ''::bytea) OVER (ORDER BY s.id) AS before,
               lag(s.id, 1, 0::bigint) OVER (ORDER BY s.id) AS follows
        FROM spine_seal s
    ), judged AS (
        SELECT c.id, c.rows, c.digest <> sha256(c.before || now_is.digest) OR c.rows <> now_is.rows
               OR c.id <> c.follows + 1 AS is_broken
        FROM chain c, LATERAL tw_sealed_rows(c.id) now_is
        UNION ALL
        SELECT claimed.seal_id, 0, true
        FROM (SELECT seal_id FROM spine_command UNION SELECT seal_id FROM spine_history) claimed
        WHERE claimed.seal_id > (SELECT COALESCE(max(id), 0) FROM spine_seal)
    )
    SELECT COALESCE(sum(rows), 0)::bigint, array_agg(id) FILTER (WHERE is_broken),
           (SELECT array_agg(h.id) FROM spine_history h
            WHERE h.salt IS NOT NULL AND h.digest <> tw_digest(h.salt, h.old, h.new))
    FROM judged
$$;
