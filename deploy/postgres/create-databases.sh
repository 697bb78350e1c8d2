#!/bin/sh
# Run once by the PostgreSQL image on an empty volume: a database and a role for each program, which sees no other.
set -eu

create() {
    psql --set=ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
        --set=name="$1" --set=password="$2" <<'SQL'
CREATE ROLE :"name" LOGIN PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"name" ENCODING 'UTF8' TEMPLATE template0;
REVOKE CONNECT ON DATABASE :"name" FROM PUBLIC;
SQL
}

create crm "$CRM_DATABASE_PASSWORD"
create gateway "$GATEWAY_DATABASE_PASSWORD"
create trackers "$TRACKERS_DATABASE_PASSWORD"
