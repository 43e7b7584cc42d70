"""Texts that somebody might smuggle into a statement, by where they would stand; ``{role}`` is another tenant's."""

# What is wanted: another tenant's managers, and the platform's operators.
THEIRS = "SELECT email FROM t_sued.accounts_user"
OPERATORS = "SELECT email FROM public.accounts_user"
HOP = "set_config('role', '{role}', false)"
AS_TEXT = "SELECT to_tsvector(''simple'', email) FROM t_sued.accounts_user"

# Expressions: each may stand wherever a value may.
EXPRESSIONS = {
    "another tenant's table": f"({THEIRS} LIMIT 1)",
    "the operators' table": f"({OPERATORS} LIMIT 1)",
    "the role": HOP,
    "the role, then their words": f"({HOP} || (SELECT string_agg(word, ' ') FROM ts_stat('{AS_TEXT}')))",
    "the role, then a query as XML": f"({HOP} || query_to_xml('{THEIRS}', true, false, '')::text)",
    "the platform's role": "(set_config('role', '{platform}', false)"
                           f" || query_to_xml('{OPERATORS}', true, false, '')::text)",
    "the login's role": f"(set_config('role', 'none', false) || ({HOP}))",
    "the role by a quoted name": "\"set_config\"('role', '{role}', false)",
    "the role by a qualified name": "pg_catalog.set_config('role', '{role}', false)",
    "the role in capitals": "SET_CONFIG('role', '{role}', false)",
    "the role by a Unicode escape": "U&\"set\\005fconfig\"('role', '{role}', false)",
    "the role by a Unicode escape of another sign": "U&\"set!005fconfig\" UESCAPE '!' ('role', '{role}', false)",
    "the role with a comment inside": "set_config/**/('role', '{role}', false)",
    "the path": "set_config('search_path', 't_sued', false)",
    "a query in dollar quotes": f"({HOP} || (SELECT string_agg(word, ' ') FROM ts_stat("
                                "$$SELECT to_tsvector('simple', email) FROM t_sued.accounts_user$$)))",
    "a table as XML": f"({HOP} || table_to_xml('t_sued.accounts_user', true, false, '')::text)",
    "a schema as XML": f"({HOP} || schema_to_xml('t_sued', true, false, '')::text)",
    "the tenants' names": "(SELECT string_agg(nspname, ' ') FROM pg_namespace)",
    "the tenants' roles": "(SELECT string_agg(rolname, ' ') FROM pg_catalog.pg_roles)",
    "the tenants' tables": "(SELECT string_agg(table_schema || '', ' ') FROM information_schema.tables)",
    "the tenants' rows by number": "(SELECT string_agg(relname || n_live_tup, ' ') FROM pg_stat_all_tables)",
    "names by number": "(SELECT string_agg(g::oid::regrole::text, ' ') FROM generate_series(16384, 22000) g)",
    "schemas by number": "(SELECT string_agg(g::oid::regnamespace::text, ' ') FROM generate_series(16384, 22000) g)",
    "names by an array": "('{{16384,16385,16386,16387,16388,16389,16390}}'::_regrole)::text",
    "names by a right": "(SELECT string_agg(acldefault('r', g::oid)::text, ' ') FROM generate_series(16384, 22000) g)",
    "sessions": "(SELECT string_agg(usename || '', ' ') FROM pg_stat_activity)",
    "a setting through the view": "(SELECT setting FROM pg_settings WHERE name = 'role')",
    "a large object": "lo_from_bytea(0, 'x')::text",
    "a notification": "pg_notify('x', 'y')::text",
}  # fmt: skip

# Where an expression may stand in a statement on the tenant's own table.
POSITIONS = {
    "column": "SELECT id, {} AS email FROM accounts_user",
    "where": "SELECT id, email FROM accounts_user WHERE email <> ({})::text",
    "string": "SELECT id, email FROM accounts_user WHERE email = '' OR ({})::text <> ''",
    "order": "SELECT id, email FROM accounts_user ORDER BY ({})::text",
    "limit": "SELECT id, email FROM accounts_user LIMIT length(({})::text)",
    "subquery": "SELECT id, email FROM accounts_user WHERE email IN (SELECT ({})::text)",
    "with": "WITH stolen AS MATERIALIZED (SELECT ({})::text AS email) SELECT 1 AS id, email FROM stolen",
    "argument": "SELECT id, coalesce(({})::text, email) AS email FROM accounts_user",
    "union": "SELECT id, email FROM accounts_user UNION ALL SELECT 0, ({})::text",
    "from": "SELECT 1 AS id, stolen::text AS email FROM (SELECT ({})::text) stolen",
    "case": "SELECT id, CASE WHEN ({})::text IS NULL THEN email END AS email FROM accounts_user",
    "group": "SELECT min(id) AS id, max(email) AS email FROM accounts_user GROUP BY ({})::text",
    "having": "SELECT 1 AS id, max(email) AS email FROM accounts_user HAVING max(email) <> ({})::text",
    "returning": "UPDATE accounts_user SET first_name = first_name RETURNING id, ({})::text AS email",
}

