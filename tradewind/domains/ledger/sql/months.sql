-- A closed month never changes, whoever writes and by whatever door.

-- The first day that is open: after the last closed month, else the first day there is.
CREATE OR REPLACE FUNCTION tw_open_from() RETURNS date LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS
$$ SELECT COALESCE((max(starts_on) + interval '1 month')::date, date '0001-01-01') FROM ledger_month WHERE is_closed $$;

-- Nothing is dated into a closed month, and its sums stay. Whoever writes waits for a closing under way, and
-- a closing for whoever writes; what is closed is asked after that.
CREATE OR REPLACE FUNCTION tw_closed_months_stay() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    earliest date;
BEGIN
    IF TG_TABLE_NAME = 'ledger_entry' THEN
        SELECT min(credited_on) INTO earliest FROM new_rows;
    ELSIF TG_OP = 'INSERT' THEN
        SELECT min(month) INTO earliest FROM new_rows;
    ELSIF TG_OP = 'DELETE' THEN
        SELECT min(month) INTO earliest FROM old_rows;
    ELSE
        SELECT min(month) INTO earliest FROM (SELECT month FROM old_rows UNION ALL SELECT month FROM new_rows) both_rows;
    END IF;
    IF earliest IS NULL THEN
        RETURN NULL;
    END IF;
    PERFORM pg_advisory_xact_lock_shared(hashtext('tradewind.ledger'));
    IF earliest < tw_open_from() THEN
        RAISE EXCEPTION 'the month of % is closed', earliest USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION tw_closed_months_stay() FROM PUBLIC;

CREATE OR REPLACE TRIGGER tw_closed_months_stay AFTER INSERT ON ledger_entry
REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION tw_closed_months_stay();
CREATE OR REPLACE TRIGGER tw_closed_months_insert AFTER INSERT ON ledger_rollup
REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION tw_closed_months_stay();
CREATE OR REPLACE TRIGGER tw_closed_months_update AFTER UPDATE ON ledger_rollup
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION tw_closed_months_stay();
CREATE OR REPLACE TRIGGER tw_closed_months_delete AFTER DELETE ON ledger_rollup
REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION tw_closed_months_stay();

-- What each measure adds up to in each month, with a digest over every entry in their order.
CREATE OR REPLACE FUNCTION tw_month_sums(since date, until date)
RETURNS TABLE (starts_on date, measure varchar, entries bigint, value numeric, digest bytea)
LANGUAGE sql STABLE SET search_path = public, pg_temp SET datestyle = 'ISO' AS $$
    SELECT date_trunc('month', e.credited_on)::date, e.measure, count(*), sum(e.value),
           sha256(string_agg(sha256(convert_to(ROW(e.id, e.credited_on, e.corrects_on, e.value, e.person_id,
               e.unit_id, e.unit_path, e.customer_id, e.product_id, e.about_id, e.source_id, e.line, e.posting,
               e.reverses_id)::text, 'UTF8')), ''::bytea ORDER BY e.id))
    FROM ledger_entry e WHERE e.credited_on >= since AND e.credited_on < until GROUP BY 1, 2
$$;

-- The months are written here alone: while the act that asks for it is recorded in the same transaction.
CREATE OR REPLACE FUNCTION tw_running(wanted text) RETURNS bigint LANGUAGE plpgsql STABLE
SET search_path = public, pg_temp AS $$
DECLARE
    act bigint;
BEGIN
    SELECT id INTO act FROM spine_command
    WHERE id = NULLIF(current_setting('tw.command', true), '')::bigint AND name = wanted
      AND at >= transaction_timestamp();
    IF act IS NULL THEN
        RAISE EXCEPTION 'only the command % does this', wanted USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN act;
END $$;
REVOKE EXECUTE ON FUNCTION tw_running(text) FROM PUBLIC;

-- Close every open month from `first` through `last` and keep their sums. Returns how many were closed.
CREATE OR REPLACE FUNCTION tw_close_months(first date, last date, who bigint) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    act bigint := tw_running('ledger.month.close');
    done integer;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('tradewind.ledger'));
    IF first > last OR first < tw_open_from()
       OR EXISTS (SELECT FROM ledger_month WHERE is_closed AND tw_open_from() < first)
       OR EXISTS (SELECT FROM ledger_entry WHERE credited_on < first AND credited_on >= tw_open_from()) THEN
        RAISE EXCEPTION 'months are closed one after the other' USING ERRCODE = 'restrict_violation';
    END IF;
    INSERT INTO ledger_month (public_id, version, starts_on, is_closed, done_by_id, done_at, reason, command_id)
    SELECT gen_random_uuid(), 1, one::date, true, who, now(), '', act
    FROM generate_series(first::timestamp, last::timestamp, interval '1 month') one
    ON CONFLICT (starts_on) DO UPDATE SET is_closed = true, version = ledger_month.version + 1,
        done_by_id = who, done_at = now(), reason = '', command_id = act;
    GET DIAGNOSTICS done = ROW_COUNT;
    INSERT INTO ledger_monthsum (month_id, measure, entries, value, digest)
    SELECT m.id, s.measure, s.entries, s.value, s.digest
    FROM tw_month_sums(first, (last + interval '1 month')::date) s JOIN ledger_month m USING (starts_on);
    RETURN done;
END $$;

-- Open the last closed month again.
CREATE OR REPLACE FUNCTION tw_reopen_month(one date, who bigint, why text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    act bigint := tw_running('ledger.month.reopen');
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('tradewind.ledger'));
    IF one IS DISTINCT FROM (SELECT max(starts_on) FROM ledger_month WHERE is_closed) OR trim(why) = '' THEN
        RAISE EXCEPTION 'the last closed month is reopened, with a reason' USING ERRCODE = 'restrict_violation';
    END IF;
    DELETE FROM ledger_monthsum WHERE month_id = (SELECT id FROM ledger_month WHERE starts_on = one);
    UPDATE ledger_month SET is_closed = false, version = version + 1, done_by_id = who, done_at = now(),
        reason = why, command_id = act WHERE starts_on = one;
END $$;

REVOKE EXECUTE ON FUNCTION tw_close_months(date, date, bigint), tw_reopen_month(date, bigint, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tw_close_months(date, date, bigint), tw_reopen_month(date, bigint, text) TO tw_wide;
REVOKE INSERT, UPDATE, DELETE ON ledger_month, ledger_monthsum FROM tw_wide;
