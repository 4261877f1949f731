-- Acts with what they changed, newest first, for whoever the application says may search the record; the setting
-- is taken with the actor. Runs as the owner, who alone reads history.
CREATE OR REPLACE FUNCTION tw_audit(who bigint, act text, on_resource text, on_object bigint, first timestamptz,
                                    last timestamptz, words text, before bigint, most integer)
RETURNS TABLE (id bigint, at timestamptz, name text, actor text, person_id bigint, resource text, object_id bigint,
               why text, request text, seal_id bigint, changes text, changed bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF current_setting('tw.audits', true) IS DISTINCT FROM 'yes' THEN
        RAISE EXCEPTION 'the record is searched with the right to' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN QUERY
    SELECT c.id, c.at, c.name::text, c.actor::text, c.person_id, c.resource::text, c.object_id, c.why, c.request::text,
           c.seal_id, h.changes::text, h.changed
    FROM (SELECT * FROM spine_command k
          WHERE (who IS NULL OR k.person_id = who OR (who = 0 AND k.person_id IS NOT NULL))
            AND (act IS NULL OR k.name LIKE ANY (string_to_array(act, ' ')))
            AND (on_resource IS NULL OR k.resource = on_resource) AND (on_object IS NULL OR k.object_id = on_object)
            AND (tw_audit.first IS NULL OR k.at >= tw_audit.first) AND (tw_audit.last IS NULL OR k.at < tw_audit.last)
            AND (words IS NULL OR k.why ILIKE words) AND (before IS NULL OR k.id < before)
          ORDER BY k.id DESC LIMIT most) c
    LEFT JOIN LATERAL (
        SELECT json_agg(json_build_object('table', o.table_name, 'row', o.row_id, 'op', o.op, 'old', o.old,
                                          'new', o.new) ORDER BY o.id) AS changes, max(o.every) AS changed
        FROM (SELECT *, count(*) OVER () AS every FROM spine_history s WHERE s.command_id = c.id ORDER BY s.id LIMIT 20) o
    ) h ON true
    ORDER BY c.id DESC;
END $$;

REVOKE EXECUTE ON FUNCTION tw_audit(bigint, text, text, bigint, timestamptz, timestamptz, text, bigint, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tw_audit(bigint, text, text, bigint, timestamptz, timestamptz, text, bigint, integer)
TO tw_app, tw_wide;

-- Blanks what history keeps of one row's personal columns. Only while an act of erasing that very row is running: the
-- record names who did it. Digests stay, so the seals do not break; what is blanked is no longer checked.
CREATE OR REPLACE FUNCTION tw_erase(of_table text, of_row bigint, columns text[]) RETURNS bigint LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    blanked bigint;
BEGIN
    IF NOT EXISTS (SELECT FROM spine_command c WHERE c.id = NULLIF(current_setting('tw.command', true), '')::bigint
                   AND c.name LIKE '%.erase' AND c.object_id = of_row AND c.seal_id IS NULL) THEN
        RAISE EXCEPTION 'only an act of erasing blanks history' USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE spine_history SET old = NULL, new = NULL, salt = NULL
    WHERE table_name = of_table AND row_id = of_row AND (old ?| columns OR new ?| columns);
    GET DIAGNOSTICS blanked = ROW_COUNT;
    RETURN blanked;
END $$;

REVOKE EXECUTE ON FUNCTION tw_erase(text, bigint, text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tw_erase(text, bigint, text[]) TO tw_wide;