OWN = "SELECT id, email FROM accounts_user WHERE email = '"

# Whole texts: what follows a broken-out string, or stands alone.
STATEMENTS = {
    "stacked role": OWN + '\'; SET ROLE "{role}"; ' + THEIRS,
    "stacked role behind a comment": OWN + '\'; SET ROLE "{role}"; ' + THEIRS + " --'",
    "stacked behind a block comment": OWN + '\' /* ; */; SET ROLE "{role}"; ' + THEIRS,
    "stacked in a nested comment": OWN + '\'/*/**/*/; SET ROLE "{role}"; ' + THEIRS,
    "stacked behind a string with a semicolon": OWN + ';\'; SET ROLE "{role}"; ' + THEIRS,
    "stacked behind a doubled quote": OWN + "'''; SET ROLE x'; SET ROLE \"{role}\"; " + THEIRS,
    "stacked behind a backslash": OWN + '\\\'; SET ROLE "{role}"; ' + THEIRS,
    "stacked behind an escape string": "SELECT E'\\''; SET ROLE \"{role}\"; " + THEIRS,
    "stacked behind dollars": 'SELECT $$\'$$; SET ROLE "{role}"; ' + THEIRS,
    "stacked behind tagged dollars": 'SELECT $a$\'$$;$a$; SET ROLE "{role}"; ' + THEIRS,
    "stacked behind a quoted name": 'SELECT 1 AS "\'"; SET ROLE "{role}"; ' + THEIRS,
    "stacked behind a line comment": 'SELECT 1 --\'\n; SET ROLE "{role}"; ' + THEIRS,
    "stacked platform": OWN + '\'; SET ROLE "{platform}"; ' + OPERATORS,
    "stacked reset": OWN + '\'; RESET ROLE; SET ROLE "{role}"; ' + THEIRS,
    "stacked session": OWN + '\'; SET SESSION AUTHORIZATION DEFAULT; SET ROLE "{role}"; ' + THEIRS,
    "stacked path": OWN + "'; SET search_path = t_sued; SELECT email FROM accounts_user",
    "stacked end": OWN + '\'; COMMIT; SET ROLE "{role}"; ' + THEIRS,
    "role": 'SET ROLE "{role}"',
    "role for the transaction": 'SET LOCAL ROLE "{role}"',
    "role for the session": 'SET SESSION ROLE "{role}"',
    "role as a setting": "SET role = '{role}'",
    "role as a setting, to": 'SET role TO "{role}"',
    "role in brackets": '(SET ROLE "{role}")',
    "role behind blanks": '\n\t SET\n ROLE\t"{role}"',
    "role behind a comment": '/* SELECT */ SET ROLE "{role}"',
    "reset": "RESET ROLE",
    "reset all": "RESET ALL",
    "discard": "DISCARD ALL",
    "session": "SET SESSION AUTHORIZATION DEFAULT",
    "path": "SET search_path = t_sued, public",
    "rolled back": "ROLLBACK",
    "rolled back further": "ROLLBACK TO SAVEPOINT x",
    "do": "DO $$ BEGIN PERFORM set_config('role', '{role}', false); END $$",
    "do in a string": "DO 'BEGIN SET ROLE \"{role}\"; END'",
    "prepare": "PREPARE hop AS " + THEIRS,
    "execute": "EXECUTE hop",
    "explain": "EXPLAIN ANALYZE SELECT " + HOP,
    "copy": "COPY t_sued.accounts_user (email) TO STDOUT",
    "copy a query": "COPY (SELECT " + HOP + ") TO STDOUT",
    "copy to a program": "COPY accounts_user TO PROGRAM 'cat'",
    "listen": "LISTEN x",
    "notify": "NOTIFY x, 'y'",
    "a temporary table": "CREATE TEMPORARY TABLE accounts_user (email text)",
    "a temporary table by select": "SELECT 1 AS email INTO TEMPORARY stolen",
    "a temporary function": "CREATE FUNCTION pg_temp.hop() RETURNS text LANGUAGE sql AS 'SELECT 1'",
    "a setting through the view": "UPDATE pg_settings SET setting = '{role}' WHERE name = 'role'",
    "a setting of the role": "ALTER ROLE CURRENT_USER SET search_path = t_sued",
    "a cursor": "DECLARE hop CURSOR FOR " + THEIRS,
    "a lock": "LOCK TABLE t_sued.accounts_user",
    "a call": "CALL hop()",
    "a table": "TABLE t_sued.accounts_user",
    "values": "VALUES ((" + HOP + "))",
    "an insert": "INSERT INTO accounts_user (email) SELECT " + HOP,
}

# What must not come back: rows of another tenant, of operators, and the name of another tenant.
MARKS = ("manager@sued.example", "olga@operators.example", "t_sued")
