# Stands in for postgres:15 where no registry of images can be reached: the same variables, data folder and user.
FROM debian:12-slim
RUN apt-get update && apt-get install -y --no-install-recommends postgresql-15 && rm -rf /var/lib/apt/lists/* /var/lib/postgresql/15
ENV PATH=/usr/lib/postgresql/15/bin:$PATH PGDATA=/var/lib/postgresql/data
COPY postgres-entrypoint /entrypoint
ENTRYPOINT ["/entrypoint"]
