-- What PostgreSQL lets everybody do, and no tenant may. Run once for each database, as a superuser:
--
--     psql -U postgres -d quartett -v owner=quartett_owner -v app=quartett_app -f tenants/isolation/postgresql/close.sql
--     manage.py migrate
--
-- It takes from PUBLIC what makes SQL out of text, what changes a session's settings, large objects, notifications, and
-- every view and function that tells of others, and gives all of it to the two logins. A tenant's role has none of it:
-- it is not what the login may do that counts there, but what the role may. The owner may pass on what the platform's
-- role needs, which `migrate` does (tenants/isolation/grants.py). Running it again changes nothing.

\set ON_ERROR_STOP on

-- Functions: out of everybody's hands but for those that a tenant's own statements need.
SELECT format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', oid::regprocedure),
       format('GRANT EXECUTE ON FUNCTION %s TO %I WITH GRANT OPTION', oid::regprocedure, :'owner'),
       format('GRANT EXECUTE ON FUNCTION %s TO %I', oid::regprocedure, :'app')
  FROM pg_proc
 WHERE pronamespace = 'pg_catalog'::regnamespace AND prokind = 'f' AND has_function_privilege('public', oid, 'EXECUTE')
   AND (proname ~ '^(set_config|ts_stat|ts_rewrite|lo_.*|loread|lowrite|aclexplode|acldefault|makeaclitem)$'
        OR proname ~ '_to_xml(schema|_and_xmlschema)?$' OR proname ~ '_description$' OR proname = 'format_type'
        -- Those without an underscore of their own are parts of types and operators.
        OR proname ~ '^pg_(?!sleep|backend_pid$|typeof$|column_size$|client_encoding$|(try_)?advisory_|get_serial_sequence$'
                     '|(lsn|snapshot|node_tree|ndistinct|dependencies|mcv_list|ddl_command)_)')
\gexec

-- Tables and views of the catalog: they name every tenant, count its rows and tell of its sessions.
SELECT format('REVOKE ALL ON %s FROM PUBLIC', oid::regclass),
       format('GRANT SELECT ON %s TO %I WITH GRANT OPTION', oid::regclass, :'owner'),
       format('GRANT SELECT ON %s TO %I', oid::regclass, :'app')
  FROM pg_class
 WHERE relnamespace IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace) AND relkind IN ('r', 'v')
   AND EXISTS (SELECT FROM aclexplode(relacl) WHERE grantee = 0)
\gexec

-- Programs, which a statement could otherwise bring along (DO), and temporary tables, which hide others of their name.
SELECT format('REVOKE USAGE ON LANGUAGE %I FROM PUBLIC', lanname), format('GRANT USAGE ON LANGUAGE %I TO %I', lanname, :'owner')
  FROM pg_language WHERE lanpltrusted
\gexec
SELECT format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database())
\gexec
