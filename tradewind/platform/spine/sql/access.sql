-- Read once per statement by the policies: who acts, and how far they see in one resource.
CREATE OR REPLACE FUNCTION tw_person() RETURNS bigint LANGUAGE sql STABLE AS
$$ SELECT NULLIF(current_setting('tw.person', true), '')::bigint $$;

-- tw.reach names the resources that do not share the first reach: " customers_customer=1 orders_order=2 ".
CREATE OR REPLACE FUNCTION tw_reach(resource text) RETURNS text LANGUAGE sql STABLE AS
$$ SELECT COALESCE(substring(current_setting('tw.reach', true)
                             FROM ' ' || replace(resource, '.', '_') || '=([0-9]+) '), '0') $$;

CREATE OR REPLACE FUNCTION tw_persons(resource text) RETURNS bigint[] LANGUAGE sql STABLE AS
$$ SELECT NULLIF(current_setting('tw.persons_' || tw_reach(resource), true), '')::bigint[] $$;

CREATE OR REPLACE FUNCTION tw_units(resource text) RETURNS bigint[] LANGUAGE sql STABLE AS
$$ SELECT NULLIF(current_setting('tw.units_' || tw_reach(resource), true), '')::bigint[] $$;

-- tw.pool names the resources whose rows without an owner are open to this actor: " customers_customer ".
CREATE OR REPLACE FUNCTION tw_pool(resource text) RETURNS boolean LANGUAGE sql STABLE AS
$$ SELECT COALESCE(strpos(current_setting('tw.pool', true), ' ' || replace(resource, '.', '_') || ' ') > 0, false) $$;
