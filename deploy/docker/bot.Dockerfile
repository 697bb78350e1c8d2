# syntax=docker/dockerfile:1
# The assistant, with the model trained from the data in this checkout.
FROM python:3.10-slim-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends build-essential && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY scripts scripts
COPY shopdesk/__init__.py shopdesk/progress.py shopdesk/
COPY bot/pyproject.toml bot/uv.lock bot/
RUN python scripts/set_up.py bot
COPY data/nlu data/nlu
COPY bot bot
RUN cd bot && .venv/bin/python -m train_model --output /app/models --name assistant

FROM python:3.10-slim-bookworm
WORKDIR /app/bot
ENV PATH=/app/bot/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 RASA_TELEMETRY_ENABLED=false \
    SHOPDESK_HOME=/tmp SHOPDESK_BOT_MODELS=/app/models SHOPDESK_BIND=0.0.0.0 SHOPDESK_ENVIRONMENT=production
RUN useradd --uid 10001 --no-create-home shopdesk
COPY --from=build /app/bot /app/bot
COPY --from=build /app/data /app/data
COPY --from=build /app/models /app/models
USER 10001
EXPOSE 5005
CMD ["python", "-m", "run_bot"]
