# Stands in for redis:7: the same data folder and user.
FROM debian:12-slim
RUN apt-get update && apt-get install -y --no-install-recommends redis-server && rm -rf /var/lib/apt/lists/*
COPY redis-entrypoint /entrypoint
WORKDIR /data
ENTRYPOINT ["/entrypoint"]
