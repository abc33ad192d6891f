-- The four roles and what the database itself grants them; rights on tables are given by the migrations.
-- May run again and again, as superuser, with psql. Passwords are psql variables (owner_password, app_password,
-- keeper_password, backup_password); without them the roles have none, and only a socket that trusts lets them in.
\set ON_ERROR_STOP on
\if :{?database}
\else
\set database wor
\endif
SET client_min_messages = warning;

SELECT format('CREATE ROLE %I', name) FROM unnest(ARRAY['wor_owner', 'wor_app', 'wor_keeper', 'wor_backup']) AS name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec

-- The owner passes the policies: without that a data migration changes 0 rows and says nothing.
ALTER ROLE wor_owner LOGIN BYPASSRLS CREATEDB NOSUPERUSER NOCREATEROLE NOREPLICATION;
ALTER ROLE wor_app LOGIN NOBYPASSRLS NOCREATEDB NOSUPERUSER NOCREATEROLE NOREPLICATION;
ALTER ROLE wor_keeper LOGIN NOBYPASSRLS NOCREATEDB NOSUPERUSER NOCREATEROLE NOREPLICATION;
ALTER ROLE wor_backup LOGIN BYPASSRLS NOCREATEDB NOSUPERUSER NOCREATEROLE NOREPLICATION;

\if :{?owner_password}
ALTER ROLE wor_owner PASSWORD :'owner_password';
\endif
\if :{?app_password}
ALTER ROLE wor_app PASSWORD :'app_password';
\endif
\if :{?keeper_password}
ALTER ROLE wor_keeper PASSWORD :'keeper_password';
\endif
\if :{?backup_password}
ALTER ROLE wor_backup PASSWORD :'backup_password';
\endif

ALTER ROLE wor_app SET statement_timeout = '10s';
ALTER ROLE wor_app SET idle_in_transaction_session_timeout = '60s';
-- A client page joins fifteen tables to one row, each by its key, in the order in which Django writes them. With
-- PostgreSQL's usual 8 that statement took 48 to 72 ms, nearly all of it planning, with 4 it took 10 to 14 (load 5).
ALTER ROLE wor_app SET join_collapse_limit = 4;
GRANT pg_read_all_data TO wor_backup;
ALTER ROLE wor_backup SET default_transaction_read_only = on;

SELECT format('CREATE DATABASE %I OWNER wor_owner', :'database')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') \gexec
ALTER DATABASE :"database" OWNER TO wor_owner;
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"database" TO wor_owner, wor_app, wor_keeper, wor_backup;

\connect :"database"
ALTER SCHEMA public OWNER TO wor_owner;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO wor_app, wor_keeper, wor_backup;
