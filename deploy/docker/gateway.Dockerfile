# syntax=docker/dockerfile:1
# The gateway with the built widget. Same steps as `make setup`, with this program's dependencies only.
FROM python:3.12-slim-bookworm AS build
WORKDIR /app
COPY scripts scripts
COPY shopdesk/__init__.py shopdesk/progress.py shopdesk/
COPY gateway/widget gateway/widget
RUN python scripts/set_up.py widget
COPY pyproject.toml uv.lock ./
RUN .tools/bin/uv sync --frozen --no-default-groups --group gateway --group cli --no-install-project --compile-bytecode

FROM python:3.12-slim-bookworm
WORKDIR /app
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    SHOPDESK_HOME=/state SHOPDESK_SHOP=/shop SHOPDESK_BIND=0.0.0.0 SHOPDESK_ENVIRONMENT=production
RUN useradd --uid 10001 --no-create-home shopdesk && install -d -o shopdesk /state
COPY --from=build /app/.venv .venv
COPY shopdesk_schemas shopdesk_schemas
COPY shopdesk shopdesk
COPY gateway gateway
COPY --from=build /app/gateway/widget/dist gateway/widget/dist
USER 10001
EXPOSE 8080
CMD ["python", "-m", "gateway"]
