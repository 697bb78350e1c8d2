# syntax=docker/dockerfile:1
# Finishes erasures in all three databases: the only image with the CRM's and the gateway's code. It serves nothing.
FROM python:3.12-slim-bookworm AS build
WORKDIR /app
COPY scripts scripts
COPY shopdesk/__init__.py shopdesk/progress.py shopdesk/
RUN python scripts/set_up.py tools
COPY pyproject.toml uv.lock ./
RUN .tools/bin/uv sync --frozen --no-default-groups --group crm --group gateway --group cli --no-install-project --compile-bytecode

FROM python:3.12-slim-bookworm
WORKDIR /app
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    SHOPDESK_HOME=/tmp SHOPDESK_SHOP=/shop SHOPDESK_ENVIRONMENT=production
RUN useradd --uid 10001 --no-create-home shopdesk
COPY --from=build /app/.venv .venv
COPY shopdesk_schemas shopdesk_schemas
COPY shopdesk shopdesk
COPY crm_backend crm_backend
COPY gateway gateway
USER 10001
CMD ["python", "-m", "shopdesk.people.following"]
