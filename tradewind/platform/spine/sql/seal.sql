-- One digest per sealed row, in commit order: what the row says about itself, plus its own digest.
-- "sealable" means: its transaction began before every transaction that is still running.
CREATE OR REPLACE FUNCTION tw_sealed_rows(from_xid xid8, until_xid xid8)
RETURNS TABLE (digest bytea, rows bigint) LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT sha256(COALESCE(string_agg(r.digest, ''::bytea ORDER BY r.xid, r.kind, r.id), ''::bytea)), count(*)
    FROM (
        SELECT xid, 1 AS kind, id, sha256(convert_to(concat_ws(E'\x1f', id, name, actor, person_id, resource,
               object_id, parent_id, why, request, extract(epoch FROM at), xid), 'UTF8')) AS digest
        FROM spine_command WHERE xid >= from_xid AND xid < until_xid
        UNION ALL
        SELECT xid, 2, id, sha256(convert_to(concat_ws(E'\x1f', id, table_name, row_id, op, command_id,
               extract(epoch FROM at), xid, encode(digest, 'hex')), 'UTF8'))
        FROM spine_history WHERE xid >= from_xid AND xid < until_xid
    ) r
$$;

CREATE OR REPLACE FUNCTION tw_seal() RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    last spine_seal;
    horizon xid8 := pg_snapshot_xmin(pg_current_snapshot());
    found_rows bigint;
    content bytea;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('tradewind.seal'));
    SELECT * INTO last FROM spine_seal ORDER BY id DESC LIMIT 1;
    SELECT s.digest, s.rows INTO content, found_rows
    FROM tw_sealed_rows(COALESCE(last.until_xid, '0'::xid8), horizon) s;
    IF found_rows = 0 OR horizon <= COALESCE(last.until_xid, '0'::xid8) THEN
        RETURN 0;
    END IF;
    INSERT INTO spine_seal (from_xid, until_xid, rows, digest)
    VALUES (COALESCE(last.until_xid, '0'::xid8), horizon, found_rows,
            sha256(COALESCE(last.digest, ''::bytea) || content));
    RETURN found_rows;
END $$;

CREATE OR REPLACE FUNCTION tw_verify_seals()
RETURNS TABLE (sealed_rows bigint, broken_seals bigint[], changed_rows bigint[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH chain AS (
        SELECT s.*, lag(s.digest, 1, ''::bytea) OVER (ORDER BY s.id) AS before,
               lag(s.until_xid, 1, '0'::xid8) OVER (ORDER BY s.id) AS follows
        FROM spine_seal s
    )
    SELECT COALESCE(sum(c.rows), 0)::bigint,
           array_agg(c.id) FILTER (WHERE c.digest <> sha256(c.before || now_is.digest)
                                      OR c.rows <> now_is.rows OR c.from_xid <> c.follows),
           (SELECT array_agg(h.id) FROM spine_history h
            WHERE h.salt IS NOT NULL AND h.digest <> tw_digest(h.salt, h.old, h.new))
    FROM chain c, LATERAL tw_sealed_rows(c.from_xid, c.until_xid) now_is
$$;
