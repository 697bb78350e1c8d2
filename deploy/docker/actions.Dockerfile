# syntax=docker/dockerfile:1
# The action server. It keeps no state.
FROM python:3.12-slim-bookworm AS build
WORKDIR /app
COPY scripts scripts
COPY shopdesk/__init__.py shopdesk/progress.py shopdesk/
RUN python scripts/set_up.py tools
COPY pyproject.toml uv.lock ./
RUN .tools/bin/uv sync --frozen --no-default-groups --group actions --no-install-project --compile-bytecode

FROM python:3.12-slim-bookworm
WORKDIR /app
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    SHOPDESK_HOME=/tmp SHOPDESK_BIND=0.0.0.0 SHOPDESK_ENVIRONMENT=production
RUN useradd --uid 10001 --no-create-home shopdesk
COPY --from=build /app/.venv .venv
COPY shopdesk_schemas shopdesk_schemas
COPY actions actions
USER 10001
EXPOSE 5055
CMD ["python", "-m", "actions"]
