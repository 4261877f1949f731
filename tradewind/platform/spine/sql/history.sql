-- One trigger for every table: the fields that a statement changed, with the command that did it.
-- The salt keeps a digest from telling erased values; erasure blanks values and salt and keeps the digest.
CREATE OR REPLACE FUNCTION tw_history() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        INSERT INTO spine_history (table_name, row_id, op, old, new, command_id, salt, digest)
        SELECT TG_TABLE_NAME, c.id, 'update', c.old, c.new,
               NULLIF(current_setting('tw.command', true), '')::bigint, c.salt,
               tw_digest(c.salt, c.old, c.new)
        FROM (SELECT o.id, gen_random_uuid() AS salt,
                     (SELECT jsonb_object_agg(key, value) FROM jsonb_each(to_jsonb(o))
                      WHERE to_jsonb(n) -> key IS DISTINCT FROM value) AS old,
                     (SELECT jsonb_object_agg(key, value) FROM jsonb_each(to_jsonb(n))
                      WHERE to_jsonb(o) -> key IS DISTINCT FROM value) AS new
              FROM old_rows o JOIN new_rows n USING (id)) c
        WHERE c.old IS NOT NULL;
    ELSE
        INSERT INTO spine_history (table_name, row_id, op, old, new, command_id, salt, digest)
        SELECT TG_TABLE_NAME, c.id, 'delete', c.old, NULL,
               NULLIF(current_setting('tw.command', true), '')::bigint, c.salt,
               tw_digest(c.salt, c.old, NULL)
        FROM (SELECT o.id, gen_random_uuid() AS salt, to_jsonb(o) AS old FROM old_rows o) c;
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION tw_digest(salt uuid, old jsonb, new jsonb) RETURNS bytea LANGUAGE sql IMMUTABLE AS
$$ SELECT sha256(convert_to(concat_ws(E'\x1f', salt::text, old::text, new::text), 'UTF8')) $$;

CREATE OR REPLACE FUNCTION tw_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: correct it by a reversal', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
