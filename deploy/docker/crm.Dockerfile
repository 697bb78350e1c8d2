# syntax=docker/dockerfile:1
# The CRM, its migrations and its import and export commands.
FROM python:3.12-slim-bookworm AS build
WORKDIR /app
COPY scripts scripts
COPY shopdesk/__init__.py shopdesk/progress.py shopdesk/
RUN python scripts/set_up.py tools
COPY pyproject.toml uv.lock ./
RUN .tools/bin/uv sync --frozen --no-default-groups --group crm --group cli --no-install-project --compile-bytecode

FROM python:3.12-slim-bookworm
WORKDIR /app
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    SHOPDESK_HOME=/state SHOPDESK_SHOP=/shop SHOPDESK_BIND=0.0.0.0 SHOPDESK_ENVIRONMENT=production
RUN useradd --uid 10001 --no-create-home shopdesk && install -d -o shopdesk /state
COPY --from=build /app/.venv .venv
COPY shopdesk_schemas shopdesk_schemas
COPY shopdesk shopdesk
COPY crm_backend crm_backend
USER 10001
EXPOSE 8001
CMD ["python", "-m", "crm_backend"]
