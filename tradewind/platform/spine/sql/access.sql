-- Read once per statement by the policies: who acts, and how far they see in one resource.
CREATE OR REPLACE FUNCTION tw_person() RETURNS bigint LANGUAGE sql STABLE AS
$$ SELECT NULLIF(current_setting('tw.person', true), '')::bigint $$;

CREATE OR REPLACE FUNCTION tw_persons(resource text) RETURNS bigint[] LANGUAGE sql STABLE AS
$$ SELECT current_setting('tw.persons_' || replace(resource, '.', '_'), true)::bigint[] $$;

CREATE OR REPLACE FUNCTION tw_units(resource text) RETURNS bigint[] LANGUAGE sql STABLE AS
$$ SELECT current_setting('tw.units_' || replace(resource, '.', '_'), true)::bigint[] $$;
