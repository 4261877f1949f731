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

-- Does the right to see this resource reach the whole company? " customers_customer=all "
CREATE OR REPLACE FUNCTION tw_sees_all(resource text) RETURNS boolean LANGUAGE sql STABLE AS
$$ SELECT COALESCE(strpos(current_setting('tw.reach', true),
                          ' ' || replace(resource, '.', '_') || '=all ') > 0, false) $$;

-- The person acting, and whoever they stand in for; and the units they work in today.
CREATE OR REPLACE FUNCTION tw_selves() RETURNS bigint[] LANGUAGE sql STABLE AS
$$ SELECT NULLIF(current_setting('tw.selves', true), '')::bigint[] $$;

CREATE OR REPLACE FUNCTION tw_teams() RETURNS bigint[] LANGUAGE sql STABLE AS
$$ SELECT NULLIF(current_setting('tw.teams', true), '')::bigint[] $$;

-- The rows of one resource that were shared with whoever acts, or with their team; or only those to be changed.
CREATE OR REPLACE FUNCTION tw_shared(of_resource text, to_change boolean) RETURNS bigint[] LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT ARRAY(SELECT s.object_id FROM spine_share s WHERE s.resource = of_resource
                AND (s.person_id = ANY (tw_selves()) OR s.unit_id = ANY (tw_teams()))
                AND (s.may_change OR NOT to_change)) $$;

-- tw.guarded names the resources of which the actor may know every column.
CREATE OR REPLACE FUNCTION tw_knows(resource text) RETURNS boolean LANGUAGE sql STABLE AS
$$ SELECT COALESCE(strpos(current_setting('tw.guarded', true), ' ' || replace(resource, '.', '_') || ' ') > 0, false) $$;

-- tw.pool names the resources whose rows without an owner are open to this actor: " customers_customer ".
CREATE OR REPLACE FUNCTION tw_pool(resource text) RETURNS boolean LANGUAGE sql STABLE AS
$$ SELECT COALESCE(strpos(current_setting('tw.pool', true), ' ' || replace(resource, '.', '_') || ' ') > 0, false) $$;
